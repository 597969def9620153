import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { eventKey } from '../../../../core/behaviour/key.ts';
import { recordEvents } from '../../../../core/behaviour/store.ts';
import { closeChallenges } from '../../../../core/campaign/challenge/closing.ts';
import {
  createChallenge,
  joinChallenge,
  leaveChallenge,
  membersOf,
  openChallenges,
  showOnBoard,
  stopChallenge,
} from '../../../../core/campaign/challenge/store.ts';
import { render } from '../../../../core/language/render.ts';
import type { Reply } from '../../../../core/language/reply.ts';
import { createLearner } from '../../../../core/learner/store.ts';
import { mergeLearners } from '../../../../core/privacy/merge.ts';
import { erasePerson } from '../../../../core/privacy/store.ts';
import { testDatabase } from '../../../setup/database.ts';
import { waitingForLock } from '../../../setup/locks.ts';

const db = testDatabase();
const planning = { db, defaultTimeZone: 'Asia/Shanghai' };
const plan = {
  name: 'Spring',
  firstDay: '2026-11-20',
  lastDay: '2026-11-22',
  timeZone: 'Asia/Shanghai',
  daysNeeded: 2,
  percent: 15,
  couponDays: 30,
};
const began = new Date('2026-11-19T16:00:00Z');
/** 00:30 on the 23rd in Shanghai. */
const over = new Date('2026-11-22T16:30:00Z');
let communityId: string;
let id: string;

beforeEach(async () => {
  communityId = (await db.prisma.community.create({ data: { channel: 'telegram', chat: randomUUID(), trusted: true } }))
    .id;
  const made = await createChallenge(db, { id: randomUUID(), communityId, plan, now: began });
  if (!made.ok) throw new Error(made.error);
  id = made.challenge.id;
});

/** A member who checked in on these days of November, at noon in Shanghai. */
async function member(days: number[], shownAs: string | null = null): Promise<string> {
  const learner = await createLearner(db);
  await db.prisma.learner.update({ where: { id: learner.id }, data: { recording: true } });
  await joinChallenge(db, { challengeId: id, learnerId: learner.id, now: began });
  if (shownAs !== null) await showOnBoard(db, { challengeId: id, learnerId: learner.id, shownAs });
  await recordEvents(
    db,
    days.map((day) => ({
      idempotencyKey: eventKey('checkin', learner.id, String(day)),
      learnerId: learner.id,
      courseId: null,
      type: 'checkin' as const,
      value: null,
      occurredAt: new Date(Date.UTC(2026, 10, day, 4)),
      channel: 'telegram',
      circumstances: {},
    })),
  );
  return learner.id;
}

const coupons = () => db.prisma.coupon.findMany({ where: { createdAt: over }, orderBy: { createdAt: 'asc' } });
const outbox = () => db.prisma.outboxMessage.findMany({ where: { createdAt: over } });

test('everyone with enough days gets one coupon and a message, and the community its post, once', async () => {
  const two = await member([20, 22], 'Ann');
  const three = await member([20, 21, 22]);
  const one = await member([19, 21], 'Bo');
  await member([]);
  expect(await closeChallenges(planning, new Date(over.getTime() - 60_000))).toBe(0);
  expect(await closeChallenges(planning, over)).toBe(1);
  expect(await closeChallenges(planning, over)).toBe(0);

  const given = await coupons();
  expect(new Set(given.map((coupon) => coupon.learnerId))).toEqual(new Set([two, three]));
  expect(given).toHaveLength(2);
  expect(given[0]).toMatchObject({ percent: 15, campaignId: null, expiresAt: new Date('2026-12-22T16:30:00Z') });

  const messages = await outbox();
  const mine = messages.find((message) => message.learnerId === two)!;
  const code = given.find((coupon) => coupon.learnerId === two)!.code;
  expect(mine).toMatchObject({ kind: 'reward', status: 'pending', idempotencyKey: `challenge:${id}:${two}` });
  // Half past midnight is in the quiet hours of somebody who set none: it comes at eight in Shanghai.
  expect(mine.notBefore).toEqual(new Date('2026-11-23T00:00:00Z'));
  expect(render((mine.reply as unknown as Reply).text, 'en')).toBe(
    `You did it: 2 days of “Spring”. Your coupon: ${code}, 15% off one course, good for 30 days. The best coupon is taken off by itself when you buy.`,
  );
  expect(messages.some((message) => message.learnerId === one)).toBe(false);

  const post = messages.find((message) => message.communityId !== null)!;
  expect(post).toMatchObject({ kind: 'post', communityId, learnerId: null });
  expect(post.notBefore).toEqual(new Date('2026-11-23T01:00:00Z'));
  expect(render((post.reply as unknown as Reply).text, 'en')).toBe(
    'Spring (2026-11-20 to 2026-11-22) is over. 2 of 4 checked in on 2 days or more, and get their 15% coupon from me in private. Well done!\n\n1. Ann: 2\n2. Bo: 1\nand 2 more',
  );
  expect(await db.prisma.challenge.findUnique({ where: { id } })).toMatchObject({ status: 'closed' });
  expect(await db.prisma.challengeMember.count({ where: { challengeId: id, rewardedAt: over } })).toBe(2);
});

