import { beforeEach, describe, expect, test } from 'vitest';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { eventKey } from '../../../core/behaviour/key.ts';
import type { EventTypeName } from '../../../core/behaviour/event-types.ts';
import { createCatalogue, type Catalogue } from '../../../core/catalogue/catalogue.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { armOf } from '../../../core/campaign/assignment.ts';
import { recordOutcome } from '../../../core/campaign/message/store.ts';
import { parsePlan, type Plan } from '../../../core/campaign/plan.ts';
import { dryRun, planCampaigns, planPushes, type Planning } from '../../../core/campaign/planning.ts';
import { effectiveHour, isPushTime } from '../../../core/campaign/push.ts';
import { campaignResults } from '../../../core/campaign/result/store.ts';
import { checkout, couponsOf } from '../../../core/campaign/sale/store.ts';
import { createCampaign, stopCampaign } from '../../../core/campaign/store.ts';
import { decodePress, type Reply } from '../../../core/language/reply.ts';
import { render } from '../../../core/language/render.ts';
import { listingRecommender, sampleCourse } from '../../doubles/recommender.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
/** 20:00 in Shanghai. */
const now = new Date('2027-03-01T12:00:00Z');
const days = (n: number) => new Date(now.getTime() + n * 86_400_000);
const courses = [
  sampleCourse('free', 'Data', { priceMinor: 0 }),
  sampleCourse('data', 'Data'),
  sampleCourse('music', 'Music'),
  sampleCourse('python', 'Python'),
];
let catalogue: Catalogue;
let asked: ReturnType<typeof listingRecommender>['asked'];
let planning: Planning;

beforeEach(async () => {
  await db.pool.query('truncate learners, courses, orders, coupons, campaigns, events cascade');
  await upsertCourses(db, courses);
  catalogue = await createCatalogue(db);
  const listing = listingRecommender(courses);
  asked = listing.asked;
  planning = { db, catalogue, recommender: () => listing.recommender, defaultTimeZone: 'Asia/Shanghai' };
});

async function learner(data: Record<string, unknown> = {}, reachable = true): Promise<string> {
  const { id } = await db.prisma.learner.create({ data: { messages: true, recording: true, language: 'en', ...data } });
  await db.prisma.address.create({ data: { learnerId: id, channel: 'web', chat: id, reachable, messages: true } });
  return id;
}
let events = 0;
async function did(
  learnerId: string,
  type: EventTypeName,
  courseId: string,
  daysAgo: number,
  value: number | null = null,
) {
  const idempotencyKey = eventKey('test', String(events++));
  await recordEvents(db, [
    { idempotencyKey, learnerId, courseId, type, value, occurredAt: days(-daysAgo), channel: 'web', circumstances: {} },
  ]);
}
function plan(change: Record<string, unknown> = {}): Plan {
  const parsed = parsePlan(
    {
      name: 'spring',
      audience: { everyone: true },
      offer: { percent: 20, expires_at: days(7).toISOString(), limit: 1000 },
      text: { en: 'Your code {{ code }}: {{ percent }}% off until {{ expires }}', zh: '优惠码 {{ code }}' },
      holdout: 0,
      ...change,
    },
    now,
  );
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.plan;
}
async function run(change: Record<string, unknown> = {}) {
  const created = await createCampaign(db, plan(change), now);
  if (!created.ok) throw new Error(created.error);
  await planCampaigns(planning, now);
  return created.campaign.id;
}
const members = () => db.prisma.campaignMember.findMany({ orderBy: { learnerId: 'asc' } });
const result = async () => (await campaignResults(db, { currency: 'CNY' }))[0]!;

