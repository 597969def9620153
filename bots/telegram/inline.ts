import type {
  TelegramInlineKeyboardButton,
  TelegramInlineQuery,
  TelegramInlineQueryResultArticle,
} from '@gramio/types';
import { courseDescription, courseTitle, type Course } from '../../core/catalogue/course.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import { recordEvents } from '../../core/behaviour/store.ts';
import { render } from '../../core/language/render.ts';
import type { Language } from '../../core/language/reply.ts';
import { mayRecord } from '../../core/learner/consent.ts';
import { learnerAt } from '../../core/learner/store.ts';
import { createRandom } from '../../core/numerics/random.ts';
import { courseOfPayload, payloadOf, readPayload } from '../conversation/deep-link.ts';
import { metaLine } from '../conversation/wording.ts';
import type { Desk, TelegramInline } from './desk.ts';
import { TelegramFailure } from './failure.ts';
import { clipped } from './payments.ts';
import { localeOf } from './turn.ts';

const PAGE = 10;
/** Courses that scrolling can reach. */
const MOST = 50;
/** How long Telegram may give the same answer, in seconds: prices and titles seldom change. */
const CACHED_S = 300;
const LONGEST_QUERY = 120;
const LONGEST_TITLE = 120;
const LONGEST_LINE = 200;
const LONGEST_DESCRIPTION = 400;

/**
 * `@bot excel` in any chat: cards of courses, each with a button that opens it with the bot. What is
 * found is the same for everybody who speaks the language: the chat in which it is shown is not ours.
 */
export function createTelegramInline({ api, services }: Desk): TelegramInline {
  const { catalogue, db } = services;
  const popular = new Map<Language, { until: number; version: string; courses: Course[] }>();

  return {
    async query(query) {
      const learner = await learnerAt(db, 'telegram', String(query.from.id));
      const language = learner?.language ?? localeOf(query.from);
      const from = offsetOf(query);
      const courses = coursesFor(query.query.trim().slice(0, LONGEST_QUERY), language);
      const page = courses.slice(from, from + PAGE);
      await api
        .call('answerInlineQuery', {
          inline_query_id: query.id,
          results: page.map((course) => card(course, language)),
          // Telegram keeps one answer for all who type the same words, and they need not speak the same language.
          is_personal: true,
          cache_time: CACHED_S,
          next_offset: from + PAGE < courses.length ? String(from + PAGE) : '',
          ...(courses.length === 0 && {
            button: { text: render({ key: 'inline.nothing' }, language), start_parameter: 'start' },
          }),
        })
        .catch((error: unknown) => {
          // Who types on has asked anew: the answer to what stood there before comes too late.
          if (!(error instanceof TelegramFailure && error.kind === 'permanent')) throw error;
        });
    },

    async chosen({ result_id: result, from, inline_message_id: message, query }) {
      const payload = readPayload(result);
      const course = payload && courseOfPayload(payload.id, catalogue.all());
      const learner = course === undefined ? undefined : await learnerAt(db, 'telegram', String(from.id));
      if (!learner || course === undefined || !mayRecord(learner)) return;
      const now = new Date();
      await recordEvents(db, [
        {
          // Without the message's id (a bot without feedback on them) the same card counts once a day.
          idempotencyKey: eventKey('share', learner.id, course, message ?? now.toISOString().slice(0, 10)),
          learnerId: learner.id,
          courseId: course,
          type: 'share',
          value: null,
          occurredAt: now,
          channel: 'telegram',
          circumstances: { list: 'inline', ...(query !== '' && { query: query.slice(0, LONGEST_QUERY) }) },
        },
      ]);
    },
  };

  function coursesFor(words: string, language: Language): Course[] {
    if (words === '') return liked(language);
    const accept = (course: Course) => !course.archived;
    return services
      .search()
      .search(words, { limit: MOST, accept })
      .map((hit) => hit.course);
  }

  /** What everybody likes now, looked up anew as often as Telegram asks again. */
  function liked(language: Language): Course[] {
    const recommender = services.recommender();
    const version = `${recommender?.version} ${catalogue.version}`;
    const now = new Date();
    const kept = popular.get(language);
    if (kept && kept.version === version && kept.until > now.getTime()) return kept.courses;
    const slate = recommender?.recommend({
      count: MOST,
      now,
      list: 'inline',
      language,
      explore: false,
      random: createRandom(1),
    });
    const courses = (slate?.items ?? []).flatMap(({ courseId }) => catalogue.get(courseId) ?? []);
    popular.set(language, { until: now.getTime() + CACHED_S * 1000, version, courses });
    return courses;
  }

  function card(course: Course, language: Language): TelegramInlineQueryResultArticle {
    const title = courseTitle(course)[language] ?? course.title;
    const meta = metaLine(course, services.currency, services.payments.telegram)[language] ?? '';
    const description = courseDescription(course)[language] ?? '';
    const lines = [clipped(title, LONGEST_TITLE), meta, clipped(description, LONGEST_DESCRIPTION)].filter(
      (line) => line !== '',
    );
    const url = services.links.to('telegram', payloadOf('course', course.id));
    const open: TelegramInlineKeyboardButton[] = url ? [{ text: render({ key: 'inline.open' }, language), url }] : [];
    return {
      type: 'article',
      id: payloadOf('course', course.id),
      title: clipped(title, LONGEST_TITLE),
      description: clipped([meta, description].filter(Boolean).join('\n'), LONGEST_LINE),
      input_message_content: { message_text: lines.join('\n'), link_preview_options: { is_disabled: true } },
      ...(open.length > 0 && { reply_markup: { inline_keyboard: [open] } }),
    };
  }
}

const offsetOf = ({ offset }: Pick<TelegramInlineQuery, 'offset'>): number =>
  /^\d{1,3}$/.test(offset) ? Number(offset) : 0;
