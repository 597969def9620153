import { describe, expect, it } from 'vitest';
import { streakOf } from '../../../core/insight/streak.ts';
import { localDay } from '../../../core/learner/local-time.ts';
import { createRandom } from '../../../core/numerics/random.ts';

const DAY = 86_400_000;
const day = (number: number) => new Date(number * DAY).toISOString().slice(0, 10);
const numbered = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY;
const on = (month: string, ...days: number[]) => days.map((each) => `${month}-${String(each).padStart(2, '0')}`);

describe('a streak', () => {
  it('counts days in a row; today is not missed before it is over', () => {
    expect(streakOf([], '2026-03-05')).toEqual({
      current: 0,
      longest: 0,
      freezesLeft: 1,
      doneToday: false,
      frozenYesterday: false,
    });
    expect(streakOf(on('2026-03', 3, 4, 5), '2026-03-05')).toMatchObject({ current: 3, longest: 3, doneToday: true });
    expect(streakOf(on('2026-03', 3, 4), '2026-03-05')).toMatchObject({ current: 2, freezesLeft: 1, doneToday: false });
  });

  it('bridges one missed day in a month, and says so', () => {
    // The 4th is missed: the freeze of March goes, and the days learned are 3, then 4.
    expect(streakOf(on('2026-03', 1, 2, 3), '2026-03-05')).toMatchObject({
      current: 3,
      freezesLeft: 0,
      frozenYesterday: true,
    });
    expect(streakOf(on('2026-03', 1, 2, 3, 5), '2026-03-05')).toMatchObject({
      current: 4,
      longest: 4,
      freezesLeft: 0,
      frozenYesterday: true,
    });
    // A second one in the same month ends it: 7 is a new beginning.
    expect(streakOf(on('2026-03', 1, 2, 3, 5, 7), '2026-03-07')).toMatchObject({ current: 1, longest: 4 });
  });

  it('is over after two missed days, with the freeze used in vain until the month is over', () => {
    expect(streakOf(on('2026-03', 1, 2), '2026-03-05')).toMatchObject({ current: 0, longest: 2, freezesLeft: 0 });
    expect(streakOf(on('2026-03', 1, 2, 10, 12), '2026-03-12')).toMatchObject({ current: 1, longest: 2 });
    expect(streakOf(on('2026-03', 1, 2), '2026-04-01')).toMatchObject({ current: 0, freezesLeft: 1 });
  });

  it('has a freeze for each month: the last day of one and the first of the next are both bridged', () => {
    const days = [...on('2026-01', 29, 30), ...on('2026-02', 2)];
    expect(streakOf(days, '2026-02-02')).toMatchObject({ current: 3, freezesLeft: 0 });
    // February has 28 days: 27, 28, [1 March missed], 2 March.
    expect(streakOf([...on('2026-02', 27, 28), ...on('2026-03', 2)], '2026-03-02')).toMatchObject({ current: 3 });
    expect(streakOf(['2028-02-28', '2028-03-01'], '2028-03-01')).toMatchObject({ current: 2, freezesLeft: 1 });
  });

  it('leaves days after today out, until they have come', () => {
    expect(streakOf(on('2026-03', 4, 6), '2026-03-05')).toEqual(streakOf(on('2026-03', 4), '2026-03-05'));
  });
});

describe('whatever the days', () => {
  const random = createRandom(41);
  const histories = Array.from({ length: 60 }, () => {
    const share = random.next();
    return Array.from({ length: 80 }, (_, at) => 20_480 + at).filter(() => random.next() < share);
  });

  it('order and repeats do not matter, and no streak is longer than what was learned', () => {
    for (const history of histories) {
      const days = history.map(day);
      const today = day(20_560);
      const streak = streakOf(days, today);
      expect(streakOf([...random.shuffle([...days, ...days.slice(0, 5)])], today)).toEqual(streak);
      expect(streak.current).toBeLessThanOrEqual(streak.longest);
      expect(streak.longest).toBeLessThanOrEqual(days.length);
      expect(streak.longest > 0).toBe(days.length > 0);
    }
  });

  it('learning today adds one day, a day gone by none; what was said on a day stays true', () => {
    for (const history of histories) {
      const days = history.map(day);
      let longest = 0;
      for (let today = 20_480; today < 20_560; today++) {
        const before = streakOf(
          days.filter((each) => numbered(each) < today),
          day(today),
        );
        const after = streakOf([...days.filter((each) => numbered(each) < today), day(today)], day(today));
        expect(after.current).toBe(before.current + 1);
        expect(after.freezesLeft).toBe(before.freezesLeft);
        const next = streakOf(days, day(today + 1));
        expect([
          after.current + (history.includes(today + 1) ? 1 : 0),
          before.current + (history.includes(today + 1) ? 1 : 0),
          history.includes(today + 1) ? 1 : 0,
        ]).toContain(next.current);
        expect(streakOf(days, day(today)).longest).toBeGreaterThanOrEqual(longest);
        longest = streakOf(days, day(today)).longest;
      }
    }
  });

  it('bridges at most one day in any month, by the definition itself', () => {
    for (const history of histories) {
      const learned = new Set(history);
      const streak = streakOf(history.map(day), day(20_560));
      if (streak.current === 0) continue;
      // The streak's days back from today, whose missed days must lie in different months.
      const missed: string[] = [];
      let counted = 0;
      for (let at = learned.has(20_560) ? 20_560 : 20_559; counted < streak.current; at--) {
        if (learned.has(at)) counted++;
        else missed.push(day(at).slice(0, 7));
      }
      expect(new Set(missed).size).toBe(missed.length);
    }
  });
});

describe('days on the learner’s clock', () => {
  const learnedAt = (zone: string, instants: readonly Date[]) =>
    instants.map((at) => localDay({ timeZone: zone }, at, 'UTC'));

  it('are calendar days when the clocks change: 23 and 25 hours are one day', () => {
    // Berlin, 2026-03-29 and 2026-10-25; each evening at 22:00.
    const spring = ['2026-03-28T21:00:00Z', '2026-03-29T20:00:00Z', '2026-03-30T20:00:00Z'].map((at) => new Date(at));
    const autumn = ['2026-10-24T20:00:00Z', '2026-10-25T21:00:00Z', '2026-10-26T21:00:00Z'].map((at) => new Date(at));
    expect(streakOf(learnedAt('Europe/Berlin', spring), '2026-03-30')).toMatchObject({ current: 3, freezesLeft: 1 });
    expect(streakOf(learnedAt('Europe/Berlin', autumn), '2026-10-26')).toMatchObject({ current: 3, freezesLeft: 1 });
  });

  it('are as many in any zone when learning comes every 24 hours: a move breaks nothing', () => {
    const instants = Array.from({ length: 40 }, (_, at) => new Date(Date.parse('2026-02-20T15:30:00Z') + at * DAY));
    for (const zone of [
      'Asia/Shanghai',
      'America/Los_Angeles',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'Asia/Kolkata',
    ]) {
      const days = learnedAt(zone, instants);
      expect(streakOf(days, days.at(-1)!), zone).toMatchObject({ current: 40, longest: 40 });
    }
  });

  it('of a learner who has moved west: today may be the day that was learned already', () => {
    const [at] = [new Date('2026-05-04T01:00:00Z')];
    // 09:00 on the 4th in Shanghai, 18:00 on the 3rd in Los Angeles.
    expect(streakOf(learnedAt('America/Los_Angeles', [at]), '2026-05-03').doneToday).toBe(true);
  });
});
