import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createLinks } from '../../../bots/conversation/deep-link.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { saveDraft } from '../../../core/campaign/draft/store.ts';
import { trustCommunity, type Community } from '../../../core/campaign/community/store.ts';
import { planCampaigns } from '../../../core/campaign/planning.ts';
import { checkout, couponsOf } from '../../../core/campaign/sale/store.ts';
import { decodePress, type Reply } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';
import { member, newCommunity } from './managers.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;
let community: Community;

beforeAll(async () => {
  const links = createLinks();
  links.set('web', (payload) => `https://chat.example/?start=${payload}`);
  services = { ...(await fixtureServices(db, (line) => problems.push(line))), links };
});

beforeEach(async () => {
  await db.pool.query('truncate campaigns, campaign_drafts, communities, outbox_messages, learners cascade');
  community = await newCommunity(services);
});

const plan = (change: object = {}) => ({
  name: 'Spring',
  audience: { everyone: true },
  offer: { percent: 25, expires_at: '2026-12-01T00:00:00Z', limit: 50 },
  text: { en: 'Your code: {{ code }}', zh: '优惠码：{{ code }}' },
  holdout: 0,
  ...change,
});

async function sends(manager: Person, content: unknown, words = '/campaign') {
  const { around } = manager;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  manager.around = { ...around, attachment: { name: 'plan.json', content: text } };
  const said = await manager.says(words);
  manager.around = around;
  return said;
}

async function consenting(language = 'en') {
  const { id } = await db.prisma.learner.create({ data: { messages: true, recording: true, language } });
  await db.prisma.address.create({ data: { learnerId: id, channel: 'web', chat: id, messages: true } });
  return id;
}

const campaigns = () => db.prisma.campaign.findMany();
const posts = () => db.prisma.outboxMessage.findMany({ where: { kind: 'post' } });

test('an attached plan is kept, shown with whom it would reach, and starts on the button', async () => {
  await Promise.all([consenting(), consenting(), consenting('zh')]);
  const manager = await member(services, community);
  const shown = await sends(manager, plan());
  expect(shown).toContain('25% off');
  expect(shown).toContain('Agreed to messages: 3');
  expect(shown).toContain('Would get a code: 3');
  expect(await campaigns()).toEqual([]);
  expect(await db.prisma.campaignDraft.findMany()).toMatchObject([{ name: 'Spring', plan: plan() }]);
  expect(await manager.chooses('campaign||start')).toContain('Started “Spring”');
  expect(await campaigns()).toMatchObject([{ name: 'Spring', status: 'scheduled' }]);
  expect(await db.prisma.campaignDraft.count()).toBe(0);
  expect(await posts()).toEqual([]);
});

test('a file without a caption is taken for a plan as well', async () => {
  const manager = await member(services, community);
  expect(await sends(manager, plan(), '')).toContain('Shall I start it?');
});

test('it starts once, whoever presses and however often', async () => {
  const [one, other] = [await member(services, community), await member(services, community)];
  await sends(one, plan());
  const start = one.buttons.find((id) => id.startsWith('campaign||start'))!;
  await Promise.all([one.presses(start), other.presses(start)]);
  expect(await campaigns()).toHaveLength(1);
  expect(await one.presses(start)).toContain('has been started already');
  expect(await campaigns()).toHaveLength(1);
});

test('who is no admin neither sees, nor starts, nor stops', async () => {
  const [manager, guest] = [await member(services, community), await member(services, community, { admin: false })];
  await sends(manager, plan());
  const start = manager.buttons.find((id) => id.startsWith('campaign||start'))!;
  for (const words of ['/campaign', '/campaign Spring', '/campaign status', '/campaign stop Spring'])
    expect(await guest.says(words)).toContain('Only those who manage');
  expect(await sends(guest, plan({ name: 'Mine' }))).toContain('Only those who manage');
  expect(await guest.presses(start)).toContain('Only those who manage');
  expect(await campaigns()).toEqual([]);
  expect(await db.prisma.campaignDraft.count()).toBe(1);
});

