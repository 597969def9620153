/** Messages that stand on a platform and to which something may come back. */

import type { ChannelName } from '../../core/learner/learner.ts';
import type { Reply } from '../../core/language/reply.ts';
import type { Database } from '../../prisma/connect.ts';
import { jsonText } from '../../prisma/json.ts';

export interface SentMessage {
  channel: ChannelName;
  chat: string;
  platformId: string;
  /** Left out for what stands in a community. */
  learnerId?: string | undefined;
  course?: string | undefined;
  /** Slate or outbox message, see `refOf`. */
  ref?: string | undefined;
  /** Of a message that shows its replies one at a time. */
  pages?: readonly Reply[] | undefined;
}

/** Keeps what a message shows, in place of what it showed before; nothing of a learner who was erased meanwhile. */
export async function keepSent(db: Database, message: SentMessage): Promise<void> {
  const { channel, chat, platformId, learnerId, course, ref, pages } = message;
  // The lock lets an erasure that has begun finish first, or wait and then take this row with it.
  await db.pool.query({
    name: 'keep-sent',
    text: `with living as (select id from learners where id = $4 for key share)
           insert into sent_messages (channel, chat, platform_id, learner_id, course, ref, pages)
           select $1, $2, $3, $4, $5, $6, $7 where $4::uuid is null or exists (select 1 from living)
           on conflict (channel, chat, platform_id) do update
           set learner_id = excluded.learner_id, course = excluded.course, ref = excluded.ref, pages = excluded.pages`,
    values: [channel, chat, platformId, learnerId, course, ref, pages && jsonText(pages)],
  });
}

/** @returns undefined for a message that is not ours, shows nothing to come back to, or was forgotten. */
export async function findSent(
  db: Database,
  channel: ChannelName,
  chat: string,
  platformId: string,
): Promise<SentMessage | undefined> {
  const { rows } = await db.pool.query<Row>({
    name: 'find-sent',
    text: 'select learner_id, course, ref, pages from sent_messages where channel = $1 and chat = $2 and platform_id = $3',
    values: [channel, chat, platformId],
  });
  const [row] = rows;
  if (!row) return undefined;
  return {
    channel,
    chat,
    platformId,
    ...(row.learner_id !== null && { learnerId: row.learner_id }),
    ...(row.course !== null && { course: row.course }),
    ...(row.ref !== null && { ref: row.ref }),
    ...(row.pages !== null && { pages: row.pages }),
  };
}

interface Row {
  learner_id: string | null;
  course: string | null;
  ref: string | null;
  pages: Reply[] | null;
}
