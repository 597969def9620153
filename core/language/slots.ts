import { mentions } from './glossary.ts';
import type { Slots } from './intents.ts';
import { levelOf } from './levels.ts';
import { topicName } from './topic-name.ts';
import { normalise, simplified, tokenize } from './tokenize.ts';

const DIGITS: Readonly<Record<string, number>> = {
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const HAN_NUMBER = '[零一二两三四五六七八九十]{1,3}';
const NUMBER = `(?:\\d{1,3}(?:\\.\\d+)?|${HAN_NUMBER}|${WORDS.join('|')})`;

/** Everything that a text says beside its intent, but the queries. */
export function slotsOf(text: string, topics: readonly string[]): Slots {
  const plain = simplified(normalise(text));
  const terms = tokenize(plain);
  return defined({
    rating: rating(plain),
    ordinal: ordinal(plain),
    hour: hour(plain),
    code: code(text),
    topics: mentionedTopics(terms, topics),
    level: levelOf(terms),
    progress: progress(plain),
    language: language(plain),
  });
}

const RATING = [
  new RegExp(`(?<![\\d.])(${NUMBER}) ?(?:/|out of|over) ?(${NUMBER})(?![\\d])`),
  new RegExp(`(?<![\\d.])(${NUMBER}) ?(?:-?stars?\\b|颗?星|分(?![钟之]))`),
  new RegExp(
    `\\b(?:rat(?:e|ing)|scor(?:e|ing)|give|mark)\\b[^\\d]{0,25}?\\b(${NUMBER})(?![\\d%]|\\s*(?:%|percent))\\b`,
  ),
  new RegExp(`(?:评分?|打分?|给)[^\\d\\u4e00-\\u9fff]{0,3}(${NUMBER})(?!\\d|%|节|章|个|门|点)`),
];
/** "One" is no mark in "rate the second one 3". */
const POINTED_AT = /\b(?:this|that|first|second|third|fourth|fifth|last|\d(?:st|nd|rd|th)) one\b/g;
const FULL_MARKS = /满分|好评|\bfull marks\b|\bthumbs up\b/;
const NO_MARKS = /差评|\bthumbs down\b/;

/** Stars in 1–5; marks out of another number are brought to 5. */
function rating(plain: string): number | undefined {
  const drawn = /^[★⭐]+/u.exec(plain.replace(/[☆\s\ufe0f]/g, ''))?.[0];
  if (drawn) return within(drawn.length, 1, 5);
  const [outOf, ...simple] = RATING;
  const said = plain.replace(POINTED_AT, ' ');
  const shared = outOf!.exec(said);
  if (shared) {
    const [marks, most] = [value(shared[1]!), value(shared[2]!)];
    return most === 5 || most === 10 || most === 100 ? within(Math.round((5 * marks) / most), 1, 5) : undefined;
  }
  for (const pattern of simple) {
    const found = pattern.exec(said);
    if (found) return within(value(found[1]!), 1, 5);
  }
  if (FULL_MARKS.test(plain)) return 5;
  return NO_MARKS.test(plain) ? 1 : bareNumber(plain, 1, 5);
}

const LAST =
  /\b(?:the |very )*last (?:one|course)\b|\bthe last\b(?! (?:lesson|chapter|part|video|time|week|month|year))|最后(?:一|那)?[个门条项]|倒数第一/;
const ORDINAL_ZH = new RegExp(`第(\\d{1,2}|${HAN_NUMBER})(?:[个门条项款]|$|(?=[吧呢怎多是的]))`);
const ORDINAL_EN = new RegExp(
  `\\b(?:(${ORDINALS.slice(1).join('|')})|(\\d{1,2})(?:st|nd|rd|th))\\b(?! (?:lesson|chapter|part|video|time|week|month|half|module|unit|thing))`,
);
const NUMBERED = new RegExp(`(?:\\b(?:number|no\\.?|option|course|item) ?|#)(\\d{1,2})\\b(?! ?(?:%|star|percent))`);

function ordinal(plain: string): number | undefined {
  if (LAST.test(plain)) return -1;
  const chinese = ORDINAL_ZH.exec(plain);
  if (chinese) return within(value(chinese[1]!), 1, 99);
  const english = ORDINAL_EN.exec(plain);
  if (english) return english[1] ? ORDINALS.indexOf(english[1]) : within(Number(english[2]), 1, 99);
  const numbered = NUMBERED.exec(plain);
  return numbered ? within(Number(numbered[1]), 1, 99) : bareNumber(plain, 1, 20);
}

const CLOCK = /(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d) ?([ap])?\.?(?:m\b)?/;
const TWELVE = /(?<!\d)(1[0-2]|0?\d) ?([ap])\.?m\b/;
const HOUR_ZH = new RegExp(
  `(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|晚)?(?<!\\d)(2[0-4]|1?\\d|${HAN_NUMBER})(?:点|时(?!区))`,
);
/** "一点" is a bit more often than one o'clock. */
const A_BIT = /[早晚快慢有]一点|(?<![凌晨早上午下中夜里半])一点(?![半钟整])/;
const HOUR_EN = new RegExp(
  `\\b(?:at|by|around|to|hour) (${NUMBER})\\b(?! ?(?:%|percent|stars?|chapters?|lessons?))(?: o'?clock)?(?: ?in the (morning|afternoon|evening)| at (night))?`,
);
const NAMED: readonly (readonly [RegExp, number])[] = [
  [/\bnoon\b|\bmidday\b|中午|正午/, 12],
  [/\bmidnight\b|午夜|零点/, 0],
];

/** The hour of the day that is said, minutes cut. "8" in the evening is 20, 12 at night is 0. */
function hour(plain: string): number | undefined {
  const clock = CLOCK.exec(plain);
  if (clock) return halfDay(Number(clock[1]), clock[3] ?? halfOf(plain));
  const twelve = TWELVE.exec(plain);
  if (twelve) return halfDay(Number(twelve[1]), twelve[2]);
  const chinese = HOUR_ZH.exec(plain);
  if (chinese && !(A_BIT.test(plain) && chinese[2] === '一'))
    return halfDay(value(chinese[2]!), halfOf(chinese[1] ?? plain));
  const named = NAMED.find(([pattern]) => pattern.test(plain));
  if (named) return named[1];
  const english = HOUR_EN.exec(plain);
  return english ? halfDay(value(english[1]!), halfOf(english[0])) : undefined;
}

function halfOf(plain: string): string | undefined {
  if (/晚|夜|\bevening\b|\bnight\b|\btonight\b/.test(plain)) return 'night';
  if (/下午|傍晚|中午|\bafternoon\b/.test(plain)) return 'p';
  return /凌晨|早|上午|\bmorning\b/.test(plain) ? 'a' : undefined;
}

function halfDay(said: number, half: string | undefined): number | undefined {
  if (!(said >= 0 && said <= 24)) return undefined;
  if (said === 24) return 0;
  if (said === 12) return half === 'a' || half === 'night' ? 0 : 12;
  return said < 12 && (half === 'p' || (half === 'night' && said >= 5)) ? said + 12 : said;
}

const CODE =
  /(?:\b(?:codes?|coupons?|vouchers?|redeem)\b|码|券|兑换|核销)(?:\s*(?:is|:|：|是|为))*\s*([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)/u;
const ALONE = /^[A-Z0-9]{4,}(?:-[A-Z0-9]+)*$|^[A-Za-z0-9]+(?:-[A-Za-z0-9]{3,}){1,}$/;

/** A coupon code: named as one, or standing alone and looking like one (it has a digit). */
function code(text: string): string | undefined {
  const named = CODE.exec(text.normalize('NFKC'))?.[1];
  const found = named ?? (ALONE.test(text.trim()) ? text.trim() : undefined);
  const looksSo =
    found !== undefined &&
    found.length >= 4 &&
    (/\d/.test(found) ? /[A-Za-z]/.test(found) : /^[A-Z]+$/.test(found) && named !== undefined);
  return looksSo ? found.toUpperCase() : undefined;
}

/** Terms of each name that a topic goes by, kept: they are asked for at each message. */
const topicTerms = new Map<string, string[][]>();

function namesOf(topic: string): string[][] {
  let names = topicTerms.get(topic);
  if (!names) {
    names = [...new Set([topic, ...Object.values(topicName(topic))])].map(tokenize).filter((terms) => terms.length > 0);
    topicTerms.set(topic, names);
  }
  return names;
}

function mentionedTopics(terms: readonly string[], topics: readonly string[]): string[] | undefined {
  const said = new Set([...terms, ...mentions(terms).map(({ concept }) => concept)]);
  const found = topics.filter((topic) => {
    const names = namesOf(topic);
    const concepts = mentions(names[0] ?? []).map(({ concept }) => concept);
    return (
      names.some((terms) => terms.every((term) => said.has(term))) || concepts.some((concept) => said.has(concept))
    );
  });
  return found.length > 0 ? found : undefined;
}

const SHARES: readonly (readonly [RegExp, number])[] = [
  [/\bhalf|\bmiddle of|一半|半/, 0.5],
  [/\bthree quarters\b|四分之三/, 0.75],
  [/\btwo thirds\b|三分之二/, 2 / 3],
  [/\bquarter\b|四分之一/, 0.25],
  [/\bthird of\b|三分之一/, 1 / 3],
];

function progress(plain: string): number | undefined {
  const percent = /(?<![\d.])(\d{1,3}(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/.exec(plain)?.[1];
  if (percent !== undefined) return within(Number(percent) / 100, 0, 1);
  const hundredth = new RegExp(`百分之(\\d{1,3}|百|${HAN_NUMBER})`).exec(plain)?.[1];
  if (hundredth !== undefined) return hundredth === '百' ? 1 : within(value(hundredth) / 100, 0, 1);
  const tenth = /([一二两三四五六七八九])成/.exec(plain)?.[1];
  if (tenth !== undefined) return value(tenth) / 10;
  const named = SHARES.find(([pattern]) => pattern.test(plain))?.[1];
  if (named !== undefined) return named;
  const bare = /\b(?:progress|进度)\D{0,6}(\d{1,3})(?!\d)|进度\D{0,4}(\d{1,3})(?!\d)/.exec(plain);
  return bare ? within(Number(bare[1] ?? bare[2]) / 100, 0, 1) : undefined;
}

const NOT_UNDERSTOOD = /don'?t (?:understand|speak|know|read) (?:\w+ )?(english|chinese)|(?:看|听)不懂(英|中)/;

function language(plain: string): 'zh' | 'en' | undefined {
  const not = NOT_UNDERSTOOD.exec(plain);
  const rest = not ? plain.replace(not[0], '') : plain;
  const english = rest.search(/\benglish\b|英[语文]/);
  const chinese = rest.search(/\bchinese\b|\bmandarin\b|中文|汉语|普通话/);
  // Named both, as in "from Chinese to English", the last is the one that is wanted.
  if (english >= 0 || chinese >= 0) return english > chinese ? 'en' : 'zh';
  if (not) return /english|英/.test(not[0]) ? 'zh' : 'en';
  return undefined;
}

function value(number: string): number {
  if (/^\d/.test(number)) return Number(number);
  const word = WORDS.indexOf(number);
  if (word >= 0) return word;
  const [tens, ones] = number.includes('十') ? number.split('十') : ['', number];
  const ten = number.includes('十') ? (tens ? (DIGITS[tens] ?? 1) : 1) * 10 : 0;
  return ten + (ones ? (DIGITS[ones] ?? 0) : 0);
}

function bareNumber(plain: string, least: number, most: number): number | undefined {
  const number = /^\s*(\d{1,2})\s*[.。!！]?\s*$/.exec(plain)?.[1];
  return number === undefined ? undefined : within(Number(number), least, most);
}

/** Undefined outside of the range: nobody means six stars of five. */
function within(number: number, least: number, most: number): number | undefined {
  return number >= least && number <= most ? number : undefined;
}

function defined(slots: { [Name in keyof Slots]?: Slots[Name] | undefined }): Slots {
  return Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined));
}
