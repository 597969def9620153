import type { Database } from '../../../prisma/connect.ts';
import { inTransaction } from '../../../prisma/transaction.ts';
import { eventKey } from '../../behaviour/key.ts';
import { encodePress } from '../../language/reply.ts';
import { communities, writePosts, type Community, type NewPost } from '../community/store.ts';
import { writeMessages } from '../message/store.ts';
import { ANSWER_DAYS, MOST_OPEN, QUESTION_DAYS, type NewQuestion, type Question } from './question.ts';

const DAY = 86_400_000;

/**
 * Keeps a question for the managers. The same one of the same moment counts once.
 *
 * @returns its number; 'full' when too many of the learner wait already; undefined when there is no such learner.
 */
export async function askQuestion(
  db: Database,
  { learnerId, words, intent, sentiment, now }: NewQuestion,
): Promise<number | 'full' | undefined> {
  return inTransaction(db.pool, async (client) => {
    // Of two at once the second waits, and then sees the first.
    const learner = await client.query('select 1 from learners where id = $1 for no key update', [learnerId]);
    if (learner.rowCount === 0) return undefined;
    const { rows: before } = await client.query<{ id: string; asked_at: Date; open: boolean }>(
      `select id, asked_at, answered_at is null and expires_at > $2 as open from questions where learner_id = $1`,
      [learnerId, now],
    );
    const same = before.find((each) => each.asked_at.getTime() === now.getTime());
    if (same) return Number(same.id);
    if (before.filter((each) => each.open).length >= MOST_OPEN) return 'full';
    const { rows } = await client.query<{ id: string }>(
      `insert into questions (learner_id, words, intent, sentiment, asked_at, expires_at)
       values ($1, $2, $3, $4, $5, $6) returning id`,
      [learnerId, words, intent ?? null, sentiment ?? null, now, new Date(now.getTime() + QUESTION_DAYS * DAY)],
    );
    const number = Number(rows[0]!.id);
    await writePosts(client, notices(await communities(client), number, now), now);
    return number;
  });
}

/** Questions that wait for an answer, oldest first, with how many there are in all. */
export async function openQuestions(
  db: Database,
  { now, limit, after = 0 }: { now: Date; limit: number; after?: number },
): Promise<{ questions: Question[]; total: number }> {
  const open = 'answered_at is null and words is not null and expires_at > $1';
  const [{ rows }, counted] = await Promise.all([
    db.pool.query<QuestionRow>(`select ${COLUMNS} from questions where ${open} and id > $2 order by id limit $3`, [
      now,
      after,
      limit,
    ]),
    db.pool.query<{ count: number }>(`select count(*)::int as count from questions where ${open}`, [now]),
  ]);
  return { questions: rows.map(asQuestion), total: counted.rows[0]!.count };
}

/** A question by its number; undefined when there is none that can be answered. */
export async function findQuestion(db: Database, number: number): Promise<Question | undefined> {
  const { rows } = await db.pool.query<QuestionRow>(`select ${COLUMNS} from questions where id = $1`, [number]);
  return rows[0] && asQuestion(rows[0]);
}

export type AnswerResult = { ok: true } | { ok: false; error: 'question.unknown' | 'question.answered' };

/**
 * Sends a manager's answer to whoever asked, on the channel that they used last: once, whoever
 * answers at the same time. The words of the question go with it.
 */
export async function answerQuestion(
  db: Database,
  { number, words, now }: { number: number; words: string; now: Date },
): Promise<AnswerResult> {
  return inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<{ learner_id: string; asked_at: Date }>(
      `update questions set answered_at = $2, words = null where id = $1 and answered_at is null
       returning learner_id, asked_at`,
      [number, now],
    );
    const asked = rows[0];
    if (!asked) {
      const known = await client.query('select 1 from questions where id = $1', [number]);
      return { ok: false, error: known.rowCount ? 'question.answered' : 'question.unknown' };
    }
    const key = `answer:${number}`;
    const id = eventKey('message', key);
    await writeMessages(
      client,
      [
        {
          id,
          idempotencyKey: key,
          learnerId: asked.learner_id,
          kind: 'service',
          campaignId: null,
          reply: {
            text: { key: 'ask.answer', args: { number, words } },
            buttons: [[{ id: encodePress({ action: 'ask', ref: `m${id}` }), label: { key: 'button.ask-more' } }]],
          },
          circumstances: { list: 'answer' },
          notBefore: now,
          expiresAt: new Date(now.getTime() + ANSWER_DAYS * DAY),
        },
      ],
      now,
    );
    return { ok: true };
  });
}

/** Says where managers wished it that a question waits, and nothing of what it is. */
function notices(all: readonly Community[], number: number, now: Date): NewPost[] {
  const wanted = all.filter(({ trusted, active, settings }) => trusted && active && settings.questions !== undefined);
  return wanted.map(({ id, settings }) => ({
    idempotencyKey: `question:${number}:${id}`,
    communityId: id,
    thread: settings.questions === '' ? undefined : settings.questions,
    reply: { text: { key: 'questions.notice', args: { number } } },
    notBefore: now,
    expiresAt: new Date(now.getTime() + DAY),
  }));
}

const COLUMNS = 'id, words, intent, sentiment, asked_at, answered_at';

interface QuestionRow {
  id: string;
  words: string | null;
  intent: string | null;
  sentiment: string | null;
  asked_at: Date;
  answered_at: Date | null;
}

const asQuestion = (row: QuestionRow): Question => ({
  number: Number(row.id),
  words: row.words,
  intent: row.intent,
  sentiment: row.sentiment,
  askedAt: row.asked_at,
  answeredAt: row.answered_at,
});