test('who becomes one with another account as the challenge closes is rewarded as who they are now', async () => {
  const gone = await member([20, 21]);
  const keep = (await createLearner(db)).id;
  await db.prisma.learner.update({ where: { id: keep }, data: { createdAt: new Date(0) } });
  const { id: inbox } = await db.prisma.webInbox.create({
    data: { learnerId: gone, messageId: randomUUID(), message: {} },
  });
  const holder = await db.pool.connect();
  try {
    // The merge has begun, and waits before it moves what the account did.
    await holder.query('begin');
    await holder.query('select from web_inbox where id = $1 for update', [inbox]);
    const merging = mergeLearners(db, keep, gone, over);
    await waitingForLock(db, 'update web_inbox');
    const closing = closeChallenges(planning, over);
    await waitingForLock(db, 'select id from learners where id in');
    await holder.query('commit');
    expect(await merging).toEqual({ ok: true, learnerId: keep });
    expect(await closing).toBe(1);
  } finally {
    holder.release(true);
  }
  expect(await db.prisma.coupon.count({ where: { learnerId: keep, createdAt: over } })).toBe(1);
  expect(await db.prisma.challengeMember.findMany({ where: { challengeId: id } })).toMatchObject([
    { learnerId: keep, rewardedAt: over },
  ]);
});

test('any number of processes at once give one coupon each', async () => {
  const winners = [await member([20, 21]), await member([21, 22]), await member([20, 22])];
  const before = (await coupons()).length;
  const closed = await Promise.all(Array.from({ length: 8 }, () => closeChallenges(planning, over)));
  expect(closed.reduce((sum, count) => sum + count, 0)).toBe(1);
  const given = await coupons();
  expect(given.length - before).toBe(3);
  for (const learnerId of winners) expect(given.filter((coupon) => coupon.learnerId === learnerId)).toHaveLength(1);
});

test('a crash half-way leaves nothing behind, and the next run completes it', async () => {
  const winner = await member([20, 21, 22]);
  // The coupon is written, and the message after it fails.
  await db.pool.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'died here'; end $$;
    create trigger refuse before insert on outbox_messages for each row execute function refuse();`);
  await expect(closeChallenges(planning, over)).rejects.toThrow('died here');
  await db.pool.query('drop function refuse cascade');
  expect(await db.prisma.coupon.count({ where: { learnerId: winner } })).toBe(0);
  expect(await db.prisma.challenge.findUnique({ where: { id } })).toMatchObject({ status: 'open' });
  expect(await closeChallenges(planning, over)).toBe(1);
  expect(await db.prisma.coupon.count({ where: { learnerId: winner } })).toBe(1);
});

test('a stopped challenge gives nothing; who left or was erased gets nothing', async () => {
  const left = await member([20, 21]);
  const erased = await member([20, 21]);
  const stays = await member([20, 21]);
  await leaveChallenge(db, id, left);
  await erasePerson(db, erased);
  await closeChallenges(planning, over);
  expect(await db.prisma.coupon.count({ where: { learnerId: { in: [left, erased] } } })).toBe(0);
  expect(await db.prisma.coupon.count({ where: { learnerId: stays } })).toBe(1);

  const other = await createChallenge(db, { id: randomUUID(), communityId, plan, now: began });
  if (!other.ok) throw new Error(other.error);
  await joinChallenge(db, { challengeId: other.challenge.id, learnerId: stays, now: began });
  expect((await stopChallenge(db, other.challenge.id))?.name).toBe('Spring');
  expect(await stopChallenge(db, other.challenge.id)).toBeUndefined();
  expect(await closeChallenges(planning, over)).toBe(0);
  expect(await db.prisma.coupon.count({ where: { learnerId: stays } })).toBe(1);
  expect(await joinChallenge(db, { challengeId: other.challenge.id, learnerId: left, now: over })).toBe(false);
});

test('only a trusted community has challenges, one of a name at a time; the same id is the same challenge', async () => {
  const again = { communityId, plan, now: began };
  expect(await createChallenge(db, { id, ...again })).toMatchObject({ ok: true, challenge: { id } });
  expect(await createChallenge(db, { id: randomUUID(), ...again })).toEqual({ ok: false, error: 'challenge.exists' });
  const strange = await db.prisma.community.create({ data: { channel: 'telegram', chat: randomUUID() } });
  expect(await createChallenge(db, { ...again, id: randomUUID(), communityId: strange.id })).toEqual({
    ok: false,
    error: 'challenge.untrusted',
  });
  const started = await Promise.all(
    [1, 2, 3, 4].map(() => createChallenge(db, { ...again, id: randomUUID(), plan: { ...plan, name: 'At once' } })),
  );
  expect(started.filter(({ ok }) => ok)).toHaveLength(1);
  expect((await openChallenges(db, communityId)).map(({ name }) => name)).toEqual(['At once', 'Spring']);
});

test('what cleaning set aside counts for no challenge', async () => {
  const learnerId = await member([20, 21]);
  await db.prisma.event.updateMany({ where: { learnerId }, data: { setAside: 'robot' } });
  const [challenge] = await openChallenges(db, communityId);
  expect(await membersOf(db.pool, challenge!)).toEqual([{ learnerId, shownAs: null, days: 0 }]);
});
