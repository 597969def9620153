import { beforeEach, describe, expect, test } from 'vitest';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { eventKey } from '../../../core/behaviour/key.ts';
import { armOf } from '../../../core/campaign/assignment.ts';
import { meetCommunity, trustCommunity, type Community } from '../../../core/campaign/community/store.ts';
import { joinCampaign } from '../../../core/campaign/join.ts';
import { parsePlan, planJson, storedPlan, type Plan } from '../../../core/campaign/plan.ts';
import { planCampaigns, type Planning } from '../../../core/campaign/planning.ts';
import { campaignPost, placesOf } from '../../../core/campaign/post.ts';
import { campaignResults } from '../../../core/campaign/result/store.ts';
import { createCampaign, stopCampaign, type Campaign } from '../../../core/campaign/store.ts';
import { createCatalogue } from '../../../core/catalogue/catalogue.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { render } from '../../../core/language/render.ts';
import type { Reply } from '../../../core/language/reply.ts';
import { listingRecommender, sampleCourse } from '../../doubles/recommender.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const now = new Date('2027-03-01T12:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
let planning: Planning;

beforeEach(async () => {
  await db.pool.query('truncate learners, courses, orders, coupons, campaigns, communities, outbox_messages cascade');
  const courses = [sampleCourse('free', 'Data', { priceMinor: 0 }), sampleCourse('data', 'Data')];
  await upsertCourses(db, courses);
  const { recommender } = listingRecommender(courses);
  planning = { db, catalogue: await createCatalogue(db), recommender: () => recommender, defaultTimeZone: 'UTC' };
});

const written = (change: object = {}) => ({
  name: 'spring',
  audience: { everyone: true },
  offer: { percent: 20, expires_at: days(7).toISOString(), limit: 1000 },
  text: { en: 'Your code {{ code }}' },
  holdout: 0,
  post: { text: { en: '{{ percent }}% off until {{ expires }}' }, to: ['here'] },
  ...change,
});

function plan(change: object = {}): Plan {
  const parsed = parsePlan(written(change), now);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.plan;
}

async function started(change: object = {}): Promise<Campaign> {
  const made = await createCampaign(db, plan(change), now);
  if (!made.ok) throw new Error(made.error);
  return made.campaign;
}

/** Somebody who agreed to nothing. */
async function learner(data: object = {}): Promise<string> {
  return (await db.prisma.learner.create({ data })).id;
}

const join = (campaignId: string, learnerId: string, at = now) =>
  joinCampaign(db, { campaignId, learnerId, now: at, ...planning });

