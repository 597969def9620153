/** Sending to people and servers first: pushes, campaigns, posts, and the role for a completed course. */

import { ChannelType, type APIChannel, type APIDMChannel, type APIGuild } from 'discord.js';
import { communities, findCommunity } from '../../core/campaign/community/store.ts';
import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import type { Language, Reply } from '../../core/language/reply.ts';
import type { Database } from '../../prisma/connect.ts';
import type { Channel, Delivery, Place } from '../../queue/ports.ts';
import { keepSent } from '../message/store.ts';
import { createPresses } from '../press/presses.ts';
import { createApi, Routes, type DiscordApi } from './api.ts';
import { sendMessage } from './direct.ts';
import { withDiscussion } from './discussion.ts';
import { code, DiscordFailure, failureOf } from './failure.ts';
import { createRenderer } from './render/message.ts';

export interface DiscordChannelOptions {
  token: string;
  /** Root of Discord's REST API; Discord's own when left out. */
  apiRoot?: string | undefined;
  db: Database;
  /** For the details and the picture of a course; without it there is its text alone. */
  catalogue?: Pick<Catalogue, 'get'>;
  /** For courses that name no currency (ISO 4217). */
  currency?: string;
  /** Takes one line without learner data. */
  log: (line: string) => void;
}

/** Channels of direct messages that this process has seen. */
const REMEMBERED = 10_000;

export function createDiscordChannel(options: DiscordChannelOptions): Channel {
  const { db, log, catalogue, currency = 'CNY' } = options;
  const api = createApi({ ...options, reportLimits: true });
  const courses = { of: (id: string) => catalogue?.get(id), currency };
  const render = createRenderer(createPresses(db), courses, log);
  const directChannels = new Map<string, string>();
  /** Servers of whose missing permission the log was told. */
  const told = new Set<string>();

  return {
    name: 'discord',

    // Discord knows a repeat for some minutes only, so it is not `repeatable`.
    async send(address, reply, language, messageId, further) {
      try {
        const chat = await directChannel(address.chat);
        return await deliver(chat, reply, language, messageId, address.learnerId, further);
      } catch (error) {
        return deliveryOf(error);
      }
    },

    async post(place, reply, language, messageId, further) {
      try {
        const chat = await channelOf(place);
        if (chat === undefined) return { ok: false, kind: 'permanent', cause: 'the server has no channel to post in' };
        const { settings } = (await findCommunity(db, 'discord', place.chat)) ?? {};
        const shown = settings?.discussion === undefined ? reply : withDiscussion(reply);
        return await deliver(chat, shown, language, messageId, undefined, further);
      } catch (error) {
        const failure = failureOf('post', error);
        if (failure.kind === 'missing' || failure.kind === 'unreachable') return { ok: false, kind: 'unreachable' };
        return deliveryOf(failure);
      }
    },

    async reward({ chat }) {
      const all = await communities(db.pool);
      for (const { channel, active, chat: guild, settings } of all) {
        if (channel !== 'discord' || !active || settings.rewardRole === undefined) continue;
        await giveRole(api, guild, chat, settings.rewardRole);
      }
    },
  };

  async function deliver(
    chat: string,
    reply: Reply,
    language: Language,
    messageId: string,
    learnerId: string | undefined,
    further?: () => Promise<void>,
  ): Promise<Delivery> {
    const messages = await render.messages([reply], language);
    let last = '';
    for (const [index, message] of messages.entries()) {
      if (index > 0) await further?.();
      last = await sendMessage(api, chat, message, `${messageId}:${index}`);
      const { course, ref, pages } = message.shows;
      // A press or a reaction leads back to the outbox, whatever the buttons say.
      const kept = { course, ref: ref ?? `m${messageId}`, pages, learnerId };
      if (course !== undefined || pages) await keepSent(db, { channel: 'discord', chat, platformId: last, ...kept });
    }
    return { ok: true, platformId: last };
  }

  async function directChannel(person: string): Promise<string> {
    const known = directChannels.get(person);
    if (known !== undefined) return known;
    const made = await api.post<APIDMChannel>('open direct messages', Routes.userChannels(), {
      body: { recipient_id: person },
    });
    directChannels.set(person, made.id);
    if (directChannels.size > REMEMBERED) directChannels.delete(directChannels.keys().next().value!);
    return made.id;
  }

  /** Where a post goes: its channel, or the server's own for news. */
  async function channelOf({ chat, thread }: Place): Promise<string | undefined> {
    if (thread !== undefined && thread !== '') return thread;
    const guild = await api.get<APIGuild>('look at the server', Routes.guild(chat));
    if (guild.system_channel_id !== null) return guild.system_channel_id;
    const channels = await api.get<APIChannel[]>('look at the channels', Routes.guildChannels(chat));
    return channels.find(({ type }) => type === ChannelType.GuildText)?.id;
  }

  async function giveRole(by: DiscordApi, guild: string, person: string, role: string) {
    try {
      await by.put('give the reward role', Routes.guildMemberRole(guild, person, role));
    } catch (error) {
      const failure = failureOf('give the reward role', error);
      if (failure.code === code.unknownMember || failure.code === code.unknownUser) return;
      if (failure.kind !== 'forbidden' && failure.kind !== 'missing') throw failure;
      if (told.has(guild)) return;
      told.add(guild);
      log(
        `The reward role of the Discord server ${guild} can not be given: let the bot manage roles there, put its own role above the reward role, or choose another with /community role`,
      );
    }
  }
}

/** What a failure means for the message. */
function deliveryOf(error: unknown): Exclude<Delivery, { ok: true }> {
  const failure = error instanceof DiscordFailure ? error : failureOf('send', error);
  switch (failure.kind) {
    case 'unreachable':
      return { ok: false, kind: 'unreachable' };
    case 'rate-limited':
      return {
        ok: false,
        kind: 'rate-limited',
        retryAfterMs: Math.ceil(failure.retryAfterMs),
        ...(failure.everywhere && { everywhere: true }),
      };
    case 'temporary':
    case 'unauthorised':
      // A token that is wrong is mended by the operator, and the message goes out then.
      return { ok: false, kind: 'temporary', cause: failure.message };
    case 'missing':
    case 'forbidden':
    case 'permanent':
      return { ok: false, kind: 'permanent', cause: failure.message };
  }
}
