import type { Database } from '../../../prisma/connect.ts';
import type { Localised } from '../../language/reply.ts';
import type { Level } from '../../learner/learner.ts';
import { FEWEST_QUESTIONS } from './placement.ts';
import type { QuizQuestion } from './question.ts';

/** Topics that have questions enough for a test, those with the most first. */
export async function quizTopics(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ topic: string }>(
    'select topic from quiz_questions group by topic having count(*) >= $1 order by count(*) desc, topic',
    [FEWEST_QUESTIONS],
  );
  return rows.map(({ topic }) => topic);
}

/** The questions of a topic. */
export async function questionsOf(db: Database, topic: string): Promise<QuizQuestion[]> {
  const { rows } = await db.pool.query<QuestionRow>('select * from quiz_questions where topic = $1 order by id', [
    topic,
  ]);
  return rows.map((row) => ({ ...row, level: row.level as Level }));
}

interface QuestionRow {
  id: string;
  topic: string;
  level: string;
  question: Localised;
  options: Localised[];
  correct: number;
  simulated: boolean;
}

/** Keeps questions by id; of the same id twice the later counts. */
export async function upsertQuestions(
  db: Database,
  questions: readonly QuizQuestion[],
): Promise<{ inserted: number; updated: number; unchanged: number }> {
  const unique = [...new Map(questions.map((question) => [question.id, question])).values()];
  const { rows } = await db.pool.query<{ inserted: boolean }>(
    `insert into quiz_questions as held (id, topic, level, question, options, correct, simulated)
     select id, topic, level, question, options, correct, simulated from jsonb_to_recordset($1::jsonb) as new(
       id text, topic text, level text, question jsonb, options jsonb, correct int, simulated boolean)
     on conflict (id) do update set topic = excluded.topic, level = excluded.level, question = excluded.question,
       options = excluded.options, correct = excluded.correct, simulated = excluded.simulated
     where (held.topic, held.level, held.question, held.options, held.correct, held.simulated)
       is distinct from
       (excluded.topic, excluded.level, excluded.question, excluded.options, excluded.correct, excluded.simulated)
     returning held.xmax = 0 as inserted`,
    [JSON.stringify(unique)],
  );
  const inserted = rows.filter((row) => row.inserted).length;
  return { inserted, updated: rows.length - inserted, unchanged: unique.length - rows.length };
}

/** Removes the questions of the sample. */
export async function deleteSimulatedQuestions(db: Database): Promise<void> {
  await db.pool.query('delete from quiz_questions where simulated');
}
