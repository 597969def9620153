import { beforeAll, expect, test } from 'vitest';
import { acceptEvents, EventsBodyError } from '../../../core/behaviour/accept.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { createCatalogue, type Catalogue } from '../../../core/catalogue/catalogue.ts';
import { erasureKey, eraseLearner } from '../../../core/learner/erasure/store.ts';
import { resolveExternal } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const now = new Date('2024-06-01T12:00:00Z');
let catalogue: Catalogue;
beforeAll(async () => {
  await db.prisma.course.create({ data: { id: 'c1', title: 'One', priceMinor: 9900, currency: 'CNY' } });
  await db.prisma.course.create({ data: { id: '2', title: 'Two', priceMinor: 1500, currency: 'JPY' } });
  catalogue = await createCatalogue(db);
});

const accept = (events: unknown[]) => acceptEvents(db, catalogue, { events }, now);
const view = {
  id: 'e1',
  user_id: 'u1',
  course_id: 'c1',
  behavior_type: 'view',
  occurred_at: '2024-06-01T11:00:00+08:00',
};

async function eventsOfExternal(externalId: string) {
  const { ids } = await resolveExternal(db, [externalId], { create: false });
  return eventsOf(db, ids.get(externalId)!);
}

test('events become the log of learners without consent; ids and courses may be numbers', async () => {
  const answer = await accept([
    view,
    { ...view, id: 'e2', behavior_type: 'rate', value: 4 },
    { ...view, id: 3, user_id: 'u1', course_id: 2, behavior_type: 'enroll', occurred_at: 1717200000 },
  ]);
  expect(answer).toEqual({ accepted: 3, duplicate: 0, rejected: [] });
  const events = await eventsOfExternal('u1');
  expect(events.map(({ type, courseId, value, occurredAt }) => ({ type, courseId, value, occurredAt }))).toEqual([
    { type: 'view', courseId: 'c1', value: null, occurredAt: new Date('2024-06-01T03:00:00Z') },
    { type: 'rate', courseId: 'c1', value: 0.75, occurredAt: new Date('2024-06-01T03:00:00Z') },
    { type: 'enrol', courseId: '2', value: null, occurredAt: new Date(1717200000_000) },
  ]);
  const learner = await db.prisma.learner.findUniqueOrThrow({ where: { id: events[0]!.learnerId } });
  expect(learner).toMatchObject({ recording: false, messages: false });
});

test('a retry changes nothing, within a call and across calls', async () => {
  const event = { ...view, id: 'again', user_id: 'retrier' };
  expect(await accept([event, event])).toEqual({ accepted: 1, duplicate: 1, rejected: [] });
  expect(await accept([event])).toEqual({ accepted: 0, duplicate: 1, rejected: [] });
  expect(await eventsOfExternal('retrier')).toHaveLength(1);
});

test('characters that no database keeps are refused, and stop no other event', async () => {
  const { accepted, rejected } = await accept([
    { ...view, id: 'nul', user_id: 'u\0' },
    { ...view, id: 'half', user_id: 'u\ud800' },
    { ...view, id: 'sound', user_id: 'u😀' },
  ]);
  expect(accepted).toBe(1);
  expect(rejected.map(({ id, field }) => [id, field])).toEqual([
    ['nul', 'user_id'],
    ['half', 'user_id'],
  ]);
});

test('each bad event is refused by field and reason, and stops no other', async () => {
  const bad = (id: string, change: object) => ({ ...view, user_id: 'judged', id, ...change });
  const { accepted, rejected } = await accept([
    bad('type', { behavior_type: 'levitate' }),
    bad('course', { course_id: 'nowhere' }),
    bad('no course', { course_id: null }),
    bad('user', { user_id: '' }),
    bad('rating', { behavior_type: 'rate', value: 6 }),
    bad('no rating', { behavior_type: 'rate', value: 'N/A' }),
    bad('share', { behavior_type: 'progress', value: 45 }),
    bad('future', { occurred_at: '2024-06-01T13:00:00Z' }),
    bad('old', { occurred_at: '1989-12-31T23:59:59Z' }),
    bad('time', { occurred_at: '2024-02-30' }),
    bad('no time', { occurred_at: undefined }),
    'nonsense',
    bad('good', {}),
  ]);
  expect(accepted).toBe(1);
  expect(rejected.map(({ id, field, reason }) => [id, field, reason.split(':')[0]])).toEqual([
    ['type', 'behavior_type', 'unknown-type'],
    ['course', 'course_id', 'unknown-course'],
    ['no course', 'course_id', 'missing-course'],
    ['user', 'user_id', 'missing-user'],
    ['rating', 'value', 'out-of-range'],
    ['no rating', 'value', 'missing-value'],
    ['share', 'value', 'out-of-range'],
    ['future', 'occurred_at', 'future-time'],
    ['old', 'occurred_at', 'before-1990'],
    ['time', 'occurred_at', 'bad-time'],
    ['no time', 'occurred_at', 'missing-time'],
    ['#11', 'event', expect.any(String)],
  ]);
});

test('a purchase is counted in minor units of its course, and a missing amount is the price', async () => {
  await accept([
    { ...view, id: 'p1', user_id: 'buyer', behavior_type: 'purchase', value: '79.5' },
    { ...view, id: 'p2', user_id: 'buyer', course_id: '2', behavior_type: 'purchase', value: 1200 },
    { ...view, id: 'p3', user_id: 'buyer', behavior_type: 'purchase' },
  ]);
  const events = await eventsOfExternal('buyer');
  expect(events.map(({ value, circumstances }) => [value, circumstances])).toEqual([
    [7950, {}],
    [1200, {}],
    [9900, { filled: true }],
  ]);
});

test('an erased person is refused and stays away', async () => {
  await accept([{ ...view, id: 'x1', user_id: 'leaver' }]);
  const { ids } = await resolveExternal(db, ['leaver'], { create: false });
  const key = await erasureKey(db);
  await db.prisma.$transaction((tx) => eraseLearner(tx, key, ids.get('leaver')!));
  const answer = await accept([{ ...view, id: 'x2', user_id: 'leaver' }]);
  expect(answer).toMatchObject({ accepted: 0, rejected: [{ id: 'x2', field: 'user_id' }] });
  expect((await resolveExternal(db, ['leaver'], { create: false })).ids.size).toBe(0);
});

test('a stretch faster than a person is set aside, before and after it counts', async () => {
  const at = (second: number) => new Date(Date.UTC(2024, 4, 1, 10, 0, second)).toISOString();
  const of = (user_id: string, second: (index: number) => number, count = 70) =>
    Array.from({ length: count }, (_, index) => ({
      ...view,
      user_id,
      id: `${user_id} ${index}`,
      occurred_at: at(second(index)),
    }));
  await accept(of('script', (index) => Math.floor(index / 2)).concat({ ...view, user_id: 'script', id: 'calm' }));
  await accept(of('batch', () => 0));
  await accept(of('person', (index) => index * 2));
  const setAside = async (user: string) => (await eventsOfExternal(user)).filter((event) => event.setAside === 'robot');
  expect(await setAside('script')).toHaveLength(70);
  expect(await setAside('batch')).toHaveLength(0);
  expect(await setAside('person')).toHaveLength(0);
});

test('a body that is no list of events says what it should be', async () => {
  for (const body of [undefined, [], { events: 'x' }, { events: Array.from({ length: 1001 }, () => view) }]) {
    await expect(acceptEvents(db, catalogue, body, now)).rejects.toThrow(EventsBodyError);
  }
  expect(await accept([])).toEqual({ accepted: 0, duplicate: 0, rejected: [] });
});
