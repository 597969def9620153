import type { BotServices } from '../../../bots/bot.ts';
import { createTelegramDouble, type Call } from '../../doubles/telegram/index.ts';
import { botFor, buttonsOf, idOf } from '../telegram/bot.ts';
import { answered, type Seat } from './seat.ts';

const PERSON = 4101;

/** A private chat at Telegram. */
export async function atTelegram(services: BotServices): Promise<Seat> {
  const telegram = await createTelegramDouble();
  const bot = botFor(telegram, services);
  await bot.start();
  let updates = 0;
  let before = 0;

  async function after(push: () => unknown) {
    before = telegram.calls.length;
    push();
    await answered(services.db, 'telegram', ++updates);
  }

  /** Messages as they stand now, the newest first. */
  function messages(): Call[] {
    const byId = new Map<number, Call>();
    for (const call of telegram.calls)
      if (!call.failed && /^(?:send|edit)/.test(call.method) && call.method !== 'sendChatAction')
        byId.set(idOf(call), call);
    return [...byId.values()].reverse();
  }

  async function find(start: string): Promise<[message: number, data: string]> {
    for (const message of messages()) {
      const data = buttonsOf(message).find((button) => button.callback_data?.startsWith(start))?.callback_data;
      if (data !== undefined) return [idOf(message), data];
      const pages = Number(
        /^\d+\/(\d+)$/.exec(buttonsOf(message).find(({ text }) => /^\d+\/\d+$/.test(text))?.text ?? '')?.[1],
      );
      for (let page = 0; page < pages; page++) {
        await after(() => telegram.press(PERSON, idOf(message), `#${page}`));
        const turned = messages().find((one) => idOf(one) === idOf(message))!;
        const there = buttonsOf(turned).find((button) => button.callback_data?.startsWith(start))?.callback_data;
        if (there !== undefined) return [idOf(message), there];
      }
    }
    throw new Error(`No button ${start} among ${JSON.stringify(messages().flatMap(buttonsOf))}`);
  }

  return {
    channel: 'telegram',
    say: (text) => after(() => telegram.message(PERSON, text)),
    async press(start) {
      const [message, data] = await find(start);
      await after(() => telegram.press(PERSON, message, data));
    },
    command: (name, argument) =>
      after(() => telegram.message(PERSON, ['/' + name, argument].filter(Boolean).join(' '))),
    read: () =>
      telegram.calls
        .slice(before)
        .map(({ params }) =>
          [params['text'], params['caption'], params['question']].filter((one) => typeof one === 'string').join('\n'),
        )
        .join('\n'),
    async close() {
      await bot.close();
      await telegram.close();
    },
  };
}