describe('who comes by the link', () => {
  test('gets one code for life and the course it fits, without having agreed to messages', async () => {
    const [{ id }, ann] = [await started(), await learner()];
    const joined = await join(id, ann);
    expect(joined).toMatchObject({ ok: true, repeated: false, coupon: { percent: 20, expiresAt: days(7) } });
    if (!joined.ok) throw new Error();
    expect(joined.suggestion!.course.id).toBe('data');
    const again = await join(id.toUpperCase(), ann, days(1));
    expect(again).toMatchObject({ ok: true, repeated: true, coupon: { code: joined.coupon.code } });
    expect(await db.prisma.coupon.count()).toBe(1);
    expect(await db.prisma.campaignMember.findMany()).toMatchObject([
      { learnerId: ann, arm: 'treatment', pressedAt: now },
    ]);
    const [result] = await campaignResults(db, { currency: 'CNY' });
    expect(result).toMatchObject({ codes: 1, arms: { treatment: { planned: 1, sent: 0, pressed: 1 } } });
  });

  test('gets one code when they press at once from several places', async () => {
    const [{ id }, ann] = [await started(), await learner()];
    const joined = await Promise.all([1, 2, 3, 4].map(() => join(id, ann)));
    expect(new Set(joined.map((one) => one.ok && one.coupon.code)).size).toBe(1);
    expect(await db.prisma.coupon.count()).toBe(1);
  });

  test('and is planned as well still has one code, and gets no message about a second', async () => {
    const { id } = await started();
    const ann = await learner({ messages: true, recording: true });
    await db.prisma.address.create({ data: { learnerId: ann, channel: 'web', chat: ann, messages: true } });
    const ben = await learner({ messages: true, recording: true });
    await db.prisma.address.create({ data: { learnerId: ben, channel: 'web', chat: ben, messages: true } });
    await join(id, ann);
    expect(await planCampaigns(planning, now)).toBeGreaterThan(0);
    expect(await db.prisma.coupon.count()).toBe(2);
    expect(await db.prisma.outboxMessage.findMany()).toMatchObject([{ learnerId: ben }]);
    // The other way round: the planned code is the one that is shown.
    expect(await join(id, ben)).toMatchObject({ ok: true, repeated: true });
    expect(await db.prisma.coupon.count()).toBe(2);
  });

  test('is told the same when they are held out as when the rule does not name them', async () => {
    const { id } = await started({ holdout: 0.5, audience: { language: 'en' } });
    const english = await Promise.all(Array.from({ length: 30 }, () => learner({ language: 'en' })));
    const held = english.filter((one) => armOf('spring', one, 0.5) === 'holdout');
    expect(held.length).toBeGreaterThan(3);
    for (const one of english) {
      const joined = await join(id, one);
      expect(joined.ok).toBe(!held.includes(one));
      if (!joined.ok) expect(joined.error).toBe('campaign.not-for-you');
    }
    expect(await join(id, await learner({ language: 'zh' }))).toEqual({ ok: false, error: 'campaign.not-for-you' });
    // Who is held out is counted, to compare with.
    expect(await db.prisma.campaignMember.count({ where: { arm: 'holdout' } })).toBe(held.length);
    expect(await db.prisma.campaignMember.count()).toBe(30);
    expect(await db.prisma.coupon.count()).toBe(30 - held.length);
  });

  test('is not looked at by their behaviour without consent', async () => {
    const { id } = await started({ audience: { stage: ['new', 'active', 'paying', 'at-risk', 'lapsed'] } });
    expect(await join(id, await learner())).toEqual({ ok: false, error: 'campaign.not-for-you' });
    const ann = await learner({ recording: true });
    await recordEvents(db, [
      {
        idempotencyKey: eventKey('view', ann),
        learnerId: ann,
        courseId: 'data',
        type: 'view',
        value: null,
        occurredAt: now,
        channel: 'web',
        circumstances: {},
      },
    ]);
    expect(await join(id, ann)).toMatchObject({ ok: true });
  });

  test('finds the limit, also when all come at once', async () => {
    const { id } = await started({ offer: { percent: 20, expires_at: days(7).toISOString(), limit: 3 } });
    const all = await Promise.all(Array.from({ length: 8 }, () => learner()));
    const joined = await Promise.all(all.map((one) => join(id, one)));
    expect(joined.filter((one) => one.ok)).toHaveLength(3);
    expect(joined.filter((one) => !one.ok && one.error === 'campaign.full')).toHaveLength(5);
    expect(await db.prisma.coupon.count()).toBe(3);
  });

  test.each([
    ['before its time', {}, -1, 'campaign.not-open'],
    ['when it is over', {}, 7, 'campaign.over'],
  ])('%s gets nothing', async (_, change, day, error) => {
    const { id } = await started(change);
    expect(await join(id, await learner(), days(day))).toEqual({ ok: false, error });
  });

  test('of a stopped campaign, of none, or as nobody gets nothing', async () => {
    const { id } = await started();
    await stopCampaign(db, 'spring', now);
    expect(await join(id, await learner())).toEqual({ ok: false, error: 'campaign.over' });
    expect(await join('nonsense', await learner())).toEqual({ ok: false, error: 'campaign.unknown' });
    const { id: other } = await started({ name: 'summer' });
    expect(await join(other, id)).toEqual({ ok: false, error: 'campaign.not-for-you' });
    expect(await join(other, await learner({ simulated: true }))).toEqual({ ok: false, error: 'campaign.not-for-you' });
    expect(await db.prisma.coupon.count()).toBe(0);
  });
});

