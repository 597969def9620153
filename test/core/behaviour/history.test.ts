import { describe, expect, it } from 'vitest';
import { eventTypes, type EventTypeName } from '../../../core/behaviour/event-types.ts';
import {
  addToBehaviour,
  emptyBehaviour,
  packBehaviour,
  spentBy,
  unpackBehaviour,
  type Behaviour,
  type FoldedEvent,
} from '../../../core/behaviour/history.ts';
import { decay, evidenceOf, KEPT_TIMES, trackWeight } from '../../../core/behaviour/track.ts';
import { createRandom, type Random } from '../../../core/numerics/random.ts';

const DAY = 86_400_000;
const start = Date.UTC(2026, 0, 1);

function event(
  type: EventTypeName,
  courseId: string | null,
  day: number,
  value: number | null = null,
  query?: string,
): FoldedEvent {
  return {
    type,
    courseId,
    value,
    occurredAt: new Date(start + day * DAY),
    circumstances: query === undefined ? {} : { query },
  };
}

function fold(events: readonly FoldedEvent[], behaviour: Behaviour = emptyBehaviour()): Behaviour {
  for (const one of events) addToBehaviour(behaviour, one);
  return behaviour;
}

function trackOf(events: readonly FoldedEvent[]) {
  return fold(events).history.get('a')!;
}

describe('decay', () => {
  it('halves with each half-life, and does not grow into the future', () => {
    expect(decay(0, 30)).toBe(1);
    expect(decay(30 * DAY, 30)).toBe(0.5);
    expect(decay(90 * DAY, 30)).toBe(0.125);
    expect(decay(-DAY, 30)).toBe(1);
    expect(decay(1e6 * DAY, Infinity)).toBe(1);
  });
});

describe('evidence for a course', () => {
  it('adds up what was done, each type faded by its own half-life', () => {
    // A view 60 and one 30 days old: 1/4 + 1/2. A save (2, half-life 60) 60 days old: 1.
    const track = trackOf([event('view', 'a', 0), event('view', 'a', 30), event('save', 'a', 0)]);
    expect(evidenceOf(track, start + 60 * DAY)).toEqual([
      { type: 'view', at: start + 30 * DAY, weight: 0.75 },
      { type: 'save', at: start, weight: 1 },
    ]);
    expect(trackWeight(track, start + 60 * DAY)).toBe(1.75);
    // At the last action: 1/2 + 1, and 2 · 2^(−1/2).
    expect(track.weight).toBeCloseTo(1.5 + Math.SQRT2, 12);
  });

  it('takes the latest rating alone, and lets a low one speak against the course', () => {
    const liked = [event('rate', 'a', 0, 1)];
    expect(trackWeight(trackOf(liked), start)).toBe(4);
    const reconsidered = trackOf([...liked, event('rate', 'a', 180, 0.25)]);
    expect(reconsidered.rating).toBe(0.25);
    expect(trackWeight(reconsidered, start + 180 * DAY)).toBe(-2);
    expect(trackWeight(reconsidered, start + 360 * DAY)).toBe(-1);
  });

  it('counts progress once, at the largest share', () => {
    const track = trackOf([0.2, 0.9, 0.5].map((share, day) => event('progress', 'a', day, share)));
    expect(track.progress).toBe(0.9);
    expect(trackWeight(track, start + 2 * DAY)).toBeCloseTo(2 * 0.9, 12);
  });

  it('is none for being shown, which is counted beside it', () => {
    const track = trackOf([event('impression', 'a', 3), event('impression', 'a', 1)]);
    expect(track).toMatchObject({ shown: 2, lastShownAt: start + 3 * DAY, weight: 0, firstAt: null, lastAt: null });
  });

  it('does not overflow or vanish over decades', () => {
    const track = trackOf([event('view', 'a', -20_000), event('view', 'a', 20_000)]);
    expect(trackWeight(track, start + 20_000 * DAY)).toBe(1);
  });

  it(`keeps the latest ${KEPT_TIMES} times of a type and the count of all`, () => {
    const track = trackOf(Array.from({ length: 30 }, (_, day) => event('view', 'a', day)));
    expect(track.done.view?.count).toBe(30);
    expect(track.done.view?.times).toEqual(Array.from({ length: KEPT_TIMES }, (_, i) => start + (29 - i) * DAY));
  });
});

