import { randomBytes } from 'node:crypto';
import type { Database } from '../../prisma/connect.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import type { Arm } from './assignment.ts';
import { CODE_BYTES, codeFrom } from './coupon.ts';
import { writePosts, type NewPost } from './community/store.ts';
import type { NewMessage } from './message/message.ts';
import { writeMessages } from './message/store.ts';
import { planJson, storedPlan, type Plan } from './plan.ts';

export type CampaignState = 'scheduled' | 'planning' | 'sending' | 'done' | 'stopped';

export interface Campaign {
  id: string;
  name: string;
  plan: Plan;
  status: CampaignState;
  sendAt: Date;
  /** Last learner planned. */
  cursor: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/**
 * Stores a campaign with its posts; the worker plans it when its time has come. Once a name, whoever
 * starts it at the same time.
 *
 * @param options.draft the draft that it was, which goes with it unless it was changed meanwhile.
 */
export async function createCampaign(
  db: Database,
  plan: Plan,
  now: Date,
  {
    posts = () => [],
    draft,
  }: { posts?: (campaign: Campaign) => NewPost[]; draft?: { id: string; plan: unknown } } = {},
): Promise<{ ok: true; campaign: Campaign } | { ok: false; error: 'campaign.exists' }> {
  return inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<CampaignRow>(
      `insert into campaigns (name, plan, status, send_at, created_at) values ($1, $2, 'scheduled', $3, $4)
     on conflict (name) do nothing returning *`,
      [plan.name, planJson(plan), plan.send_at, now],
    );
    if (!rows[0]) return { ok: false, error: 'campaign.exists' };
    const campaign = asCampaign(rows[0]);
    await writePosts(client, posts(campaign), now);
    if (draft)
      await client.query('delete from campaign_drafts where id = $1 and plan = $2', [
        draft.id,
        JSON.stringify(draft.plan),
      ]);
    return { ok: true, campaign };
  });
}

/** @returns undefined when there is no such campaign, or the id is none. */
export async function campaignOf(db: Database, id: string): Promise<Campaign | undefined> {
  const { rows } = await db.pool.query<CampaignRow>('select * from campaigns where id::text = $1', [id.toLowerCase()]);
  return rows[0] && asCampaign(rows[0]);
}

/** Campaigns, newest first. */
export async function listCampaigns(db: Database): Promise<Campaign[]> {
  const { rows } = await db.pool.query<CampaignRow>('select * from campaigns order by created_at desc, id');
  return rows.map(asCampaign);
}

/** Campaigns whose time has come and whose audience is not planned to the end. */
export async function dueCampaigns(db: Database, now: Date): Promise<Campaign[]> {
  const { rows } = await db.pool.query<CampaignRow>(
    "select * from campaigns where status in ('scheduled', 'planning') and send_at <= $1 order by send_at, id",
    [now],
  );
  return rows.map(asCampaign);
}

/**
 * Ends a campaign: nothing more is planned or sent. Codes that people already have stay good.
 *
 * @returns messages that will now not be sent; undefined when there is no such campaign going on.
 */
export async function stopCampaign(db: Database, name: string, now: Date): Promise<number | undefined> {
  return inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `update campaigns set status = 'stopped', finished_at = $2
       where name = $1 and status in ('scheduled', 'planning', 'sending') returning id`,
      [name, now],
    );
    if (!rows[0]) return undefined;
    const aborted = await client.query(
      `update outbox_messages set status = 'aborted', reason = 'stopped', status_at = $2
       where campaign_id = $1 and status in ('pending', 'queued')`,
      [rows[0].id, now],
    );
    return aborted.rowCount ?? 0;
  });
}

/** Marks campaigns as done whose last message is settled. */
export async function closeCampaigns(db: Database, now: Date): Promise<void> {
  await db.pool.query(
    `update campaigns c set status = 'done', finished_at = $1
     where status = 'sending' and not exists (
       select 1 from outbox_messages where campaign_id = c.id and status in ('pending', 'queued', 'sending'))`,
    [now],
  );
}

// ── planning ────────────────────────────────────────────────────────────────

/** What planning decided for one learner. A treated one has a message with its code, or a reason why not. */
export interface Member {
  learnerId: string;
  arm: Arm;
  excluded?: 'no-course';
  coupon?: { code: string; message: NewMessage };
}

/** Codes nobody has; chance makes a clash with one in the table as good as impossible, and the key refuses it. */
export function newCodes(count: number): string[] {
  return Array.from({ length: count }, () => codeFrom(randomBytes(CODE_BYTES)));
}

/**
 * Writes one page of a campaign's plan, all or nothing, and moves its cursor: members, coupons and
 * messages. When the offer's last code is given out, planning ends there, for both arms.
 *
 * @param next last learner of the page; null when it was the last page.
 * @returns 'end' when planning is through; 'moved' when this page is not to be planned any more: another
 *   process did, or the campaign was stopped.
 */
