import { createTelegramBot, type TelegramBotOptions } from '../../../bots/telegram/bot.ts';
import type { TelegramSettings } from '../../../bots/telegram/settings.ts';
import type { BotServices } from '../../../bots/bot.ts';
import type { Call, TelegramDouble } from '../../doubles/telegram/index.ts';

export function settingsFor(telegram: Pick<TelegramDouble, 'root' | 'token'>): TelegramSettings {
  return {
    telegram: { receive: 'polling', starsPerUnit: 2 },
    platforms: { telegramToken: telegram.token, telegramProviderToken: undefined, telegramApi: telegram.root },
  };
}

/** A bot that receives from the double. */
export function botFor(
  telegram: Pick<TelegramDouble, 'root' | 'token'>,
  services: BotServices,
  more: Partial<TelegramBotOptions> = {},
) {
  return createTelegramBot({
    services,
    settings: settingsFor(telegram),
    token: telegram.token,
    standbyMs: 20,
    ...more,
  });
}

interface Markup {
  inline_keyboard: { text: string; callback_data?: string; url?: string }[][];
}

/** Buttons of a sent message, row after row. */
export const buttonsOf = ({ params }: Call) =>
  (params['reply_markup'] as Markup | undefined)?.inline_keyboard.flat() ?? [];

/** What the first button sends back whose data begins so. */
export function dataOf(call: Call, start: string): string {
  const found = buttonsOf(call).find(({ callback_data: data }) => data?.startsWith(start));
  if (!found?.callback_data) throw new Error(`No button ${start} among ${JSON.stringify(buttonsOf(call))}`);
  return found.callback_data;
}

export const idOf = ({ result }: Call): number => (result as { message_id: number }).message_id;
