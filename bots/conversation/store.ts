import type { Reply } from '../../core/language/reply.ts';
import type { Learner } from '../../core/learner/learner.ts';
import { following, LEARNER } from '../../core/learner/store.ts';
import type { Database } from '../../prisma/connect.ts';
import { jsonText } from '../../prisma/json.ts';
import { readState, type ConversationState } from './state.ts';
import type { Turn } from './turn.ts';

export interface LoadedTurn {
  learner: Learner;
  state: ConversationState;
  answer: Reply[] | null;
  /** Whether they ever bought anything here. */
  ordered: boolean;
}

/**
 * Who takes a turn, and where their conversation stands; undefined when there is no such learner. A turn
 * that was handled before and could not be sent, or that a crash left, has its answer from then.
 */
export function loadTurn(
  db: Database,
  { id, channel, chat, learnerId }: Pick<Turn, 'id' | 'channel' | 'chat' | 'learnerId'>,
): Promise<LoadedTurn | undefined> {
  return following(db, learnerId, async (current) => {
    const { rows } = await db.pool.query<Learner & Omit<LoadedTurn, 'learner' | 'state'> & { state: unknown }>({
      name: 'load-turn',
      text: `select ${LEARNER}, (select state from conversations where channel = $2 and chat = $3) as state,
               (select answer from updates where channel = $2 and id = $4) as answer,
               exists (select from orders where learner_id = l.id) as ordered
             from learners l where l.id = $1`,
      values: [current, channel, chat, id],
    });
    if (!rows[0]) return undefined;
    const { state, answer, ordered, ...learner } = rows[0];
    return { learner, state: readState(state), answer, ordered };
  });
}

/**
 * Keeps the state, and with it the answer of a turn that came as an update, until that is finished; nothing of a
 * learner who was erased while the turn was under way. Of one whose accounts became one meanwhile it is kept for who
 * they are now, in a chat that is named after them too.
 */
export async function saveState(
  db: Database,
  { id, channel, chat, learnerId }: Pick<Turn, 'id' | 'channel' | 'chat' | 'learnerId'>,
  state: ConversationState,
  answer: readonly Reply[],
): Promise<void> {
  const kept = JSON.stringify(state);
  const replies = jsonText(answer);
  await following(db, learnerId, async (current) => {
    // The lock lets an erasure that has begun finish first, or wait and then take this row with it.
    const { rowCount } = await db.pool.query({
      name: 'save-state',
      text: `with living as (select id from learners where id = $4 for key share),
             answered as (update updates set answer = $5 from living where channel = $1 and updates.id = $6 and done_at is null)
             insert into conversations (channel, chat, learner_id, state, updated_at) select $1, $2, id, $3, now() from living
             on conflict (channel, chat) do update
             set state = excluded.state, learner_id = excluded.learner_id, updated_at = now()`,
      values: [channel, chat === learnerId ? current : chat, kept, current, replies, id],
    });
    return rowCount || undefined;
  });
}

export async function forgetState(db: Database, channel: string, chat: string): Promise<void> {
  await db.pool.query('delete from conversations where channel = $1 and chat = $2', [channel, chat]);
}

export interface LatestMessage {
  id: string;
  /** What it is about. */
  course: string | null;
  /** Whether the learner has said or pressed nothing since. */
  unanswered: boolean;
}

/** The newest pushed message that reached the learner in the window, if any. */
export async function latestMessage(
  db: Database,
  learnerId: string,
  from: Date,
  to: Date,
): Promise<LatestMessage | undefined> {
  const { rows } = await db.pool.query<LatestMessage>({
    name: 'latest-message',
    text: `select id, reply->>'course' as course, not exists (
             select from conversations c where c.learner_id = m.learner_id and c.updated_at > m.sent_at) as unanswered
           from outbox_messages m
           where learner_id = $1 and status = 'sent' and sent_at between $2 and $3
           order by sent_at desc limit 1`,
    values: [learnerId, from, to],
  });
  return rows[0];
}

/** Ids of the communities that a learner was seen to manage since then, the latest first. */
export async function managedSince(db: Database, learnerId: string, since: Date): Promise<string[]> {
  const { rows } = await db.pool.query<{ community: string }>(
    `select state->'managed'->>'community' as community from conversations
     where learner_id = $1 and (state->'managed'->>'at')::timestamptz >= $2
     order by state->'managed'->>'at' desc`,
    [learnerId, since],
  );
  return rows.map((row) => row.community);
}

/** How many wrong codes a learner has handed in since then, in all their chats. */
export async function wrongCodesSince(db: Database, learnerId: string, since: Date): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::int as count from conversations, jsonb_array_elements_text(state->'wrongCodes') as wrong(at)
     where learner_id = $1 and wrong.at::timestamptz >= $2`,
    [learnerId, since],
  );
  return rows[0]!.count;
}
