import type { Database } from '../../prisma/connect.ts';
import { readState, type ConversationState } from './state.ts';

export async function loadState(db: Database, channel: string, chat: string): Promise<ConversationState> {
  const { rows } = await db.pool.query<{ state: unknown }>(
    'select state from conversations where channel = $1 and chat = $2',
    [channel, chat],
  );
  return readState(rows[0]?.state);
}

export async function saveState(db: Database, channel: string, chat: string, state: ConversationState): Promise<void> {
  await db.pool.query(
    `insert into conversations (channel, chat, state, updated_at) values ($1, $2, $3, now())
     on conflict (channel, chat) do update set state = excluded.state, updated_at = now()`,
    [channel, chat, JSON.stringify(state)],
  );
}

export async function forgetState(db: Database, channel: string, chat: string): Promise<void> {
  await db.pool.query('delete from conversations where channel = $1 and chat = $2', [channel, chat]);
}

/** The newest pushed message that reached the learner in the window, if any. */
export async function latestMessage(
  db: Database,
  learnerId: string,
  from: Date,
  to: Date,
): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from outbox_messages
     where learner_id = $1 and status = 'sent' and sent_at between $2 and $3
     order by sent_at desc limit 1`,
    [learnerId, from, to],
  );
  return rows[0]?.id;
}