test.each(['en', 'zh'] as const)(
  'an admin whom the operator does not trust gets the command for the operator (%s)',
  async (language) => {
    const strange = await newCommunity(services, { trusted: false });
    const admin = await member(services, strange, { language });
    expect(await sends(admin, plan())).toContain(`coursebell community trust ${strange.id}`);
    expect(await db.prisma.campaignDraft.count()).toBe(0);
    await trustCommunity(db, strange.id, true);
    await sends(admin, plan());
    const start = admin.buttons.find((id) => id.startsWith('campaign||start'))!;
    await trustCommunity(db, strange.id, false);
    await admin.presses(start);
    expect(await campaigns()).toEqual([]);
  },
);

test('a draft that was changed since it was shown asks again', async () => {
  const manager = await member(services, community);
  await sends(manager, plan());
  const old = manager.buttons.find((id) => id.startsWith('campaign||start'))!;
  await saveDraft(db, 'Spring', plan({ offer: { ...plan().offer, percent: 90 } }), manager.now);
  const again = await manager.presses(old);
  expect(again).toContain('was changed since you looked');
  expect(again).toContain('90% off');
  expect(await campaigns()).toEqual([]);
  await manager.chooses('campaign||start');
  expect(await campaigns()).toMatchObject([{ plan: { offer: { percent: 90 } } }]);
});

test('a saved draft is found by its name, in the group alone', async () => {
  await saveDraft(db, 'Spring', plan(), new Date());
  const manager = await member(services, community);
  expect(await manager.says('/campaign spring')).toContain('Shall I start it?');
  expect(await manager.says('/campaign list')).toContain('no campaign yet');
  await manager.chooses('campaign||show');
  const start = manager.buttons.find((id) => id.startsWith('campaign||start'))!;
  expect(await manager.says('/campaign nothing')).toContain('no campaign and no draft “nothing”');
  // Who was an admin a moment ago may be one no more.
  manager.leaves();
  expect(await manager.says('/campaign Spring')).toContain('in the community that you manage');
  expect(await manager.presses(start)).toContain('in the community that you manage');
  expect(await campaigns()).toEqual([]);
});

test.each([
  ['{"name":', 'not valid JSON'],
  ['[]', 'plan: '],
  [plan({ offer: { percent: 0, expires_at: 'soon', limit: 1 } }), 'offer.percent: '],
  [plan({ text: { en: 'no code' } }), 'text.en: must contain {{ code }}'],
  [plan({ mistake: 1 }), 'mistake: unknown key'],
  [plan({ post: { text: { en: 'x' }, to: ['telegram:-5'] } }), 'post.to.0: the bot is in no such community'],
  [plan({ offer: { ...plan().offer, expires_at: '2020-01-01' } }), 'offer.expires_at: must lie after'],
])('what is wrong with a plan is named: %j', async (content, problem) => {
  const manager = await member(services, community);
  expect(await sends(manager, content)).toContain(problem);
  expect(manager.buttons.some((id) => id.includes('start%20'))).toBe(false);
});

