/** One person at one channel, as the script sees them. */

import { vi } from 'vitest';
import type { BotServices } from '../../../bots/bot.ts';
import { createCashier } from '../../../bots/conversation/cashier.ts';
import { createConversation } from '../../../bots/conversation/conversation.ts';
import { createLinks } from '../../../bots/conversation/deep-link.ts';
import type { Turn } from '../../../bots/conversation/turn.ts';
import type { Reply } from '../../../core/language/reply.ts';
import type { ChannelName } from '../../../core/learner/learner.ts';
import type { Database } from '../../../prisma/connect.ts';
import { fixtureServices } from '../conversation/chat.ts';

export interface Seat {
  channel: ChannelName;
  /** Writes in free text. */
  say(text: string): Promise<void>;
  /** Presses the newest button on offer whose id begins so, turning the pages of a list where it must. */
  press(start: string): Promise<void>;
  command(name: string, argument?: string): Promise<void>;
  /** What is to be read in the chat, markup and escapes of the platform left out. */
  read(): string;
  close(): Promise<void>;
}

/** A turn that reached the assistant, and what it answered. */
export interface Heard {
  turn: Turn;
  replies: Reply[];
}

/** Services whose conversation tells what it hears. */
export async function listeningServices(db: Database, log: (line: string) => void) {
  const services = { ...(await fixtureServices(db, log)), links: createLinks() };
  const conversation = createConversation(services);
  const heard: Heard[] = [];
  const listening: BotServices = {
    ...services,
    cashier: createCashier(services),
    conversation: {
      async handle(turn) {
        const answered = await conversation.handle(turn);
        heard.push({ turn, replies: answered.replies });
        return answered;
      },
    },
  };
  return { services: listening, heard };
}

/** Waits until the bot has answered this many updates of its channel. */
export async function answered(db: Database, channel: ChannelName, updates: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await db.pool.query<{ done: number }>(
        'select count(*)::int as done from updates where channel = $1 and done_at is not null',
        [channel],
      );
      if (rows[0]!.done < updates) throw new Error(`${rows[0]!.done} of ${updates} updates are answered`);
    },
    { interval: 3, timeout: 15_000 },
  );
}
