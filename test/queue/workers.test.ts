import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCatalogue } from '../../core/catalogue/catalogue.ts';
import { upsertCourses } from '../../core/catalogue/store.ts';
import { createCampaign } from '../../core/campaign/store.ts';
import { parsePlan } from '../../core/campaign/plan.ts';
import { recordEvents } from '../../core/behaviour/store.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import { startWorkers, type WorkerOptions, type Workers } from '../../queue/index.ts';
import { createRegistry, jobNames } from '../../queue/jobs.ts';
import { schedules } from '../../queue/schedules.ts';
import { recordingChannel } from '../doubles/channel.ts';
import { listingRecommender, sampleCourse } from '../doubles/recommender.ts';
import { hasRedis, startRedis } from '../doubles/redis.ts';
import { testDatabase } from '../setup/database.ts';

const courses = [sampleCourse('a', 'Data'), sampleCourse('b', 'Music')];
/** 20:00 in Shanghai. */
const now = new Date('2027-03-01T12:00:00Z');

function suite(redisUrl: () => string | undefined) {
  const db = testDatabase();
  const running: Workers[] = [];
  afterEach(async () => {
    for (const workers of running.splice(0)) await workers.close();
  });
  beforeEach(async () => {
    await db.pool.query('truncate learners, courses, campaigns, events, coupons, communities, model_versions cascade');
    await upsertCourses(db, courses);
  });

  async function start(options: Partial<WorkerOptions> = {}) {
    const { channel, sent, posted } = recordingChannel();
    let trained = 0;
    const reload = vi.fn(() => Promise.resolve());
    const log: string[] = [];
    const workers = await startWorkers({
      db,
      catalogue: await createCatalogue(db),
      serving: { current: () => listingRecommender(courses).recommender, reload },
      train: () => Promise.resolve(trained++),
      channels: [channel],
      settings: {
        redisUrl: redisUrl(),
        push: { enabled: true, dailyCap: 2, silentAfterHours: 72, defaultTimeZone: 'Asia/Shanghai' },
        referral: { percent: 10, days: 30 },
        train: { schedule: '0 3 * * *', afterEvents: 3 },
      },
      log: (line) => log.push(line),
      clock: () => now,
      scheduled: false,
      ...options,
    });
    running.push(workers);
    return { workers, sent, posted, log, reload, trained: () => trained };
  }
  async function learner(data = {}) {
    const { id } = await db.prisma.learner.create({ data: { messages: true, recording: true, pushHour: 20, ...data } });
    await db.prisma.address.create({ data: { learnerId: id, channel: 'web', chat: id, messages: true } });
    return id;
  }
  const act = (learnerId: string, key: string, receivedAt = new Date()) =>
    recordEvents(db, [
      {
        idempotencyKey: eventKey(key),
        learnerId,
        courseId: 'a',
        type: 'view',
        value: null,
        occurredAt: receivedAt,
        channel: 'web',
        circumstances: {},
      },
    ]);

  test('a plan becomes pushes, pushes become messages; planning twice sends once', async () => {
    const ids = [await learner(), await learner(), await learner()];
    const { workers, sent } = await start();
    await workers.runNow('plan-pushes');
    await workers.runNow('plan-pushes');
    await vi.waitFor(() => expect(sent).toHaveLength(3), { timeout: 20_000 });
    expect(new Set(sent.map(({ address }) => address.learnerId))).toEqual(new Set(ids));
    await vi.waitFor(async () => expect(await db.prisma.event.count({ where: { type: 'impression' } })).toBe(3), {
      timeout: 20_000,
    });
  });

  test('a campaign that a command stored goes out by itself, within seconds', async () => {
    await learner();
    const parsed = parsePlan(
      {
        name: 'c',
        audience: { everyone: true },
        offer: { percent: 5, expires_at: '2028-01-01', limit: 5 },
        text: { en: '{{ code }}' },
        holdout: 0,
      },
      now,
    );
    if (!parsed.ok) throw new Error(parsed.problems.join());
    const { sent } = await start({ scheduled: true });
    await createCampaign(db, parsed.plan, now);
    await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 25_000 });
  });

  test('enough new behaviour asks for training, and its version is loaded', async () => {
    const me = await learner();
    const { workers, reload, trained } = await start();
    await workers.runNow('check-training');
    await act(me, 'first');
    await workers.runNow('check-training');
    await vi.waitFor(() => expect([trained(), reload.mock.calls.length]).toEqual([1, 1]), { timeout: 20_000 });
    const made = { status: 'champion', seed: 1, config: {}, data: {}, artefact: new Uint8Array() };
    await db.prisma.modelVersion.create({ data: made });
    for (const key of ['a', 'b']) await act(me, key);
    await workers.runNow('check-training');
    await act(me, 'c');
    await workers.runNow('check-training');
    await vi.waitFor(() => expect(trained()).toBe(2), { timeout: 20_000 });
  });

  test('after a training that failed only one that is asked for starts soon again', async () => {
    let tries = 0;
    const { workers, log } = await start({ train: () => Promise.reject(new Error(`try ${++tries}`)) });
    await workers.trainSoon();
    await vi.waitFor(() => expect(log).toEqual([expect.stringMatching(/^train: Error: try 1\n/)]), { timeout: 20_000 });
    await workers.runNow('train');
    expect(tries).toBe(1);
    await workers.trainSoon();
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 20_000 });
  });

  test('a reminder and the end of a challenge go out by their jobs, at once', async () => {
    const me = await learner({ reminderHour: 20 });
    await db.prisma.address.updateMany({ data: { reminders: true } });
    await recordEvents(db, [
      {
        idempotencyKey: eventKey('enrolled'),
        learnerId: me,
        courseId: 'a',
        type: 'purchase',
        value: null,
        occurredAt: new Date(now.getTime() - 3 * 86_400_000),
        channel: 'web',
        circumstances: {},
      },
    ]);
    const group = await db.prisma.community.create({ data: { channel: 'web', chat: 'group', trusted: true } });
    const day = new Date('2027-02-20');
    await db.prisma.challenge.create({
      data: {
        communityId: group.id,
        name: 'February',
        firstDay: day,
        lastDay: day,
        timeZone: 'Asia/Shanghai',
        daysNeeded: 1,
        percent: 10,
        couponDays: 7,
      },
    });
    const { workers, sent, posted } = await start();
    for (const job of [
      'plan-reminders',
      'plan-picks',
      'close-challenges',
      'credit-referrals',
      'grant-rewards',
    ] as const)
      await workers.runNow(job);
    await vi.waitFor(() => expect(sent).toMatchObject([{ address: { learnerId: me } }]), { timeout: 20_000 });
    expect(await db.prisma.challenge.findMany()).toMatchObject([{ status: 'closed' }]);
    // It is eight in the evening there: the group may be told now.
    await vi.waitFor(() => expect(posted).toMatchObject([{ place: { chat: 'group' } }]), { timeout: 20_000 });
    expect(await db.prisma.outboxMessage.count({ where: { kind: 'post', communityId: group.id } })).toBe(1);
    expect(Object.keys(schedules('0 3 * * *')).sort()).toEqual(jobNames.filter((name) => name !== 'deliver').sort());
  });

  test('a visitor of long ago is forgotten by the daily job', async () => {
    const old = new Date(now.getTime() - 31 * 86_400_000);
    const quiet = { messages: false, recording: false };
    await db.prisma.learner.create({ data: { ...quiet, createdAt: old } });
    const stays = await db.prisma.learner.create({ data: { ...quiet, createdAt: now } });
    const { workers } = await start();
    await workers.runNow('forget');
    expect((await db.prisma.learner.findMany()).map(({ id }) => id)).toEqual([stays.id]);
    expect(schedules('0 3 * * *')).toHaveProperty('forget');
  });

  test('roles are kept apart: a trainer sends nothing, a worker trains nothing', async () => {
    await learner();
    const trainer = await start({ roles: ['trainer'] });
    await trainer.workers.runNow('plan-pushes');
    await trainer.workers.trainSoon();
    await vi.waitFor(() => expect(trainer.trained()).toBe(1), { timeout: 20_000 });
    expect(trainer.sent).toEqual([]);
    const worker = await start({ roles: ['worker'] });
    await vi.waitFor(() => expect(worker.sent).toHaveLength(1), { timeout: 20_000 });
    expect(trainer.sent).toEqual([]);
  });
}

describe('on PostgreSQL', () => suite(() => undefined));

describe.skipIf(!hasRedis)(`on Redis${hasRedis ? '' : ' (skipped: redis-server is not installed here)'}`, () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  suite(() => redis.url);
});

describe('the registry', () => {
  test('refuses a job with two handlers, one with none, an unknown one, and data that does not fit', async () => {
    const registry = createRegistry();
    for (const name of jobNames.slice(1)) registry.handle(name, () => Promise.resolve());
    expect(() => registry.check(['deliver', 'plan', 'train'])).toThrow('Job "deliver" has no handler');
    expect(() => registry.check(['plan'])).not.toThrow();
    expect(() => registry.handle('train', () => Promise.resolve())).toThrow('Job "train" has two handlers');
    registry.handle('deliver', () => Promise.resolve());
    await expect(registry.run('deliver', { messageId: 'x' })).rejects.toThrow();
    await expect(registry.run('sing', {})).rejects.toThrow('Job "sing" has no handler');
  });
});