test('a post goes where it was started, once, with a button to everybody’s own code', async () => {
  const manager = await member(services, community, { thread: '42' });
  const posting = plan({ post: { text: { en: '{{ percent }}% off!' }, to: ['here'] } });
  expect(await sends(manager, posting)).toContain('Posts to communities: 1');
  const start = manager.buttons.find((id) => id.startsWith('campaign||start'))!;
  await Promise.all([manager.presses(start), manager.presses(start)]);
  const [post, ...more] = await posts();
  expect(more).toEqual([]);
  expect(post).toMatchObject({ communityId: community.id, thread: '42', status: 'pending' });
  const id = (post!.reply as unknown as Reply).buttons!.flat()[0]!.id;
  const reader = await Person.arrive(services);
  reader.now = manager.now;
  const offer = await reader.presses(id);
  const [coupon] = await couponsOf(db, reader.id);
  expect(offer).toContain(coupon!.code);
  expect(reader.courses).toHaveLength(1);
  expect(await reader.presses(id)).toContain(coupon!.code);
  expect(await couponsOf(db, reader.id)).toHaveLength(1);
  // By the link of the post it is the same.
  expect(await reader.presses(`arrive||campaign_${decodePress(id)!.value!}`)).toContain(coupon!.code);
  await reader.chooses('buy|');
  const order = await checkoutOf(reader, coupon!.code);
  expect(order.ok).toBe(true);
});

const checkoutOf = (reader: Person, couponCode: string) =>
  checkout(db, {
    learnerId: reader.id,
    courseId: 'c11',
    couponCode,
    channel: 'web',
    at: reader.now,
    idempotencyKey: reader.id,
    currency: 'CNY',
  });

test('a plan that is sent in the private chat starts nothing', async () => {
  const manager = await member(services, community);
  await manager.says('/campaign');
  manager.leaves();
  expect(await sends(manager, plan())).toContain('in the community that you manage');
});

test.each(['en', 'zh'] as const)('who comes too late, or is not meant, is told kindly (%s)', async (language) => {
  const manager = await member(services, community);
  await sends(manager, plan({ audience: { level: ['advanced'] } }));
  await manager.chooses('campaign||start');
  const { id } = (await campaigns())[0]!;
  const reader = await Person.arrive(services, language);
  reader.now = manager.now;
  expect(await reader.presses(`join||${id}`)).toContain(
    language === 'en' ? 'no coupon of this offer for you' : '没有给你的优惠券',
  );
  expect(await reader.presses('join||nothing')).toContain(
    language === 'en' ? 'do not know this offer' : '不认识这个活动',
  );
  reader.now = new Date('2026-12-02T00:00:00Z');
  expect(await reader.presses(`join||${id}`)).toContain(language === 'en' ? 'is over' : '结束了');
  for (const reply of reader.replies) expect(reply.buttons!.flat().length).toBeGreaterThan(0);
});

test('the status counts by arm, and a stop asks first', async () => {
  await Promise.all([consenting(), consenting()]);
  const manager = await member(services, community);
  await sends(manager, plan());
  await manager.chooses('campaign||start');
  const planning = { ...services, defaultTimeZone: 'Asia/Shanghai' };
  await planCampaigns(planning, manager.now);
  const status = await manager.says('/campaign status Spring');
  expect(status).toContain('learners 2 · sent 0 · pressed 0');
  expect(status).toContain('messages waiting: 2');
  expect(status).toContain('Held out');
  expect(await manager.says('/campaign status')).toContain('“Spring”');
  expect(await manager.says('/campaign stop Spring')).toContain('Stop “Spring”?');
  expect(await campaigns()).toMatchObject([{ status: 'sending' }]);
  const confirm = manager.buttons.find((id) => id.startsWith('campaign||stop-now'))!;
  expect(await manager.presses(confirm)).toContain('not sent any more: 2');
  expect(await campaigns()).toMatchObject([{ status: 'stopped' }]);
  expect(await manager.presses(confirm)).toContain('can not be stopped any more: stopped');
  expect(await manager.says('/campaign stop Winter')).toContain('no campaign and no draft “Winter”');
});

test('a manager speaks Chinese as well', async () => {
  const manager = await member(services, community, { language: 'zh' });
  expect(await sends(manager, plan())).toContain('要开始吗');
  expect(await manager.says('/campaign 状态')).toContain('还没有活动');
  await manager.says('/campaign Spring');
  expect(await manager.chooses('campaign||start')).toContain('开始了');
  expect(await manager.says('/campaign 停止 spring')).toContain('停止“Spring”吗');
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