describe('the post of a plan', () => {
  test.each([
    [{ text: { en: 'x' }, to: [] }, 'post.to'],
    [{ text: { en: 'x' }, to: ['there'] }, 'post.to.0: here, telegram:'],
    [{ text: {}, to: ['here'] }, 'post.text: give the text'],
    [{ text: { en: '{{ code }}' }, to: ['here'] }, 'post.text.en: unknown variable "code"; there are percent, expires'],
    [{ text: { en: 'x' }, to: ['here'], at: 1 }, 'post.at: unknown key'],
  ])('%j is refused: %s', (post, problem) => {
    const parsed = parsePlan(written({ post }), now);
    expect(parsed.ok ? [] : parsed.problems).toContainEqual(expect.stringContaining(problem));
  });

  test('is stored with the plan', () => {
    expect(storedPlan(JSON.parse(JSON.stringify(planJson(plan()))))).toEqual(plan());
  });

  const place = (channel: 'telegram' | 'discord', chat: string, more: Partial<Community> = {}): Community => ({
    id: `${channel}-${chat}`,
    channel,
    chat,
    title: '',
    trusted: true,
    active: true,
    settings: {},
    ...more,
  });
  const all = [
    place('telegram', '-100'),
    place('telegram', '-200', { trusted: false }),
    place('telegram', '-300', { active: false }),
    place('discord', '111111111111111111'),
  ];
  const places = (to: string[], known = all) => {
    const resolved = placesOf({ post: { text: { en: 'x' }, to } }, known, undefined);
    return resolved.ok
      ? resolved.places.map(({ community, thread }) => [community.id, ...(thread ? [thread] : [])].join('/'))
      : resolved.problems;
  };

  test('goes where the plan says, each place once', () => {
    expect(places(['telegram:-100', 'telegram:-100/7', 'telegram:-100'])).toEqual(['telegram--100', 'telegram--100/7']);
    expect(places(['discord:111111111111111111/222', 'discord:111111111111111111'])).toEqual([
      'discord-111111111111111111/222',
      'discord-111111111111111111',
    ]);
    // With one server a channel alone is clear.
    expect(places(['discord:333'])).toEqual(['discord-111111111111111111/333']);
    expect(places(['discord:333'], [...all, place('discord', '999')])[0]).toContain('discord:<server>/<channel>');
  });

  test('goes to no place that the bot is not in, that is not trusted, or that is not there', () => {
    expect(places(['telegram:-100', 'telegram:-200', 'telegram:-300', 'telegram:-4', 'here'])).toEqual([
      'post.to.1: not trusted yet: coursebell community trust telegram--200',
      expect.stringMatching(/^post.to.2: the bot is in no such community/),
      expect.stringMatching(/^post.to.3: the bot is in no such community/),
      expect.stringMatching(/^post.to.4: "here" is the group in which a campaign is started/),
    ]);
  });

  test('is written with the campaign, once, waits for its time, and goes with a stop', async () => {
    const community = await meetCommunity(db, { channel: 'telegram', chat: '-100', title: '' });
    await trustCommunity(db, community.id, true);
    const wanted = plan({ send_at: days(1).toISOString() });
    const begin = () =>
      createCampaign(db, wanted, now, {
        posts: (made) => [campaignPost(made, { community, thread: '9' }, 'Asia/Shanghai')],
      });
    const made = await Promise.all([begin(), begin(), begin()]);
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    const [post, ...more] = await db.prisma.outboxMessage.findMany();
    expect(more).toEqual([]);
    const campaign = made.flatMap((one) => (one.ok ? [one.campaign] : []))[0]!;
    expect(post).toMatchObject({
      kind: 'post',
      communityId: community.id,
      thread: '9',
      campaignId: campaign.id,
      notBefore: days(1),
      expiresAt: days(7),
    });
    const reply = post!.reply as unknown as Reply;
    expect(render(reply.text, 'zh')).toBe('20% off until 2027年3月8日 20:00（Asia/Shanghai）');
    expect(reply.buttons!.flat().map(({ id }) => id)).toEqual([`join||${campaign.id}`]);
    const [before] = await campaignResults(db, { currency: 'CNY' });
    expect(before).toMatchObject({ messages: {}, posts: { pending: 1 } });
    await stopCampaign(db, 'spring', now);
    const [after] = await campaignResults(db, { currency: 'CNY' });
    expect(after!.posts).toEqual({ aborted: 1 });
  });
});
