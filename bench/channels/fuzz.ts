/** Updates as they should not be: odd characters, huge texts, made-up presses, missing and wrong fields, unknown kinds. */

import { createRandom, type Random } from '../../core/numerics/random.ts';
import { personOf, type TelegramDouble } from '../../test/doubles/telegram/index.ts';
import type { DiscordDouble, Person } from '../../test/doubles/discord/index.ts';
import { isMessage } from './telegram.ts';
import type { Subject } from './subjects.ts';

export interface Fuzzed {
  updates: number;
  /** Those that are whole enough to call for an answer. */
  call_for_an_answer: number;
  unanswered: number;
  crashes: number;
}

/** Under way at once. */
const AT_ONCE = 32;
const PATIENCE_MS = 30_000;

/** @returns whether it was answered; undefined where no answer is called for. */
type Try = (nth: number) => Promise<boolean | undefined>;

async function run(updates: number, subject: Subject, one: Try): Promise<Fuzzed> {
  let next = 0;
  const answers: (boolean | undefined)[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < updates && !subject.crashed()) answers.push(await one(next++));
    }),
  );
  return {
    updates,
    call_for_an_answer: answers.filter((answered) => answered !== undefined).length,
    unanswered: answers.filter((answered) => answered === false).length,
    crashes: Number(subject.crashed()),
  };
}

/** Each update by a person of its own, so that every answer is known to be its own. */
export async function fuzzTelegram(
  telegram: TelegramDouble,
  subject: Subject,
  { updates, seed }: { updates: number; seed: number },
): Promise<Fuzzed> {
  const random = createRandom(seed);
  const waiting = new Map<number, () => void>();
  telegram.on('*', (call) => {
    const who = Number(call.params['chat_id'] ?? call.params['callback_query_id']);
    if (isMessage(call) || call.method === 'answerCallbackQuery') waiting.get(who)?.();
    if (telegram.calls.length > 2_000) telegram.calls.length = 0;
    return undefined;
  });
  return run(updates, subject, async (nth) => {
    const person = 1_000_000 + nth;
    const whole = random.next() < 0.6;
    const update = telegramUpdate(person, random);
    if (!whole) damage(update, random, 1 + random.int(4));
    // Given straight to the queue of the double: it would find fault with them.
    telegram.push({ ...(update as object), update_id: person });
    if (!whole) return undefined;
    const answered = await arrives(waiting, person);
    return answered;
  });
}

/** Of kinds that are answered; the id of a press is its person's. */
function telegramUpdate(person: number, random: Random): unknown {
  const from = {
    ...personOf(person, random.pick(['en', 'zh-hans', 'xx', ''])),
    first_name: oddText(random, 60) || 'x',
  };
  const chat = { id: person, type: 'private', first_name: from.first_name };
  const message = { message_id: 1 + random.int(1e6), date: 1_790_000_000 + random.int(1e6), chat, from };
  switch (random.int(8)) {
    case 0:
      return {
        callback_query: {
          id: String(person),
          from,
          message: { ...message, text: '…' },
          chat_instance: '1',
          data: oddPress(random),
        },
      };
    case 1:
      return {
        message: { ...message, sticker: { file_id: 'x', file_unique_id: 'x', width: 1, height: 1, type: 'regular' } },
      };
    case 2:
      return { message: { ...message, text: `/${oddText(random, 12)} ${oddText(random, 40)}` } };
    case 3:
      return { message: { ...message, photo: [], caption: oddText(random, 1_024) } };
    case 4:
      return {
        message: {
          ...message,
          text: `/start ${oddPress(random)}`,
          entities: [{ type: 'bot_command', offset: 0, length: 6 }],
        },
      };
    default:
      return {
        message: {
          ...message,
          text: oddText(random, random.next() < 0.05 ? 100_000 : 300) || '?',
          new_kind_of_thing: { deep: [1] },
        },
      };
  }
}

export async function fuzzDiscord(
  discord: DiscordDouble,
  subject: Subject,
  { updates, seed }: { updates: number; seed: number },
): Promise<Fuzzed> {
  const random = createRandom(seed);
  const people = Array.from({ length: AT_ONCE }, (_, n) =>
    discord.person(oddText(random, 20) || `p${n}`, { locale: random.pick(['en-US', 'zh-CN', 'xx']) }),
  );
  const guild = discord.guild('fuzz', ...people);
  const waiting = new Map<string, () => void>();
  discord.on(
    (call) => {
      const channel = /^\/channels\/(\d+)\/messages$/.exec(call.path)?.[1];
      if (channel !== undefined) waiting.get(channel)?.();
      if (discord.calls.length > 2_000) discord.calls.length = 0;
      return false;
    },
    { status: 500 },
  );
  // What goes out is damaged on its way, after the double has noted what it would have been.
  const dispatch = discord.gateway.dispatch.bind(discord.gateway);
  let harm = 0;
  discord.gateway.dispatch = (event, data, server) => {
    const copy = structuredClone(data);
    if (harm > 0) damage(copy, random, harm);
    dispatch(event, copy, server);
  };
  const free = [...people];
  return run(updates, subject, async () => {
    const person = free.pop()!;
    harm = random.next() < 0.6 ? 0 : 1 + random.int(4);
    const whole = harm === 0;
    const answered = discordUpdate(discord, person, random.next() < 0.3 ? guild : 'direct', waiting, random);
    harm = 0;
    const result = whole ? await answered : undefined;
    forgetOldest(discord.world.messages);
    free.push(person);
    return result;
  });
}

