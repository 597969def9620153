import { describe, expect, it } from 'vitest';
import { funnel } from '../../../core/insight/funnel.ts';
import { meanRetention, retention } from '../../../core/insight/retention.ts';
import { quintileCuts, rfm, rfmGroup, type Purchases, type RfmCuts, type Score } from '../../../core/insight/rfm.ts';
import {
  AT_RISK_DAYS,
  LAPSED_DAYS,
  NEW_DAYS,
  PAYING_DAYS,
  stageOf,
  type StageActivity,
} from '../../../core/insight/stage.ts';

const DAY = 86_400_000;
const now = new Date('2026-06-01T12:00:00Z');
const ago = (days: number) => now.getTime() - days * DAY;

describe('the stage', () => {
  const old = 1000;
  const activity = (
    first: number,
    last: number,
    bought?: number,
    more: Partial<StageActivity> = {},
  ): StageActivity => ({
    firstAt: ago(first),
    lastAt: ago(last),
    purchases: bought === undefined ? 0 : 1,
    refunds: 0,
    lastPurchaseAt: bought === undefined ? null : ago(bought),
    ...more,
  });
  const justUnder = 0.001;

  it.each([
    ['new', 'did nothing yet', { firstAt: null, lastAt: null, purchases: 0, refunds: 0, lastPurchaseAt: null }],
    ['new', 'began just now', activity(0, 0)],
    ['new', 'began just under the limit ago', activity(NEW_DAYS - justUnder, 0)],
    ['active', 'began at the limit', activity(NEW_DAYS, 0)],
    ['active', 'was here just under the risk limit ago', activity(old, AT_RISK_DAYS - justUnder)],
    ['at-risk', 'was last here at the risk limit', activity(old, AT_RISK_DAYS)],
    ['at-risk', 'was last here just under the lapse limit ago', activity(old, LAPSED_DAYS - justUnder)],
    ['lapsed', 'was last here at the lapse limit', activity(old, LAPSED_DAYS)],
    ['lapsed', 'bought and went', activity(old, LAPSED_DAYS, LAPSED_DAYS)],
    ['at-risk', 'bought and is going', activity(old, AT_RISK_DAYS, AT_RISK_DAYS)],
    ['paying', 'bought on the first day', activity(0, 0, 0)],
    ['paying', 'bought just under the limit ago', activity(old, 0, PAYING_DAYS - justUnder)],
    ['active', 'bought at the limit', activity(old, 0, PAYING_DAYS)],
    ['active', 'bought and gave it back', activity(old, 0, 1, { refunds: 1 })],
    ['paying', 'bought twice and gave one back', activity(old, 0, 1, { purchases: 2, refunds: 1 })],
  ] as const)('is %s for who %s', (stage, _, given) => {
    expect(stageOf(given, now)).toBe(stage);
  });
});

