import { z } from 'zod';
import type { Localised } from '../../language/reply.ts';
import { levels, type Level } from '../../learner/learner.ts';

/** One question of the placement test. */
export interface QuizQuestion {
  id: string;
  topic: string;
  level: Level;
  question: Localised;
  options: Localised[];
  /** 0-based place of the right option. */
  correct: number;
  simulated: boolean;
}

/** The most that Telegram's own quizzes take. */
const LONGEST_QUESTION = 300;
const LONGEST_OPTION = 100;
const MOST_OPTIONS = 8;

const words = (most: number) => z.string().trim().min(1).max(most);
const options = z.array(words(LONGEST_OPTION)).min(2).max(MOST_OPTIONS).optional();

/** One line of a file of questions, in one language or both. */
const line = z
  .strictObject({
    question_id: words(100),
    topic: words(100),
    level: z.enum(levels),
    question_zh: words(LONGEST_QUESTION).optional(),
    question_en: words(LONGEST_QUESTION).optional(),
    options_zh: options,
    options_en: options,
    /** Place of the right option, 1 for the first. */
    answer: z.int().min(1),
  })
  .superRefine((row, issues) => {
    const given = [row.options_zh, row.options_en].filter((one) => one !== undefined);
    const problem = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
    if (!row.question_zh && !row.question_en) problem('question_en', 'give question_zh, question_en or both');
    if ((row.question_zh === undefined) !== (row.options_zh === undefined))
      problem('options_zh', 'goes with question_zh');
    if ((row.question_en === undefined) !== (row.options_en === undefined))
      problem('options_en', 'goes with question_en');
    if (given.length === 2 && given[0]!.length !== given[1]!.length)
      problem('options_en', 'must have as many options as options_zh');
    if (given.some((one) => new Set(one).size < one.length)) problem('options_en', 'has an option twice');
    if (row.answer > Math.min(...given.map((one) => one.length))) problem('answer', 'is the place of no option');
  });

/** Reads one line of a file of questions (JSON). */
export function readQuestion(
  json: string,
  simulated = false,
): { ok: true; question: QuizQuestion } | { ok: false; problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, problem: 'not valid JSON' };
  }
  const parsed = line.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { ok: false, problem: `${issue!.path.join('.') || 'line'}: ${issue!.message}` };
  }
  const { question_zh: zh, question_en: en, options_zh: chinese = [], options_en: english = [], ...row } = parsed.data;
  return {
    ok: true,
    question: {
      id: row.question_id,
      topic: row.topic,
      level: row.level,
      question: { ...(zh && { zh }), ...(en && { en }) },
      options: Array.from({ length: Math.max(chinese.length, english.length) }, (_, at) => ({
        ...(chinese[at] && { zh: chinese[at] }),
        ...(english[at] && { en: english[at] }),
      })),
      correct: row.answer - 1,
      simulated,
    },
  };
}
