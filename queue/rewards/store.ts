import type { Address, ChannelName } from '../../core/learner/learner.ts';
import type { Database } from '../../prisma/connect.ts';

/** How far the rewards are given out. Completions are named by their events, so that an erasure takes them along. */
export interface Standing {
  /** Id of the last event looked at. */
  after: string;
  /** Completions whose reward failed, by event. */
  failed: { event: string; tries: number }[];
}

const NAME = 'rewards';

export async function rewardStanding(db: Database): Promise<Standing> {
  const { rows } = await db.pool.query<{ value: Standing }>('select value from settings where name = $1', [NAME]);
  return rows[0]?.value ?? { after: '0', failed: [] };
}

export async function keepRewardStanding(db: Database, standing: Standing): Promise<void> {
  await db.pool.query(
    'insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
    [NAME, JSON.stringify(standing)],
  );
}

/** A completion, with the places of its learner where a reward may be given. */
export interface Completion {
  event: string;
  addresses: Address[];
}

/**
 * Completions among the `limit` events after `after`, oldest first, of learners with an address on one of `channels`.
 *
 * @param before of the time of receipt: ids are given out before they are seen, so the newest wait a moment.
 * @returns `last`: where the next call goes on.
 */
export async function completionsAfter(
  db: Database,
  { after, before, channels, limit }: { after: string; before: Date; channels: readonly ChannelName[]; limit: number },
): Promise<{ completions: Completion[]; last: string }> {
  const { rows } = await db.pool.query<{ last: string | null; complete: string[] | null }>(
    `select max(id)::text as last, array_agg(id::text order by id) filter (where type = 'complete' and set_aside is null) as complete
     from (select id, type, set_aside from events where id > $1 and received_at < $2 order by id limit $3) seen`,
    [after, before, limit],
  );
  const { last, complete } = rows[0]!;
  return { completions: await completionsOf(db, complete ?? [], channels), last: last ?? after };
}

/** Completions by event, those of learners who are nowhere on `channels` left out. */
export async function completionsOf(
  db: Database,
  events: readonly string[],
  channels: readonly ChannelName[],
): Promise<Completion[]> {
  const { rows } = await db.pool.query<{ event: string; learner_id: string; channel: ChannelName; chat: string }>(
    `select e.id::text as event, e.learner_id, a.channel, a.chat
     from events e join addresses a on a.learner_id = e.learner_id and a.channel = any($2::text[])
     where e.id = any($1::bigint[]) order by e.id`,
    [events, channels],
  );
  const byEvent = new Map<string, Completion>();
  for (const { event, learner_id, channel, chat } of rows) {
    const completion = byEvent.get(event) ?? { event, addresses: [] };
    completion.addresses.push({ learnerId: learner_id, channel, chat });
    byEvent.set(event, completion);
  }
  return [...byEvent.values()];
}
