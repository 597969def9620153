import type { Database } from '../../../prisma/connect.ts';
import type { Arm } from '../assignment.ts';
import type { CampaignState } from '../store.ts';

/** What one arm of a campaign came to. */
export interface ArmResult {
  /** Learners in the arm. */
  planned: number;
  sent: number;
  /** Did anything with the message. */
  pressed: number;
  /** Codes redeemed. */
  redeemed: number;
  /** Purchases, of anybody in the arm, with the code or without, until the offer expires; refunded ones do not count. */
  bought: number;
  /** Minor units by currency. */
  revenue: Record<string, number>;
}

export interface CampaignResult {
  name: string;
  status: CampaignState;
  sendAt: Date;
  expiresAt: Date;
  planned: number;
  heldOut: number;
  /** In the treatment arm without a message, because there was no course to speak of. */
  excluded: number;
  codes: number;
  /** Messages by where they stand: 'pending', 'sent', 'aborted' … */
  messages: Record<string, number>;
  /** Posts to communities by where they stand. */
  posts: Record<string, number>;
  arms: Record<Arm, ArmResult>;
}

/**
 * How campaigns stand, newest first. The totals outlive the erasure of a person; what is lost with
 * them is only a message's state and a purchase that came in from a shop of the seller's own.
 *
 * @param currency of purchases that came in without one.
 */
export async function campaignResults(
  db: Database,
  { name, currency }: { name?: string; currency: string },
): Promise<CampaignResult[]> {
  const { rows: campaigns } = await db.pool.query<CampaignRow>(
    `select id, name, status, send_at, (plan #>> '{offer,expires_at}')::timestamptz as expires_at
     from campaigns where $1::text is null or name = $1 order by created_at desc, id`,
    [name ?? null],
  );
  const ids = campaigns.map((campaign) => campaign.id);
  const [members, coupons, messages, sales] = await Promise.all([
    db.pool.query<MemberRow>(memberCounts, [ids]),
    db.pool.query<CouponRow>(couponCounts, [ids]),
    db.pool.query<MessageRow>(messageCounts, [ids]),
    db.pool.query<SaleRow>(saleCounts, [ids, currency]),
  ]);
  return campaigns.map(({ id, ...campaign }) => {
    const ofCampaign = <Row extends { campaign_id: string }>(rows: Row[]) =>
      rows.filter((row) => row.campaign_id === id);
    const codes = ofCampaign(coupons.rows)[0];
    const arm = (which: Arm): ArmResult => {
      const counted = ofCampaign(members.rows).find((row) => row.arm === which);
      const sold = ofCampaign(sales.rows).filter((row) => row.arm === which);
      return {
        planned: counted?.planned ?? 0,
        sent: counted?.sent ?? 0,
        pressed: counted?.pressed ?? 0,
        redeemed: which === 'treatment' ? (codes?.redeemed ?? 0) : 0,
        bought: sold.reduce((sum, row) => sum + row.count, 0),
        revenue: Object.fromEntries(sold.map((row) => [row.currency, Number(row.minor)])),
      };
    };
    const arms = { treatment: arm('treatment'), holdout: arm('holdout') };
    return {
      name: campaign.name,
      status: campaign.status,
      sendAt: campaign.send_at,
      expiresAt: campaign.expires_at,
      planned: arms.treatment.planned,
      heldOut: arms.holdout.planned,
      excluded: ofCampaign(members.rows).reduce((sum, row) => sum + row.excluded, 0),
      codes: codes?.issued ?? 0,
      messages: byStatus(ofCampaign(messages.rows).filter((row) => !row.post)),
      posts: byStatus(ofCampaign(messages.rows).filter((row) => row.post)),
      arms,
    };
  });
}

interface CampaignRow {
  id: string;
  name: string;
  status: CampaignState;
  send_at: Date;
  expires_at: Date;
}

interface MemberRow {
  campaign_id: string;
  arm: Arm;
  planned: number;
  excluded: number;
  sent: number;
  pressed: number;
}
const memberCounts = `
  select campaign_id, arm, count(*) filter (where excluded is null)::int as planned,
    count(excluded)::int as excluded, count(sent_at)::int as sent, count(pressed_at)::int as pressed
  from campaign_members where campaign_id = any($1::uuid[]) group by campaign_id, arm`;

interface CouponRow {
  campaign_id: string;
  issued: number;
  redeemed: number;
}
const couponCounts = `
  select campaign_id, count(*)::int as issued, count(redeemed_at)::int as redeemed
  from coupons where campaign_id = any($1::uuid[]) group by campaign_id`;

interface MessageRow {
  campaign_id: string;
  post: boolean;
  status: string;
  count: number;
}
const messageCounts = `
  select campaign_id, kind = 'post' as post, status, count(*)::int as count
  from outbox_messages where campaign_id = any($1::uuid[]) group by campaign_id, kind = 'post', status`;

const byStatus = (rows: readonly MessageRow[]): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [row.status, row.count]));

interface SaleRow {
  campaign_id: string;
  arm: Arm;
  currency: string;
  count: number;
  minor: string;
}
// A learner's purchases count for every campaign whose arm they are in, so that overlapping campaigns
// do not take each other's. Orders of erased people know the one campaign they were counted for.
// Purchases that a seller's own shop reports are events without an order.
const saleCounts = `
  with arms as (
    select m.campaign_id, m.arm, m.learner_id, m.created_at as since, (c.plan #>> '{offer,expires_at}')::timestamptz as until
    from campaign_members m join campaigns c on c.id = m.campaign_id
    where m.campaign_id = any($1::uuid[]) and m.excluded is null
  ), sales as (
    select a.campaign_id, a.arm, o.currency, o.paid_minor as minor
    from arms a join orders o on o.learner_id = a.learner_id and o.created_at between a.since and a.until
    where o.status = 'paid'
    union all
    select campaign_id, arm, currency, paid_minor from orders
    where campaign_id = any($1::uuid[]) and learner_id is null and arm is not null and status = 'paid'
    union all
    select a.campaign_id, a.arm, coalesce(co.currency, $2), coalesce(e.value, 0)
    from arms a
    join events e on e.learner_id = a.learner_id and e.type = 'purchase' and e.channel in ('api', 'import')
      and e.set_aside is null and e.occurred_at between a.since and a.until
    left join courses co on co.id = e.course_id
  )
  select campaign_id, arm, currency, count(*)::int as count, round(sum(minor))::bigint as minor
  from sales group by campaign_id, arm, currency`;
