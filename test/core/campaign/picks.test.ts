import { beforeEach, describe, expect, test } from 'vitest';
import {
  leaveCommunity,
  meetCommunity,
  setCommunitySettings,
  trustCommunity,
} from '../../../core/campaign/community/store.ts';
import { isPicksTime, picksKey, planPicks, type PicksPlanning } from '../../../core/campaign/picks.ts';
import { createCatalogue } from '../../../core/catalogue/catalogue.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { render } from '../../../core/language/render.ts';
import { decodePress, languages, type Reply } from '../../../core/language/reply.ts';
import { listingRecommender, sampleCourse } from '../../doubles/recommender.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
/** Monday, 10:30 in Shanghai. */
const monday = new Date('2027-03-01T02:30:00Z');
const HOUR = 3_600_000;
const later = (hours: number) => new Date(monday.getTime() + hours * HOUR);
const week = (count: number) => later(count * 7 * 24);
const picks = { weekday: 1, hour: 10, zone: 'Asia/Shanghai' };
const courses = [
  ...Array.from({ length: 12 }, (_, at) => sampleCourse(`c${at}`, 'Data')),
  sampleCourse('new', 'Music', { publishedAt: new Date('2027-02-20T00:00:00Z') }),
  sampleCourse('newer', 'Music', { publishedAt: new Date('2027-02-27T00:00:00Z'), archived: true }),
  sampleCourse('tomorrow', 'Music', { publishedAt: new Date('2027-04-02T00:00:00Z') }),
];
let planning: PicksPlanning;
let asked: ReturnType<typeof listingRecommender>['asked'];

beforeEach(async () => {
  await db.pool.query('truncate communities, outbox_messages, courses cascade');
  await upsertCourses(db, courses);
  const listing = listingRecommender(courses.slice(0, 12));
  asked = listing.asked;
  planning = { db, catalogue: await createCatalogue(db), recommender: () => listing.recommender };
});

async function community(chat = '-1', settings: object = { picks }): Promise<string> {
  const { id } = await meetCommunity(db, { channel: 'telegram', chat, title: 'Circle' });
  await trustCommunity(db, id, true);
  await setCommunitySettings(db, id, settings);
  return id;
}

const posts = () => db.prisma.outboxMessage.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
const shown = (reply: unknown) =>
  (reply as Reply).buttons!.flat().map(({ id }) => {
    const press = decodePress(id)!;
    expect(press.action).toBe('course');
    return press.course!;
  });

test('once a local week the popular courses and the newest one, the same for everybody', async () => {
  const id = await community('-1', { picks: { ...picks, thread: '77' }, language: 'zh' });
  expect(await planPicks(planning, monday)).toBe(1);
  const [post] = await posts();
  expect(post).toMatchObject({ kind: 'post', communityId: id, thread: '77', learnerId: null, notBefore: monday });
  expect(shown(post!.reply)).toEqual(['c0', 'c1', 'c2', 'c3', 'new']);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ list: 'picks', explore: false, language: 'zh' });
  expect(asked[0]).not.toHaveProperty('state');
  expect(asked[0]).not.toHaveProperty('learnerId');
  for (const language of languages) {
    const text = render((post!.reply as unknown as Reply).text, language);
    expect(text).toContain(render({ key: 'reason.new' }, language));
    expect(text).toContain(render({ key: 'reason.popular' }, language));
    expect(text).toContain('c0');
  }
});

test('planned again, at once, later or side by side, nothing is posted twice in a week', async () => {
  await community();
  const counts = await Promise.all([1, 2, 3].map(() => planPicks(planning, monday)));
  expect(counts.reduce((sum, one) => sum + one)).toBe(1);
  expect(await planPicks(planning, later(2))).toBe(0);
  expect(await posts()).toHaveLength(1);
});

test('the next weeks bring others', async () => {
  await community();
  await planPicks(planning, monday);
  expect(await planPicks(planning, week(1))).toBe(1);
  const [first, second] = await posts();
  expect(shown(second!.reply)).toHaveLength(5);
  expect(shown(second!.reply).filter((id) => shown(first!.reply).includes(id))).toEqual([]);
});

test('each community has its own, at its own hour', async () => {
  await community('-1');
  await community('-2', { picks: { ...picks, hour: 18 } });
  await community('-3', { picks: { ...picks, weekday: 2 } });
  await community('-4', {});
  expect(await planPicks(planning, monday)).toBe(1);
  expect(await planPicks(planning, later(8))).toBe(1);
  expect(await planPicks(planning, later(24))).toBe(1);
});

test('nothing is posted where the operator trusts nobody, or where the bot is no more', async () => {
  const id = await community('-1');
  await community('-2');
  await trustCommunity(db, id, false);
  await leaveCommunity(db, 'telegram', '-2');
  expect(await planPicks(planning, monday)).toBe(0);
});

test('without a model there is only what is new, and without either nothing', async () => {
  await community();
  expect(await planPicks({ ...planning, recommender: () => undefined }, week(20))).toBe(0);
  expect(await planPicks({ ...planning, recommender: () => undefined }, monday)).toBe(1);
  expect(shown((await posts())[0]!.reply)).toEqual(['new']);
});

describe('the hour', () => {
  test.each([
    ['2027-03-01T01:59:00Z', false],
    ['2027-03-01T02:00:00Z', true],
    ['2027-03-01T07:59:00Z', true],
    // A server that was down so long leaves the week out.
    ['2027-03-01T08:00:00Z', false],
    ['2027-03-02T02:30:00Z', false],
  ])('%s: %s', (at, due) => {
    expect(isPicksTime(picks, new Date(at))).toBe(due);
  });

  test('is that of the zone, and so is the week', () => {
    // Sunday evening in New York is Monday in Shanghai.
    const at = new Date('2027-03-01T02:30:00Z');
    expect(isPicksTime({ weekday: 7, hour: 21, zone: 'America/New_York' }, at)).toBe(true);
    expect(picksKey('a', { ...picks, zone: 'America/New_York' }, at)).toBe('picks:a:2027-W08');
    expect(picksKey('a', picks, at)).toBe('picks:a:2027-W09');
    expect(picksKey('a', picks, new Date('2027-01-01T12:00:00Z'))).toBe('picks:a:2026-W53');
  });
});
