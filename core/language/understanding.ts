import { trainClassifier, type Candidate } from './classifier.ts';
import { mentions } from './glossary.ts';
import type { IntentName, Slots } from './intents.ts';
import { detectLanguage } from './language-of.ts';
import { createPhrases, namesCourse, withoutTitle } from './phrases.ts';
import type { Language } from './reply.ts';
import { isNoOptOut, isRefusal, requestOf } from './requests.ts';
import { intentExamples } from './seeds/index.ts';
import { slotsOf } from './slots.ts';
import { normalise, pieces, simplified, tokenize } from './tokenize.ts';

export { intentNames, type IntentName, type Slots } from './intents.ts';
export { detectLanguage } from './language-of.ts';

export interface Understood {
  intent: IntentName;
  /** How clear the reading is: the margin of the best intent; 1 and more is sure, below 0 a guess. */
  confidence: number;
  /** The language of the message, the fallback where it has none of its own ("ok", "👍", "Python"). */
  language: Language;
  slots: Slots;
}

/** What the catalogue knows, asked at each message, so that it may change under way. */
export interface Vocabulary {
  /** Whether a term (of `tokenize`) stands in the catalogue. */
  knows?(term: string): boolean;
  /** The catalogue's topics. */
  topics?(): readonly string[];
}

export interface Understanding {
  /** Never throws; a message of any length and script has an answer. */
  understand(text: string, fallback?: Language): Understood;
}

/** Set on cross-validated seeds: it costs 3 points in scope, and leaves out two thirds of the rest. */
const THRESHOLD = -0.35;
/** Nobody's opt-out is lost to a close second. */
const OPT_OUT_THRESHOLD = -0.45;
/** Below it, a message made of nothing but the catalogue's words is a search whatever else it looks like. */
const SURE_OF_ANOTHER = 0.5;
const CERTAIN = 2;
const LONGEST = 500;

/**
 * Understands messages in Chinese and English: rules for a person's rights, then a classifier that
 * is trained here from our own utterances (about half a second), then the catalogue's vocabulary.
 */
export function createUnderstanding(vocabulary: Vocabulary = {}): Understanding {
  const examples = intentExamples();
  const classifier = trainClassifier(examples);
  const seen = new Map(examples.map(({ text, label }) => [plain(text), (label ?? 'other') as IntentName]));
  seen.set('', 'other');
  const phrases = createPhrases();
  const knows = (term: string) => vocabulary.knows?.(term) ?? false;

  return {
    understand(text, fallback = 'en') {
      const said = text.trim().slice(0, LONGEST);
      const slots = slotsOf(said, vocabulary.topics?.() ?? []);
      const { intent, confidence } = read(said, slots);
      return { intent, confidence, language: detectLanguage(said, fallback), slots: withQueries(said, intent, slots) };
    },
  };

  function read(said: string, slots: Slots): { intent: IntentName; confidence: number } {
    const request = requestOf(said);
    if (request) return { intent: request, confidence: CERTAIN };
    const asked = withoutTitle(said);
    const certain = bySign(said, slots) ?? seen.get(plain(asked));
    if (certain) return { intent: certain, confidence: CERTAIN };
    if (isRefusal(said)) return { intent: 'no', confidence: 0 };
    const command = commands.find(([pattern]) => pattern.test(said))?.[1];
    if (command && phrases.course(said, knows) !== undefined) return { intent: command, confidence: 1 };
    const [best, next] = candidates(asked);
    if (isBareSearch(said, best)) return { intent: 'search', confidence: Math.max(best.margin, 0) };
    const optOut = [best, next].find((each) => each?.label === 'mute');
    if (optOut && best.label !== 'unmute' && optOut.margin >= OPT_OUT_THRESHOLD)
      return { intent: 'mute', confidence: optOut.margin };
    if (best.margin < THRESHOLD) {
      // Whatever is said around a coupon code, it is about the coupon.
      return slots.code === undefined
        ? { intent: 'other', confidence: best.margin }
        : { intent: 'coupons', confidence: Math.max(best.margin, 0) };
    }
    return { intent: best.label as IntentName, confidence: best.margin };
  }

  function candidates(said: string): [best: Candidate, next?: Candidate] {
    const { next, ...best } = classifier.classify(said);
    if (!next || !isNoOptOut(said)) return next ? [best, next] : [best];
    return [best.label === 'mute' ? next : best];
  }

  /** "python 入门", "excel charts", "exel": nothing but words of the catalogue and of learning. */
  function isBareSearch(said: string, best: Candidate): boolean {
    if (best.label !== 'search' && best.margin >= SURE_OF_ANOTHER) return false;
    const content = phrases.content(said);
    if (content.length === 0 || content.length > 12) return false;
    const terms = tokenize(said);
    const named = new Set(mentions(terms).flatMap(({ from, to }) => terms.slice(from, to)));
    return content.every((term) => named.has(term) || knows(term));
  }

  function withQueries(said: string, intent: IntentName, slots: Slots): Slots {
    if (intent === 'search' || intent === 'recommend' || intent === 'other') {
      const query = phrases.query(said);
      if (query !== undefined) return { ...slots, query };
    } else if (namesCourse(intent)) {
      const courseQuery = phrases.course(said, knows);
      if (courseQuery !== undefined) return { ...slots, courseQuery };
    }
    return slots;
  }
}

const signs: readonly (readonly [RegExp, IntentName])[] = [
  [/^(?:👍|👌|✅|🆗|💯)+$/u, 'yes'],
  [/^(?:👎|❌|🙅|🚫)+$/u, 'no'],
  [/^(?:🙏|❤️?|🥰|😍|💕|🌹)+$/u, 'thanks'],
  [/^(?:👋|🙋)+$/u, 'greet'],
  [/^[★⭐☆]{1,5}$/u, 'rate'],
  [/^[?？]+$/u, 'help'],
];

/** A verb and a course of the catalogue: "buy Python from zero" is no search for "buy". */
const commands: readonly (readonly [RegExp, IntentName])[] = [
  [
    /^(?:please |i(?:'d| would)? (?:want|like) to |let'?s )?(?:buy|purchase|order|enrol+ (?:me )?in|sign (?:me )?up for)\b/i,
    'buy',
  ],
  [/^(?:请|我要|我想|帮我)*(?:购买|买(?!了|过)|下单|报名)/, 'buy'],
  [/^(?:please )?(?:save|bookmark)\b/i, 'save'],
  [/^(?:请|我要|我想|帮我|先)*收藏/, 'save'],
  [/^(?:please )?(?:refund|return)\b/i, 'refund'],
  [/^(?:请|我要|我想|帮我)*(?:退款|退掉|退课)/, 'refund'],
];

/** A message of one sign: an emoji, stars, a number of the list, a coupon code. */
function bySign(said: string, slots: Slots): IntentName | undefined {
  const bare = said.replace(/\s|\ufe0f|\p{Emoji_Modifier}/gu, '');
  const found = signs.find(([pattern]) => pattern.test(bare))?.[1];
  if (found) return found;
  if (slots.code !== undefined && pieces(said).join('-').toUpperCase() === slots.code) return 'coupons';
  return slots.ordinal !== undefined && ORDINAL_ALONE.test(plain(said)) ? 'course' : undefined;
}

const ORDINAL_ALONE =
  /^(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|last)(?: one| course)?$|^#\d{1,2}$|^(?:就|那|选)?(?:第.{1,2}|最后一)[个门](?:课)?(?:吧)?$/u;

function plain(text: string): string {
  return simplified(normalise(text))
    .replace(/[\s.,!?。，！？~～…]+/gu, ' ')
    .trim();
}
