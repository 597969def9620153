import type { Logger } from 'pino';
import type { BotServices } from '../bots/bot.ts';
import { createConversation, type Conversation } from '../bots/conversation/conversation.ts';
import { createCashier } from '../bots/conversation/cashier.ts';
import { createLinks, type OpenLinks } from '../bots/conversation/deep-link.ts';
import type { Services as ConversationServices } from '../bots/conversation/services.ts';
import { createTelegramApi } from '../bots/telegram/call.ts';
import { createStars } from '../bots/telegram/payments.ts';
import { drawPicture } from '../bots/web/picture.ts';
import type { HttpServices } from './http.ts';
import { createCatalogue, type Catalogue } from '../core/catalogue/catalogue.ts';
import { createSentiment } from '../core/language/sentiment.ts';
import { createUnderstanding } from '../core/language/understanding.ts';
import { exportLearner } from '../core/privacy/export.ts';
import { createServing, type Serving } from '../core/recommend/serving.ts';
import type { Database } from '../prisma/connect.ts';
import type { Settings } from './settings.ts';

/** What answers people, on the web and on every platform. */
export interface AppServices extends HttpServices, BotServices {
  catalogue: Catalogue;
  conversation: Conversation;
  serving: Serving;
  links: OpenLinks;
  /** Makes ready what the first person to look at their profile would wait for. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Everything that answers people, wired over one database. */
export async function createServices(db: Database, settings: Settings, log: Logger): Promise<AppServices> {
  const closing = new AbortController();
  const catalogue = await createCatalogue(db, { searchReady: true, signal: closing.signal });
  const serving = await createServing(db, catalogue, settings.recommend, (line) => log.warn(line));
  const links = createLinks();
  if (settings.publicUrl) links.set('web', (payload) => `${settings.publicUrl}/?start=${payload}`);
  const payments = telegramPayments(settings);
  const services: ConversationServices = {
    db,
    catalogue,
    search: () => catalogue.search(),
    recommender: () => serving.current(),
    understanding: createUnderstanding({
      knows: (term) => catalogue.search().knows(term),
      topics: () => catalogue.topics(),
    }),
    sentiment: createSentiment(),
    currency: settings.currency,
    slate: settings.recommend.slate,
    timeZone: settings.push.defaultTimeZone,
    downloads: { web: '/api/export' },
    links,
    payments,
    referral: settings.referral,
    log: (line) => log.error(line),
  };
  return {
    ...services,
    links,
    serving,
    conversation: createConversation(services),
    cashier: createCashier(services),
    exportPerson: (learnerId) => exportLearner(db, learnerId),
    async warm() {
      const title = { key: 'profile.picture' };
      await drawPicture({ kind: 'interests', title, bars: [{ label: '', share: 1 }] }, 'en');
    },
    close() {
      closing.abort(new Error('The server closes'));
      return serving.close();
    },
  };
}

/** What was paid in Telegram is given back from anywhere, also by a process that does not receive from it. */
function telegramPayments({ platforms, telegram }: Settings): ConversationServices['payments'] {
  const { telegramToken: token, telegramApi: apiRoot, telegramProviderToken: providerToken } = platforms;
  if (token === undefined) return {};
  const api = createTelegramApi({ token, apiRoot });
  return { telegram: createStars(api, { starsPerUnit: telegram.starsPerUnit, providerToken }) };
}
