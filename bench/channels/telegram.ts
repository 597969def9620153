import { personOf, type Call, type TelegramDouble } from '../../test/doubles/telegram/index.ts';
import { Arrivals, type Chat } from './load.ts';

interface Keyboard {
  inline_keyboard?: { callback_data?: string }[][];
}

/** People at the double, from a number on; every second one speaks Chinese. */
export function telegramChats(telegram: TelegramDouble, count: number, from = 10_000): Chat[] {
  const people = new Map<number, { arrivals: Arrivals; calls: Call[] }>();
  telegram.on('*', (call) => {
    const person = people.get(Number(call.params['chat_id']));
    if (person && isMessage(call))
      // Once it has its answer, which the double gives after this.
      setImmediate(() => {
        person.calls.unshift(call);
        person.arrivals.arrived();
      });
    return undefined;
  });
  return Array.from({ length: count }, (_, nth) => {
    const id = from + nth;
    const chinese = nth % 2 === 0;
    const who = personOf(id, chinese ? 'zh-hans' : 'en');
    const person = { arrivals: new Arrivals(), calls: [] as Call[] };
    people.set(id, person);
    const say = (text: string) => telegram.message(id, text, { from: who });
    return {
      async take(step, messages) {
        if (step[0] === 'press') {
          const [message, data] = buttonOf(person.calls, step[1]);
          person.calls = [];
          telegram.press(id, message, data, who);
        } else {
          person.calls = [];
          if (step[0] === 'command') say(['/' + step[1], step[2]].filter(Boolean).join(' '));
          else say(chinese ? step[1] : step[2]);
        }
        const came = await person.arrivals.whole(messages);
        // The double keeps every call for tests; here they are too many.
        if (telegram.calls.length > 2_000) telegram.calls.length = 0;
        return came;
      },
    };
  });
}

export const isMessage = ({ method }: Call): boolean => /^(?:send(?!ChatAction)|editMessage)/.test(method);

function buttonOf(calls: readonly Call[], start: string): [message: number, data: string] {
  for (const { params, result } of calls) {
    const rows = (params['reply_markup'] as Keyboard | undefined)?.inline_keyboard ?? [];
    const data = rows.flat().find(({ callback_data: id }) => id?.startsWith(start))?.callback_data;
    if (data !== undefined) return [(result as { message_id: number }).message_id, data];
  }
  throw new Error(`No button ${start} in the answer`);
}
