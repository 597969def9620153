import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventTypes, type EventTypeName } from '../../../core/behaviour/event-types.ts';
import type { NewEvent } from '../../../core/behaviour/event.ts';
import { eventsOf, recordEvents } from '../../../core/behaviour/store.ts';
import { emptyState, foldEvent } from '../../../core/interest/state.ts';
import { learnerState, learnerStates, refreshStates } from '../../../core/interest/store.ts';
import { createLearner, updateLearner } from '../../../core/learner/store.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
let learnerId: string;

beforeEach(async () => {
  ({ id: learnerId } = await createLearner(db, { declaredTopics: ['Data'] }));
});

function event(type: EventTypeName, courseId: string | null, minute: number, value: number | null = null): NewEvent {
  return {
    idempotencyKey: randomUUID(),
    learnerId,
    courseId,
    type,
    value,
    occurredAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
    channel: 'web',
    circumstances: type === 'search' ? { query: `q${minute}` } : {},
  };
}

async function rebuilt() {
  return (await eventsOf(db, learnerId)).reduce(foldEvent, emptyState(['Data']));
}

async function storedEvents(): Promise<number | undefined> {
  const row = await db.prisma.learnerState.findUnique({ where: { learnerId } });
  return (row?.state as { events: number } | undefined)?.events;
}

describe('the state of a learner', () => {
  it('is empty for a stranger and knows the declared topics', async () => {
    expect(await learnerState(db, randomUUID())).toEqual(emptyState());
    expect(await learnerState(db, learnerId)).toEqual(emptyState(['Data']));
    await updateLearner(db, learnerId, { declaredTopics: ['Go'] });
    expect((await learnerState(db, learnerId)).declaredTopics).toEqual(['Go']);
  });

  it('has the newest event at once', async () => {
    await recordEvents(db, [event('save', 'a', 0)]);
    expect((await learnerState(db, learnerId)).history.get('a')).toMatchObject({ saved: true, weight: 2 });
    await recordEvents(db, [event('unsave', 'a', 1)]);
    expect((await learnerState(db, learnerId)).history.get('a')?.saved).toBe(false);
  });

  it('is the same caught up step by step as folded anew', async () => {
    const random = createRandom(3);
    const names = Object.keys(eventTypes) as EventTypeName[];
    for (let round = 0; round < 15; round++) {
      const events = Array.from({ length: 1 + random.int(30) }, () => {
        const type = random.pick(names);
        const { value, course } = eventTypes[type];
        const amount = value === 'share' ? random.next() : value === 'minor' ? random.int(9999) : null;
        return event(type, course === 'none' ? null : random.pick(['a', 'b', 'c', 'd']), random.int(500_000), amount);
      });
      await recordEvents(db, events);
      if (random.int(2)) await refreshStates(db);
      expect(await learnerState(db, learnerId)).toEqual(await rebuilt());
    }
    expect(await storedEvents()).toBeGreaterThan(50);
  });

  it('notices an event of a smaller id that was committed later', async () => {
    const late = await db.pool.connect();
    try {
      await late.query('begin');
      await late.query(
        `insert into events (idempotency_key, learner_id, course_id, type, occurred_at, channel)
         values (gen_random_uuid(), $1, 'late', 'purchase', now(), 'web')`,
        [learnerId],
      );
      await recordEvents(db, [event('view', 'a', 0)]);
      await refreshStates(db);
      expect(await storedEvents()).toBe(1);
      expect((await learnerState(db, learnerId)).history.has('late')).toBe(false);
      await late.query('commit');
    } finally {
      late.release();
    }
    const state = await learnerState(db, learnerId);
    expect(state.history.get('late')?.owned).toBe(true);
    expect(state).toEqual(await rebuilt());
    await refreshStates(db);
    expect(await storedEvents()).toBe(2);
  });

  it('leaves out events set aside, also when that comes after the fold', async () => {
    await recordEvents(db, [event('view', 'a', 0), event('view', 'robot', 1)]);
    await refreshStates(db);
    await db.pool.query(`update events set set_aside = 'robot' where learner_id = $1 and course_id = 'robot'`, [
      learnerId,
    ]);
    expect([...(await learnerState(db, learnerId)).history.keys()]).toEqual(['a']);
    await db.pool.query(`update events set set_aside = 'robot' where learner_id = $1`, [learnerId]);
    await refreshStates(db);
    expect(await storedEvents()).toBe(0);
    expect(await learnerState(db, learnerId)).toEqual(emptyState(['Data']));
  });

  it('notices one event that came late when another was set aside: the count alone stays the same', async () => {
    const late = await db.pool.connect();
    try {
      await late.query('begin');
      await late.query(
        `insert into events (idempotency_key, learner_id, course_id, type, occurred_at, channel)
         values (gen_random_uuid(), $1, 'late', 'view', now(), 'web')`,
        [learnerId],
      );
      await recordEvents(db, [event('view', 'a', 0), event('view', 'b', 0)]);
      await refreshStates(db);
      await late.query(`update events set set_aside = 'robot' where learner_id = $1 and course_id = 'a'`, [learnerId]);
      await late.query('commit');
    } finally {
      late.release();
    }
    expect([...(await learnerState(db, learnerId)).history.keys()].sort()).toEqual(['b', 'late']);
  });

  it('is folded anew when another version of the fold has stored it', async () => {
    await recordEvents(db, [event('view', 'a', 0)]);
    await refreshStates(db);
    await db.pool.query(
      `update learner_states set state = jsonb_set(jsonb_set(state, '{version}', '0'), '{behaviour}', '{}') where learner_id = $1`,
      [learnerId],
    );
    expect((await learnerState(db, learnerId)).history.has('a')).toBe(true);
    expect(await refreshStates(db)).toBe(1);
  });

  it('stays true when many read and write at once, and an erasure comes between', async () => {
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        await recordEvents(
          db,
          Array.from({ length: 20 }, (_, j) => event('view', `c${j}`, i * 20 + j)),
        );
        await (i % 3 === 0 ? refreshStates(db) : learnerState(db, learnerId));
      }),
    );
    expect(await learnerState(db, learnerId)).toEqual(await rebuilt());
    await Promise.all([
      refreshStates(db),
      db.prisma.learner.delete({ where: { id: learnerId } }),
      learnerState(db, learnerId),
    ]);
    expect(await storedEvents()).toBeUndefined();
  });
});

describe('the states of many', () => {
  it('are read together, and refreshed only where something is new', async () => {
    const other = await createLearner(db);
    await recordEvents(db, [event('view', 'a', 0), { ...event('view', 'b', 0), learnerId: other.id }]);
    const states = await learnerStates(db, [learnerId, other.id, randomUUID()]);
    expect([...states].map(([id, { history }]) => [id, [...history.keys()]])).toEqual(
      expect.arrayContaining([
        [learnerId, ['a']],
        [other.id, ['b']],
      ]),
    );
    expect(states.size).toBe(2);
    expect(await refreshStates(db)).toBe(2);
    expect(await refreshStates(db)).toBe(0);
  });
});