describe('the audience', () => {
  test('is a rule over stage, interest and what people say of themselves', async () => {
    const fresh = await learner();
    const active = await learner({ language: 'zh', level: 'beginner' });
    await did(active, 'view', 'data', 25);
    await did(active, 'save', 'data', 2);
    await did(active, 'view', 'music', 2);
    const lapsed = await learner();
    await did(lapsed, 'purchase', 'music', 120, 10_000);
    const declared = await learner({ declaredTopics: ['python'] });
    const chosen = async (audience: unknown) => {
      const counts = await dryRun(planning, plan({ audience }), now);
      await db.pool.query('truncate campaigns cascade');
      await run({ audience });
      const planned = (await members()).map((member) => member.learnerId!);
      expect(counts).toMatchObject({ audience: planned.length, codes: planned.length });
      await db.pool.query('truncate outbox_messages');
      return new Set(planned);
    };
    expect(await chosen({ everyone: true })).toEqual(new Set([fresh, active, lapsed, declared]));
    expect(await chosen({ stage: ['new'] })).toEqual(new Set([fresh, declared]));
    expect(await chosen({ stage: ['active', 'lapsed'] })).toEqual(new Set([active, lapsed]));
    expect(await chosen({ interest: { topics: ['DATA', 'Python'] } })).toEqual(new Set([active, declared]));
    expect(await chosen({ interest: { topics: ['Music'], min: 0.9 } })).toEqual(new Set([lapsed]));
    expect(await chosen({ language: 'zh' })).toEqual(new Set([active]));
    expect(await chosen({ level: ['beginner', 'advanced'] })).toEqual(new Set([active]));
    expect(
      await chosen({ not: { interest: { topics: ['Data'] } }, any: [{ stage: ['lapsed'] }, { stage: ['new'] }] }),
    ).toEqual(new Set([fresh, lapsed, declared]));
    expect(await chosen({ all: [{ stage: ['active'] }, { not: { language: 'zh' } }] })).toEqual(new Set());
  });

  test('leaves out who did not agree, can not be reached, is simulated, or turned personalisation off', async () => {
    await learner({ messages: false });
    await learner({}, false);
    await learner({ simulated: true });
    const general = await learner({ personalised: false });
    const me = await learner();
    expect(await dryRun(planning, plan(), now)).toEqual({
      audience: 4,
      consenting: 3,
      reachable: 2,
      heldOut: 0,
      codes: 2,
      simulated: 1,
    });
    await run();
    expect(new Set((await members()).map((member) => member.learnerId))).toEqual(new Set([general, me]));
    expect(await dryRun(planning, plan({ audience: { stage: ['new'] } }), now)).toMatchObject({
      codes: 1,
      simulated: 1,
    });
  });
});