describe('where a learner stands with a course', () => {
  const cases: [string, FoldedEvent[], object][] = [
    ['bought', [event('purchase', 'a', 0, 9900)], { owned: true, paidMinor: 9900 }],
    ['given back', [event('purchase', 'a', 0, 9900), event('refund', 'a', 1, 9900)], { owned: false, paidMinor: 0 }],
    ['given back at once', [event('refund', 'a', 0, 100), event('purchase', 'a', 0, 100)], { owned: false }],
    ['bought again', [event('purchase', 'a', 0), event('refund', 'a', 1), event('purchase', 'a', 2)], { owned: true }],
    ['begun elsewhere', [event('progress', 'a', 0, 0.1)], { owned: true, completed: false }],
    ['done', [event('complete', 'a', 0)], { owned: true, completed: true }],
    ['seen to the end', [event('progress', 'a', 0, 1)], { completed: true }],
    ['saved', [event('save', 'a', 0)], { saved: true, owned: false }],
    ['saved and let go', [event('save', 'a', 0), event('unsave', 'a', 1)], { saved: false }],
    ['dismissed', [event('dismiss', 'a', 0)], { dismissed: true }],
    ['dismissed, then saved', [event('dismiss', 'a', 0), event('save', 'a', 1)], { dismissed: false, saved: true }],
    ['saved, then dismissed', [event('save', 'a', 0), event('dismiss', 'a', 1)], { dismissed: true }],
  ];
  it.each(cases)('%s', (_, events, expected) => {
    expect(trackOf(events)).toMatchObject(expected);
    expect(trackOf(events.toReversed())).toMatchObject(expected);
  });
});

describe('activity', () => {
  it('counts what the learner did, not what was done to them', () => {
    const { activity, searches } = fold([
      event('register', null, 0),
      event('search', null, 0.5, null, 'python'),
      event('purchase', 'a', 2, 100),
      event('complete', 'a', 9),
      event('impression', 'b', 20),
      event('silent', null, 21),
      event('mute', null, 22),
    ]);
    expect(activity).toEqual({
      events: 4,
      firstAt: start,
      lastAt: start + 9 * DAY,
      activeDays: 3,
      purchases: 1,
      refunds: 0,
      lastPurchaseAt: start + 2 * DAY,
      completions: 1,
    });
    expect(searches).toEqual([{ at: start + DAY / 2, query: 'python' }]);
  });

  it('sums money by currency', () => {
    const behaviour = fold([
      event('purchase', 'a', 0, 100),
      event('purchase', 'b', 0, 50),
      event('purchase', 'c', 0, 7),
      event('refund', 'c', 1, 7),
    ]);
    expect(spentBy(behaviour, (id) => (id === 'a' ? 'CNY' : 'USD'))).toEqual({ CNY: 100, USD: 50 });
  });
});

describe('the fold', () => {
  it('is the same in any order, in any portions, stored in between or not', () => {
    const random = createRandom(7);
    for (let round = 0; round < 60; round++) {
      const events = randomEvents(random, 1 + random.int(80));
      const whole = fold(events);
      expect(fold(random.shuffle([...events]))).toEqual(whole);
      let portions = emptyBehaviour();
      const order = random.shuffle([...events]);
      while (order.length > 0) {
        fold(order.splice(0, 1 + random.int(10)), portions);
        portions = unpackBehaviour(
          JSON.parse(JSON.stringify(packBehaviour(portions))) as ReturnType<typeof packBehaviour>,
        );
      }
      expect(portions).toEqual(whole);
    }
  });
});

/** Few courses and days, so that ties and repeats are frequent. */
function randomEvents(random: Random, count: number): FoldedEvent[] {
  const names = Object.keys(eventTypes) as EventTypeName[];
  return Array.from({ length: count }, () => {
    const type = random.pick(names);
    const { value, course } = eventTypes[type];
    const amount = value === 'share' ? random.int(5) / 4 : value === 'minor' ? random.int(3) * 100 : null;
    const courseId = course === 'none' ? null : random.pick(['a', 'b', '__proto__']);
    return event(type, courseId, random.int(25), amount, type === 'search' ? random.pick(['x', 'y', 'z']) : undefined);
  });
}