describe('recency, frequency and money', () => {
  const cuts: RfmCuts = { recencyDays: [7, 30, 90, 180], purchases: [1, 2, 4, 8], spentMinor: [100, 500, 1000, 5000] };
  const buyer = (days: number, purchases: number, spentMinor: number): Purchases => ({
    lastPurchaseAt: ago(days),
    purchases,
    spentMinor,
  });

  it('score from 1 to 5 at the cuts', () => {
    expect(rfm(buyer(7, 9, 5001), now, cuts)).toEqual({ recency: 5, frequency: 5, money: 5 });
    expect(rfm(buyer(7.1, 8, 5000), now, cuts)).toEqual({ recency: 4, frequency: 4, money: 4 });
    expect(rfm(buyer(181, 1, 100), now, cuts)).toEqual({ recency: 1, frequency: 1, money: 1 });
    expect(rfm({ purchases: 0, lastPurchaseAt: null, spentMinor: 0 }, now, cuts)).toBeUndefined();
  });

  it('put a fifth of the buyers into each score', () => {
    const buyers = Array.from({ length: 50 }, (_, i) => buyer(i, i + 1, 10 * i));
    const own = quintileCuts([...buyers, { purchases: 0, lastPurchaseAt: null, spentMinor: 0 }], now);
    const counts = { recency: [0, 0, 0, 0, 0], frequency: [0, 0, 0, 0, 0], money: [0, 0, 0, 0, 0] };
    for (const one of buyers) {
      const score = rfm(one, now, own)!;
      for (const key of ['recency', 'frequency', 'money'] as const) counts[key][score[key] - 1]!++;
    }
    const even = [10, 10, 10, 10, 10];
    expect(counts).toEqual({ recency: even, frequency: even, money: even });
  });

  it('score equal values equal', () => {
    const buyers = [...Array.from({ length: 9 }, () => buyer(1, 1, 100)), buyer(1, 2, 200)];
    const own = quintileCuts(buyers, now);
    expect(rfm(buyers[0]!, now, own)).toEqual({ recency: 5, frequency: 1, money: 1 });
    expect(rfm(buyers[9]!, now, own)).toEqual({ recency: 5, frequency: 5, money: 5 });
    expect(quintileCuts([], now).purchases).toEqual([0, 0, 0, 0]);
  });

  it('name a group', () => {
    const group = (recency: Score, frequency: Score, money: Score) => rfmGroup({ recency, frequency, money });
    expect([group(5, 5, 5), group(4, 3, 3), group(3, 3, 4), group(3, 1, 1), group(1, 5, 5), group(2, 2, 2)]).toEqual([
      'champions',
      'promising',
      'loyal',
      'needs-attention',
      'big-and-leaving',
      'lost',
    ]);
  });
});

describe('the funnel', () => {
  it('counts each step and how many of the step before took it', () => {
    // 4 registered only, 3 viewed too, 2 viewed and bought without saving, 1 did all, 1 bought out of nowhere.
    const rows = funnel([
      { steps: 0b00001, learners: 4 },
      { steps: 0b00011, learners: 3 },
      { steps: 0b01011, learners: 2 },
      { steps: 0b11111, learners: 1 },
      { steps: 0b01000, learners: 1 },
    ]);
    expect(rows).toEqual([
      { step: 'register', learners: 10, conversion: null },
      { step: 'view', learners: 6, conversion: 0.6 },
      { step: 'enrol-or-save', learners: 1, conversion: 1 / 6 },
      { step: 'purchase', learners: 4, conversion: 1 },
      { step: 'complete', learners: 1, conversion: 0.25 },
    ]);
    expect(funnel([]).map(({ learners, conversion }) => [learners, conversion])).toEqual(Array(5).fill([0, null]));
  });
});

describe('retention', () => {
  const counts = [
    { start: '2026-03-01', offset: 0, learners: 4 },
    { start: '2026-03-01', offset: 2, learners: 1 },
    { start: '2026-05-01', offset: 0, learners: 2 },
    { start: '2026-05-01', offset: 1, learners: 2 },
  ];

  it('shows the periods that are over, silent ones as 0', () => {
    // It is 1 June: May is over.
    expect(retention(counts, 'month', now, 6).map(({ active }) => active)).toEqual([[1, 0, 0.25], [1]]);
    const cohorts = retention(counts, 'month', new Date('2026-07-01T00:00:00Z'), 6);
    expect(cohorts).toEqual([
      { start: '2026-03-01', learners: 4, active: [1, 0, 0.25, 0] },
      { start: '2026-05-01', learners: 2, active: [1, 1] },
    ]);
    expect(retention(counts, 'month', now, 1)[0]?.active).toEqual([1, 0]);
    // Over cohorts old enough, by size: (4 · 0 + 2 · 1) / 6, then the older one alone.
    expect(meanRetention(cohorts)).toEqual([1, 1 / 3, 0.25, 0]);
    expect(meanRetention([])).toEqual([]);
  });

  it('counts weeks from Monday', () => {
    const counts = [{ start: '2026-05-18', offset: 0, learners: 1 }];
    expect(retention(counts, 'week', new Date('2026-05-31T23:59:59Z'), 9)[0]?.active).toEqual([1]);
    expect(retention(counts, 'week', new Date('2026-06-01T00:00:00Z'), 9)[0]?.active).toEqual([1, 0]);
  });
});