describe('a campaign', () => {
  test('sends each their own code, course and reason, in both languages', async () => {
    const me = await learner({ timeZone: 'Europe/London' });
    const id = await run();
    const [message] = await db.prisma.outboxMessage.findMany();
    const [coupon] = await couponsOf(db, me);
    expect(message).toMatchObject({
      idempotencyKey: `campaign:${id}:${me}`,
      learnerId: me,
      kind: 'campaign',
      expiresAt: days(7),
      circumstances: { list: 'campaign', modelVersion: 'listing', position: 0, propensity: 0.9 },
    });
    const reply = message!.reply as unknown as Reply;
    // 'free' comes first in the list, but there is nothing to take off its price.
    expect(reply.course).toBe('data');
    expect(render(reply.text, 'en')).toBe(
      `Your code ${coupon!.code}: 20% off until 8 March 2027, 12:00\n\nOur suggestion: “Course data”. Popular with learners here.`,
    );
    expect(render(reply.text, 'zh')).toContain(`优惠码 ${coupon!.code}\n\n推荐你用在《课程 data》上。`);
    expect(decodePress(reply.buttons![0]![0]!.id)).toEqual({
      action: 'buy',
      course: 'data',
      value: coupon!.code,
      ref: `m${message!.id}`,
    });
    expect(asked[0]).toMatchObject({ explore: false, list: 'campaign' });
    for (const button of reply.buttons!.flat())
      for (const language of ['en', 'zh'] as const) expect(render(button.label as never, language)).not.toBe('');
  });

  test('holds out by hash, the same people at every count, and gives them nothing', async () => {
    const ids = [];
    for (let i = 0; i < 30; i++) ids.push(await learner());
    const held = ids.filter((id) => armOf('spring', id, 0.5) === 'holdout');
    expect(await dryRun(planning, plan({ holdout: 0.5 }), now)).toMatchObject({
      heldOut: held.length,
      codes: 30 - held.length,
    });
    await run({ holdout: 0.5 });
    expect(new Set((await members()).filter(({ arm }) => arm === 'holdout').map(({ learnerId }) => learnerId))).toEqual(
      new Set(held),
    );
    expect(await db.prisma.outboxMessage.count({ where: { learnerId: { in: held } } })).toBe(0);
    expect(await db.prisma.coupon.count()).toBe(30 - held.length);
  });

  test('planned by two at once, and again, writes one message and one code a learner', async () => {
    for (let i = 0; i < 12; i++) await learner();
    const created = await createCampaign(db, plan(), now);
    expect(created.ok).toBe(true);
    await Promise.all([planCampaigns(planning, now), planCampaigns(planning, now), planCampaigns(planning, now)]);
    await planCampaigns(planning, now);
    expect([await db.prisma.outboxMessage.count(), await db.prisma.coupon.count()]).toEqual([12, 12]);
  });

  test('issues no more codes than its limit', async () => {
    for (let i = 0; i < 10; i++) await learner();
    await run({ offer: { percent: 10, expires_at: days(7).toISOString(), limit: 4 } });
    expect(await result()).toMatchObject({ planned: 4, codes: 4, status: 'sending', messages: { pending: 4 } });
  });

  test('waits for its time', async () => {
    await learner();
    await createCampaign(db, plan({ send_at: days(1).toISOString() }), now);
    expect([await planCampaigns(planning, now), await planCampaigns(planning, days(1))]).toEqual([0, 1]);
  });

  test('whose words name a course leaves out who has none, and says so', async () => {
    await learner({ messageTopics: ['Cooking'] });
    await learner();
    await run({ text: { en: '{{ code }} for {{ course }}' } });
    expect(await result()).toMatchObject({ planned: 1, excluded: 1, codes: 1 });
  });

  test('of a name that exists is refused, and one that is stopped plans no more', async () => {
    await learner();
    await createCampaign(db, plan(), now);
    expect(await createCampaign(db, plan(), now)).toEqual({ ok: false, error: 'campaign.exists' });
    expect(await stopCampaign(db, 'spring', now)).toBe(0);
    expect(await planCampaigns(planning, now)).toBe(0);
    expect(await stopCampaign(db, 'spring', now)).toBeUndefined();
  });

  test('counts by arm what came back, the holdout’s purchases too, and after an erasure the same', async () => {
    const ids = [];
    for (let i = 0; i < 12; i++) ids.push(await learner());
    await run({ holdout: 0.5 });
    const treated = ids.filter((id) => armOf('spring', id, 0.5) === 'treatment');
    const held = ids.filter((id) => armOf('spring', id, 0.5) === 'holdout');
    const [a, b] = treated as [string, string];
    const buy = (learnerId: string, courseId: string, couponCode: string | undefined, at = days(1)) =>
      checkout(db, {
        learnerId,
        courseId,
        channel: 'web',
        at,
        idempotencyKey: `${learnerId}:${courseId}`,
        currency: 'CNY',
        ...(couponCode !== undefined && { couponCode }),
      });
    const [coupon] = await couponsOf(db, a);
    expect(await buy(a, 'data', coupon!.code)).toMatchObject({ ok: true, order: { paidMinor: 8000 } });
    await buy(b, 'data', undefined);
    await buy(held[0]!, 'music', undefined);
    await buy(held[1]!, 'music', undefined, days(8)); // after the offer
    // Bought in the seller's own shop, which reports it: an event and no order.
    await did(held[2]!, 'purchase', 'python', -2, 5000);
    await db.pool.query("update events set channel = 'api'");
    const message = await db.prisma.outboxMessage.findFirstOrThrow({ where: { learnerId: a } });
    await recordOutcome(db, { messageId: message.id, learnerId: a, outcome: 'pressed', at: days(1) });
    const arms = {
      treatment: { planned: treated.length, pressed: 1, redeemed: 1, bought: 2, revenue: { CNY: 18_000 } },
      holdout: { planned: held.length, sent: 0, pressed: 0, redeemed: 0, bought: 2, revenue: { CNY: 15_000 } },
    };
    expect(await result()).toMatchObject({ planned: treated.length, heldOut: held.length, arms });
    // A later campaign that overlaps does not take the sales of this one.
    await createCampaign(db, plan({ name: 'summer' }), now);
    await planCampaigns(planning, now);
    await buy(b, 'python', undefined);
    arms.treatment.bought += 1;
    arms.treatment.revenue.CNY += 10_000;
    expect((await campaignResults(db, { currency: 'CNY', name: 'spring' }))[0]).toMatchObject({ arms });
    await db.prisma.learner.deleteMany({ where: { id: { in: [a, held[0]!] } } });
    expect((await campaignResults(db, { currency: 'CNY', name: 'spring' }))[0]).toMatchObject({
      planned: treated.length,
      heldOut: held.length,
      arms,
    });
  });
});

