import type { Language } from '../../core/language/reply.ts';
import type { BotServices } from '../bot.ts';
import type { Presses } from '../press/presses.ts';
import type { DiscordApi } from './api.ts';
import type { Renderer } from './render/message.ts';

/** What every part of the adapter works with. */
export interface Desk {
  services: BotServices;
  /** With the bot's token. */
  api: DiscordApi;
  /** For the answers to interactions. */
  answers: DiscordApi;
  presses: Presses;
  render: Renderer;
  /** A host beside Discord's own that attachments may come from. */
  attachmentHost: string | undefined;
  /** Id of the community that a server is. */
  communityOf: (guild: string) => Promise<string>;
}

/** What Discord says that the person speaks; Chinese of every kind is Chinese. */
export const languageOf = (locale: string): Language => (locale.toLowerCase().startsWith('zh') ? 'zh' : 'en');

/** The language of words that come without one. */
export const languageOfText = (text: string): Language => (/\p{Script=Han}/u.test(text) ? 'zh' : 'en');