function discordUpdate(
  discord: DiscordDouble,
  person: Person,
  where: Parameters<DiscordDouble['slash']>[3],
  waiting: Map<string, () => void>,
  random: Random,
): Promise<boolean> {
  const channel = discord.world.directChannel(person).id;
  switch (random.int(5)) {
    case 0: {
      const answered = arrives(waiting, channel);
      discord.say(person, oddText(random, 2_000) || '?');
      return answered;
    }
    case 1: {
      const { world } = discord;
      const source = world.post(
        where === 'direct' ? channel : 'channels' in where! ? where.channels[0]!.id : channel,
        world.bot,
        { content: '…' },
      );
      return inTime(discord.press(person, source, oddPress(random).slice(0, 100) || 'x').answered);
    }
    case 2:
      return inTime(
        discord.autocomplete(person, 'course', [{ name: 'course', value: oddText(random, 60), focused: true }], where)
          .answered,
      );
    default: {
      const [name, option] = random.pick([
        ['search', 'query'],
        ['rate', 'stars'],
        ['recommend', 'topic'],
        ['course', 'course'],
        ['progress', 'percent'],
        ['language', 'language'],
        ['gone_command', 'x'],
        ['quiz', 'topic'],
      ] as const);
      const value = random.next() < 0.3 ? random.int(1e6) - 5e5 : oddText(random, 400) || 'x';
      return inTime(discord.slash(person, name, [{ name: option, value }], where).answered);
    }
  }
}

/** The double keeps every message for tests; here they are too many. */
function forgetOldest(messages: Map<string, unknown>) {
  if (messages.size < 4_000) return;
  for (const id of [...messages.keys()].slice(0, 3_000)) messages.delete(id);
}

function arrives<Key>(waiting: Map<Key, () => void>, key: Key): Promise<boolean> {
  let mine = () => {};
  const arrived = new Promise<void>((resolve) => waiting.set(key, (mine = resolve)));
  return inTime(arrived).finally(() => {
    // Somebody else may wait at the same place by now.
    if (waiting.get(key) === mine) waiting.delete(key);
  });
}

function inTime(answered: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    void answered.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

const PIECES = [
  ...['\u0000', '\ud800', '\udc00', '\u200d', '\u202e', '\ufeff', '\uffff', '\n', '\t', '  '],
  ...['e\u0301\u0301\u0301', '👩‍👩‍👧‍👦', '🇨🇳', '﷽', '한국어', 'العربية', '课程', '推荐', 'python', 'excel'],
  ...[
    '<b>',
    '</a>',
    '&amp;',
    '**',
    '__',
    '`',
    '```',
    '[x](tg://user?id=1)',
    '@everyone',
    '<@1>',
    '||',
    '\\',
    '{{ x }}',
    '{%',
  ],
  ...["'; drop table learners; --", '%00', '../..', 'null', 'undefined', '-1', '1e309', '/help', '谢谢', 'yes'],
];

function oddText(random: Random, most: number): string {
  const length = 1 + random.int(most);
  let text = '';
  while (text.length < length)
    text += random.next() < 0.5 ? random.pick(PIECES) : String.fromCharCode(32 + random.int(95));
  return text.slice(0, length);
}

const ACTIONS = [
  'course',
  'save',
  'rate',
  'buy',
  'pay',
  'consent',
  'onboard',
  'settings',
  'search',
  'recommend',
  'similar',
  'erase',
  'arrive',
  '#',
  '~',
  '@page:',
];

const oddPress = (random: Random): string =>
  random.next() < 0.3
    ? oddText(random, 64)
    : [random.pick(ACTIONS), oddText(random, 8), oddText(random, 20), `s${oddText(random, 36)}`]
        .slice(0, 1 + random.int(4))
        .join('|');

/** Takes away, or makes something else of, that many fields anywhere within. */
function damage(value: unknown, random: Random, fields: number): void {
  for (let n = 0; n < fields; n++) {
    let at = value as Record<string, unknown>;
    for (;;) {
      const names = Object.keys(at);
      if (names.length === 0) break;
      const name = random.pick(names);
      const inner = at[name];
      if (typeof inner === 'object' && inner !== null && random.next() < 0.85) {
        at = inner as Record<string, unknown>;
        continue;
      }
      if (random.next() < 0.4) Reflect.deleteProperty(at, name);
      else at[name] = random.pick<unknown>([null, -1, 1e300, '', [], {}, true, oddText(random, 30), { id: null }]);
      break;
    }
  }
}