export async function writePage(
  db: Database,
  campaign: Campaign,
  members: readonly Member[],
  next: string | null,
  now: Date,
): Promise<'more' | 'end' | 'moved'> {
  return inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<{ status: CampaignState; cursor: string | null }>(
      'select status, cursor from campaigns where id = $1 for update',
      [campaign.id],
    );
    const current = rows[0];
    if (!current || !['scheduled', 'planning'].includes(current.status) || current.cursor !== campaign.cursor)
      return 'moved';
    const ids = members.map((member) => member.learnerId);
    const living = await client.query<{ id: string }>(
      'select id from learners where id = any($1::uuid[]) order by id for key share',
      [ids],
    );
    const there = new Set(living.rows.map((row) => row.id));
    // Planned on an earlier page, as the account that has become one with this; or come by a post's link.
    const planned = await client.query<{ id: string }>(
      `select learner_id as id from campaign_members where campaign_id = $1 and learner_id = any($2::uuid[])
       union select learner_id from coupons where campaign_id = $1 and learner_id = any($2::uuid[])`,
      [campaign.id, ids],
    );
    for (const { id } of planned.rows) there.delete(id);
    const issued = await client.query<{ count: number }>(
      'select count(*)::int as count from coupons where campaign_id = $1',
      [campaign.id],
    );
    const { taken, full } = upToLimit(
      members.filter((member) => there.has(member.learnerId)),
      campaign.plan.offer.limit - issued.rows[0]!.count,
    );
    await client.query(
      `insert into campaign_members (campaign_id, learner_id, arm, excluded, created_at)
       select $1, *, $5 from unnest($2::uuid[], $3::text[], $4::text[]) on conflict do nothing`,
      [
        campaign.id,
        taken.map((member) => member.learnerId),
        taken.map((member) => member.arm),
        taken.map((member) => member.excluded ?? null),
        now,
      ],
    );
    const treated = taken.flatMap(({ learnerId, coupon }) => (coupon ? [{ learnerId, ...coupon }] : []));
    await client.query(
      `insert into coupons (campaign_id, learner_id, code, percent, expires_at, created_at)
       select $1, c.*, $4, $5, $6 from unnest($2::uuid[], $3::text[]) c`,
      [
        campaign.id,
        treated.map((member) => member.learnerId),
        treated.map((member) => member.code),
        campaign.plan.offer.percent,
        campaign.plan.offer.expires_at,
        now,
      ],
    );
    await writeMessages(
      client,
      treated.map((member) => member.message),
      now,
    );
    const end = full || next === null;
    await client.query('update campaigns set status = $2, cursor = coalesce($3, cursor) where id = $1', [
      campaign.id,
      end ? 'sending' : 'planning',
      next,
    ]);
    return end ? 'end' : 'more';
  });
}

/** What came of joining: the learner's code, or that there is none for them. */
export type Place =
  { coupon: { code: string; percent: number; expiresAt: Date }; repeated: boolean } | 'held-out' | 'full' | 'stopped';

/**
 * Gives a learner who came by a link their place in a campaign, with one code for life: at once with
 * a page of planning, or with themselves, it is still one. The last code given out ends it for everybody.
 *
 * @param code to use if they have none yet.
 */
export async function takePlace(
  db: Database,
  campaign: Campaign,
  { learnerId, arm, code }: { learnerId: string; arm: Arm; code: string },
  now: Date,
): Promise<Place> {
  return inTransaction(db.pool, async (client) => {
    const { rows: current } = await client.query<{ status: CampaignState }>(
      'select status from campaigns where id = $1 for update',
      [campaign.id],
    );
    if (!current[0] || current[0].status === 'stopped') return 'stopped';
    const had = await client.query<{ code: string; percent: number; expiresAt: Date }>(
      'select code, percent, expires_at as "expiresAt" from coupons where campaign_id = $1 and learner_id = $2',
      [campaign.id, learnerId],
    );
    if (had.rows[0]) return { coupon: had.rows[0], repeated: true };
    const issued = await client.query<{ count: number }>(
      'select count(*)::int as count from coupons where campaign_id = $1',
      [campaign.id],
    );
    const { limit, percent, expires_at: expiresAt } = campaign.plan.offer;
    if (issued.rows[0]!.count >= limit) return 'full';
    const { rows: members } = await client.query<{ arm: Arm }>(
      `insert into campaign_members (campaign_id, learner_id, arm, created_at)
       select $1, id, $3, $4 from learners where id = $2 for key share
       on conflict (campaign_id, learner_id) do update
       set excluded = case when campaign_members.arm = 'treatment' then null else campaign_members.excluded end
       returning arm`,
      [campaign.id, learnerId, arm, now],
    );
    if (members[0]?.arm !== 'treatment') return 'held-out';
    await client.query(
      'update campaign_members set pressed_at = coalesce(pressed_at, $3) where campaign_id = $1 and learner_id = $2',
      [campaign.id, learnerId, now],
    );
    await client.query(
      `insert into coupons (campaign_id, learner_id, code, percent, expires_at, created_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [campaign.id, learnerId, code, percent, expiresAt, now],
    );
    return { coupon: { code, percent, expiresAt }, repeated: false };
  });
}

function upToLimit(members: readonly Member[], codes: number): { taken: Member[]; full: boolean } {
  const taken: Member[] = [];
  let left = codes;
  for (const member of members) {
    if (left <= 0) return { taken, full: true };
    taken.push(member);
    if (member.coupon) left--;
  }
  return { taken, full: left <= 0 };
}

interface CampaignRow {
  id: string;
  name: string;
  plan: unknown;
  status: CampaignState;
  send_at: Date;
  cursor: string | null;
  created_at: Date;
  finished_at: Date | null;
}

function asCampaign(row: CampaignRow): Campaign {
  return {
    id: row.id,
    name: row.name,
    plan: storedPlan(row.plan),
    status: row.status,
    sendAt: row.send_at,
    cursor: row.cursor,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}