describe('the daily push', () => {
  const pushes = () => db.prisma.outboxMessage.findMany({ where: { kind: 'push' } });

  test('comes at the learner’s own hour, once a day of theirs', async () => {
    const here = await learner({ pushHour: 20 });
    const later = await learner({ pushHour: 21 });
    const london = await learner({ pushHour: 12, timeZone: 'Europe/London' });
    await learner({ pushHour: 20, messages: false });
    await Promise.all([planPushes(planning, now), planPushes(planning, now)]);
    await planPushes(planning, new Date(now.getTime() + 900_000));
    const rows = await pushes();
    expect(new Set(rows.map((row) => row.idempotencyKey))).toEqual(
      new Set([`push:${here}:2027-03-01`, `push:${london}:2027-03-01`]),
    );
    expect(rows.map((row) => row.learnerId)).not.toContain(later);
    const reply = rows[0]!.reply as unknown as Reply;
    expect(render(reply.text, 'en')).toBe('A course for you today: “Course free”. Popular with learners here.');
    expect(render(reply.text, 'zh')).toMatch(/^今天给你推荐《课程 free》。.+。$/);
    expect(reply.buttons!.flat().map((button) => decodePress(button.id))).toEqual([
      { action: 'course', course: 'free', ref: `m${rows[0]!.id}` },
      { action: 'save', course: 'free', ref: `m${rows[0]!.id}` },
      { action: 'dismiss', course: 'free', ref: `m${rows[0]!.id}` },
      { action: 'mute', ref: `m${rows[0]!.id}` },
    ]);
  });

  test('keeps to the topics people want, and does not show a course again for a month', async () => {
    const me = await learner({ pushHour: 20, messageTopics: ['Data'] });
    for (let day = 0; day < 3; day++) await planPushes(planning, days(day));
    expect((await pushes()).map((row) => (row.reply as unknown as Reply).course)).toEqual(['free', 'data']);
    await planPushes(planning, days(31));
    expect(await db.prisma.outboxMessage.count({ where: { learnerId: me } })).toBe(3);
  });

  test('knows nothing of who turned personalisation off', async () => {
    await learner({ pushHour: 20, personalised: false, declaredTopics: ['Music'] });
    await planPushes(planning, now);
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toHaveProperty('state');
    expect(asked[0]).not.toHaveProperty('declaredTopics');
  });

  test('an hour inside the quiet hours moves to the nearer edge', () => {
    const hour = (pushHour: number, quietFrom = 22, quietTo = 8) => effectiveHour({ pushHour, quietFrom, quietTo });
    expect([hour(19), hour(22), hour(2), hour(3), hour(7), hour(8)]).toEqual([19, 21, 21, 8, 8, 8]);
    expect([hour(13, 12, 14), hour(12, 12, 14), hour(5, 9, 9)]).toEqual([14, 11, 5]);
  });

  test('is caught up with for some hours, not in the middle of the night', () => {
    const me = { pushHour: 20, quietFrom: 22, quietTo: 8, timeZone: 'Asia/Shanghai' };
    const at = (hour: number) => isPushTime(me, new Date(now.getTime() + (hour - 20) * 3_600_000), 'UTC');
    expect([at(19), at(20), at(21), at(22), at(23)]).toEqual([false, true, true, false, false]);
  });
});
