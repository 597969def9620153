import { beforeEach, describe, expect, test } from 'vitest';
import {
  communities,
  communityOf,
  findCommunity,
  keepThread,
  leaveCommunity,
  meetCommunity,
  setCommunitySettings,
  threadOf,
  trustCommunity,
  writePosts,
} from '../../../core/campaign/community/store.ts';
import { readCommunitySettings } from '../../../core/campaign/community/settings.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const now = new Date('2027-03-01T12:00:00Z');
const place = { channel: 'telegram', chat: '-1001', title: 'Study circle' } as const;

beforeEach(() => db.pool.query('truncate communities cascade'));

test('a community is met once, whatever comes at once, untrusted, with its newest title', async () => {
  const met = await Promise.all([1, 2, 3, 4].map(() => meetCommunity(db, place)));
  expect(new Set(met.map(({ id }) => id)).size).toBe(1);
  expect(met[0]).toMatchObject({ ...place, trusted: false, active: true, settings: {} });
  const renamed = await meetCommunity(db, { ...place, title: 'Reading circle' });
  expect(renamed).toEqual({ ...met[0], title: 'Reading circle' });
  expect(await meetCommunity(db, { ...place, title: 'Reading circle' })).toEqual(renamed);
  expect(await communities(db.pool)).toEqual([renamed]);
});

test('a community that was left is met again as what it was', async () => {
  const { id } = await meetCommunity(db, place);
  await trustCommunity(db, id, true);
  await leaveCommunity(db, 'telegram', '-1001');
  expect(await findCommunity(db, 'telegram', '-1001')).toMatchObject({ active: false, trusted: true });
  expect(await meetCommunity(db, place)).toMatchObject({ id, active: true, trusted: true });
});

test('trust is given by id, and what is no id is nobody', async () => {
  const { id } = await meetCommunity(db, place);
  expect(await trustCommunity(db, id.toUpperCase(), true)).toMatchObject({ trusted: true });
  expect(await trustCommunity(db, id, false)).toMatchObject({ trusted: false });
  expect(await trustCommunity(db, "' or 1=1", true)).toBeUndefined();
  expect(await communityOf(db, 'nothing')).toBeUndefined();
});

test('settings are changed one by one, side by side, and taken back by null', async () => {
  const { id } = await meetCommunity(db, place);
  await Promise.all([
    setCommunitySettings(db, id, { language: 'zh' }),
    setCommunitySettings(db, id, { questions: '' }),
    setCommunitySettings(db, id, { picks: { weekday: 5, hour: 18, zone: 'Asia/Shanghai', thread: '7' } }),
  ]);
  expect((await communityOf(db, id))!.settings).toEqual({
    language: 'zh',
    questions: '',
    picks: { weekday: 5, hour: 18, zone: 'Asia/Shanghai', thread: '7' },
  });
  expect((await setCommunitySettings(db, id, { picks: null, language: 'en' }))!.settings).toEqual({
    language: 'en',
    questions: '',
  });
});

test('a setting that does not fit counts as not set, beside those that do', () => {
  const stored = {
    language: 'fr',
    picks: { weekday: 9, hour: 1, zone: 'UTC' },
    rewardRole: 'x',
    questions: '',
    more: 1,
  };
  expect(readCommunitySettings(stored)).toEqual({ questions: '' });
  expect(readCommunitySettings(null)).toEqual({});
});

test('the thread of a course is kept, and replaced', async () => {
  const { id } = await meetCommunity(db, place);
  expect(await threadOf(db, id, 'c1')).toBeUndefined();
  await keepThread(db, id, 'c1', '10');
  await keepThread(db, id, 'c1', '11');
  await keepThread(db, id, 'c2', '12');
  expect(await threadOf(db, id, 'c1')).toBe('11');
});

describe('a post', () => {
  test('is written once for its key, whoever writes at the same time', async () => {
    const { id } = await meetCommunity(db, place);
    const post = {
      idempotencyKey: 'picks:1',
      communityId: id,
      thread: '5',
      reply: { text: { key: 'picks' } },
      notBefore: now,
      expiresAt: new Date(now.getTime() + 1000),
    };
    const written = await Promise.all([1, 2, 3].map(() => writePosts(db.pool, [post], now)));
    expect(written.reduce((sum, one) => sum + one)).toBe(1);
    const rows = await db.prisma.outboxMessage.findMany();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      kind: 'post',
      communityId: id,
      learnerId: null,
      thread: '5',
      status: 'pending',
      reply: post.reply,
    });
  });
});
