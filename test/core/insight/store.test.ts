import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EventTypeName } from '../../../core/behaviour/event-types.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { spentBy } from '../../../core/behaviour/history.ts';
import { analyse } from '../../../core/insight/analysis.ts';
import { activityOfAll } from '../../../core/insight/store.ts';
import { learnerState } from '../../../core/interest/store.ts';
import { createLearner } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const until = new Date('2026-04-15T00:00:00Z');
const options = { until, period: 'month', periods: 6, currency: 'CNY' } as const;

/** Day of the year 2026, type, course, value. */
type Line = [string, EventTypeName, string | null, number?];

const people: { simulated?: boolean; log: Line[] }[] = [
  // Registered in January, bought in February and completed in April: paying.
  {
    log: [
      ['01-02', 'register', null],
      ['01-03', 'view', 'a'],
      ['01-03', 'save', 'a'],
      ['02-01', 'purchase', 'a', 9900],
      ['02-02', 'purchase', 'usd', 500],
      ['04-10', 'complete', 'a'],
    ],
  },
  // Began on the last evening of January by UTC; looked, and came back in February: at risk.
  {
    log: [
      ['01-31T23:30', 'view', 'a'],
      ['02-20', 'view', 'b'],
    ],
  },
  // Came in February, bought, and gave it back within the last month: active.
  {
    log: [
      ['02-10', 'register', null],
      ['02-10', 'purchase', 'a', 9900],
      ['03-20', 'refund', 'a', 9900],
    ],
  },
  // Only ever shown something: nothing done, new.
  {
    log: [
      ['04-01', 'impression', 'a'],
      ['04-02', 'silent', 'a'],
    ],
  },
  // After the time of the analysis.
  { log: [['05-01', 'view', 'a']] },
  {
    simulated: true,
    log: [
      ['04-14', 'register', null],
      ['04-14', 'view', 'a'],
    ],
  },
];
const ids: string[] = [];

beforeAll(async () => {
  await db.pool.query(`insert into courses (id, title, currency) values ('usd', 'x', 'USD'), ('a', 'x', null)`);
  for (const { simulated = false, log } of people) {
    const { id } = await createLearner(db, { simulated });
    ids.push(id);
    await recordEvents(
      db,
      log.map(([day, type, courseId, value = null]) => ({
        idempotencyKey: randomUUID(),
        learnerId: id,
        courseId,
        type,
        value,
        occurredAt: new Date(`2026-${day}${day.includes('T') ? '' : 'T12:00'}:00Z`),
        channel: 'web',
        circumstances: {},
      })),
    );
  }
  // What cleaning set aside counts nowhere.
  await db.pool.query(
    `insert into events (idempotency_key, learner_id, course_id, type, value, occurred_at, channel, set_aside)
     values (gen_random_uuid(), $1, 'a', 'purchase', 1000000, '2026-04-01', 'web', 'outlier')`,
    [ids[3]],
  );
});

describe('an analysis', () => {
  it('counts people, and simulated learners apart', async () => {
    const { groups } = await analyse(db, options);
    expect(groups.map(({ simulated, learners, events }) => [simulated, learners, events])).toEqual([
      [false, 5, 11],
      [true, 1, 2],
    ]);
  });

  it('puts everyone into one stage', async () => {
    const { groups } = await analyse(db, options);
    expect(groups[0]?.stages).toEqual({ new: 2, active: 1, paying: 1, 'at-risk': 1, lapsed: 0 });
  });

  it('sums money by currency, refunds taken off', async () => {
    const { groups } = await analyse(db, options);
    expect(groups[0]?.money).toMatchObject({ buyers: 2, spent: { CNY: 9900, USD: 500 }, currency: 'CNY' });
    const placed = Object.values(groups[0]!.money.groups).reduce((sum, { buyers }) => sum + buyers, 0);
    expect(placed).toBe(2);
    expect(groups[1]?.money).toMatchObject({ buyers: 0, spent: {}, currency: null, cuts: null });
  });

  it('walks the funnel', async () => {
    const { groups } = await analyse(db, options);
    expect(groups[0]?.funnel).toEqual([
      { step: 'register', learners: 2, conversion: null },
      { step: 'view', learners: 2, conversion: 0.5 },
      { step: 'enrol-or-save', learners: 1, conversion: 0.5 },
      { step: 'purchase', learners: 2, conversion: 1 },
      { step: 'complete', learners: 1, conversion: 0.5 },
    ]);
    expect(groups[1]?.funnel[1]).toEqual({ step: 'view', learners: 1, conversion: 1 });
  });

  it('follows cohorts by month and by week', async () => {
    const { groups } = await analyse(db, options);
    expect(groups[0]?.cohorts).toEqual([
      { start: '2026-01-01', learners: 2, active: [1, 1, 0] },
      { start: '2026-02-01', learners: 1, active: [1, 1] },
    ]);
    expect(groups[0]?.retention).toEqual([1, 1, 0]);
    const weeks = await analyse(db, { ...options, period: 'week', periods: 4 });
    expect(weeks.groups[0]?.cohorts).toEqual([
      { start: '2025-12-29', learners: 1, active: [1, 0, 0, 0, 1] },
      { start: '2026-01-26', learners: 1, active: [1, 0, 0, 1, 0] },
      { start: '2026-02-09', learners: 1, active: [1, 0, 0, 0, 0] },
    ]);
  });

  it('begins where it is told to', async () => {
    const { groups, since } = await analyse(db, { ...options, since: new Date('2026-02-05T00:00:00Z') });
    expect(since).toBe('2026-02-05T00:00:00.000Z');
    expect(groups[0]?.cohorts.map(({ start }) => start)).toEqual(['2026-02-01']);
    expect(groups[0]?.funnel.map(({ learners }) => learners)).toEqual([1, 1, 0, 1, 1]);
    expect(groups[0]?.learners).toBe(5);
  });

  it('agrees with the fold of each learner', async () => {
    const rows = await activityOfAll(db, new Date('2027-01-01'), 'CNY');
    for (const id of ids) {
      const state = await learnerState(db, id);
      const { events, firstAt, lastAt, purchases, refunds, lastPurchaseAt } = state.activity;
      const spent = spentBy(state, (course) => (course === 'usd' ? 'USD' : 'CNY'));
      const row = rows.find(({ learnerId }) => learnerId === id);
      expect(row).toMatchObject({ events, firstAt, lastAt, purchases, refunds, lastPurchaseAt, spent });
    }
  });

  it('has nothing to tell from before the first event', async () => {
    const before = await analyse(db, { ...options, until: new Date('2000-01-01') });
    expect(before.groups[0]).toMatchObject({ events: 0, cohorts: [], retention: [], stages: { new: 5 } });
  });
});
