import type { BotServices } from '../../../bots/bot.ts';
import { createCashier } from '../../../bots/conversation/cashier.ts';
import { createConversation } from '../../../bots/conversation/conversation.ts';
import { createLinks } from '../../../bots/conversation/deep-link.ts';
import type { Database } from '../../../prisma/connect.ts';
import { fixtureServices } from '../conversation/chat.ts';

/** What an adapter works with, over the fixture catalogue. */
export async function botServices(db: Database, log: (line: string) => void): Promise<BotServices> {
  const services = { ...(await fixtureServices(db, log)), links: createLinks() };
  return { ...services, conversation: createConversation(services), cashier: createCashier(services) };
}
