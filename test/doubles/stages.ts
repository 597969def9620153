import { randomUUID } from 'node:crypto';
import { createDiscordChannel } from '../../bots/discord/channel.ts';
import { createTelegramChannel } from '../../bots/telegram/channel.ts';
import { webChannel } from '../../bots/web/channel.ts';
import type { Address, ChannelName } from '../../core/learner/learner.ts';
import type { Database } from '../../prisma/connect.ts';
import type { Stage, Trouble } from '../contracts/channel.ts';
import type { DiscordDouble, Person } from './discord/index.ts';
import type { TelegramDouble } from './telegram/index.ts';

async function address(db: Database, channel: ChannelName, chat: string): Promise<Address> {
  const { id: learnerId } = await db.prisma.learner.create({ data: { language: 'en' } });
  return { learnerId, channel, chat };
}

export function webStage(db: Database): Stage {
  return {
    channel: webChannel(db),
    async person() {
      const made = await address(db, 'web', randomUUID());
      return { ...made, chat: made.learnerId };
    },
    async read({ learnerId }) {
      const rows = await db.prisma.webInbox.findMany({ where: { learnerId }, orderBy: { id: 'asc' } });
      return rows.map(({ message }) => JSON.stringify(message));
    },
  };
}

/** Of a person's own chat, with numbers that no other test uses. */
let chats = 880_000;

export function telegramStage(db: Database, double: TelegramDouble): Stage {
  const textsTo = (chat: string) =>
    double.calls.flatMap(({ params, failed }) =>
      !failed && params['chat_id'] === chat ? [(params['text'] ?? params['caption'] ?? '') as string] : [],
    );
  return {
    channel: createTelegramChannel({ token: double.token, apiRoot: double.root, db, log: () => {} }),
    person: () => address(db, 'telegram', String(chats++)),
    read: ({ chat }) => Promise.resolve(textsTo(chat)),
    next: (trouble) => double.refuse('sendMessage', atTelegram(trouble)),
    community: {
      place: () => Promise.resolve({ chat: String(-1_000_000 - chats++), thread: '3' }),
      posted: ({ chat }) => Promise.resolve(textsTo(chat)),
    },
  };
}

function atTelegram(trouble: Trouble) {
  if (trouble === 'unreachable') return { error: 403 };
  if (trouble === 'fault') return { error: 502 };
  if (trouble === 'refusal') return { error: 400 };
  if (trouble === 'broken') return 'hang up' as const;
  return { error: 429, retryAfter: trouble.rateLimitedMs / 1_000 };
}

/** discord.js asks so often in all, when Discord itself fails. */
const ASKED = 3;

export function discordStage(db: Database, double: DiscordDouble): Stage {
  const people = new Map<string, Person>();
  const textsIn = (channel: string) =>
    double.world.messagesIn(channel).map(({ content, embeds }) => [content, JSON.stringify(embeds)].join('\n'));
  const messages = /^POST \/channels\/\d+\/messages$/;
  return {
    channel: createDiscordChannel({ token: double.token, apiRoot: double.root, db, log: () => {} }),
    async person() {
      const person = double.person(`person-${chats++}`);
      people.set(person.user.id, person);
      return address(db, 'discord', person.user.id);
    },
    read: ({ chat }) => Promise.resolve(textsIn(double.world.directChannel(people.get(chat)!).id)),
    next(trouble) {
      if (trouble === 'unreachable') double.on(messages, { status: 403, code: 50_007 }, 1);
      else if (trouble === 'fault') double.on(messages, { status: 502 }, ASKED);
      else if (trouble === 'refusal') double.on(messages, { status: 400, code: 50_035 }, 1);
      else if (trouble === 'broken') double.on(messages, { status: 503 }, ASKED);
      else double.on(messages, { status: 429, retryAfter: trouble.rateLimitedMs / 1_000 }, 1);
    },
    community: {
      place() {
        const guild = double.guild(`guild-${chats++}`);
        return Promise.resolve({ chat: guild.id, thread: guild.channels[0]!.id });
      },
      posted: ({ thread }) => Promise.resolve(textsIn(thread!)),
    },
  };
}
