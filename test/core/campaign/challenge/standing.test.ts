import { expect, it } from 'vitest';
import {
  beginsAt,
  challengeDay,
  daysDone,
  endsAt,
  isDue,
  isRunning,
  standingsOf,
} from '../../../../core/campaign/challenge/standing.ts';

const days = { firstDay: '2026-10-24', lastDay: '2026-10-26', timeZone: 'Europe/Berlin', status: 'open' as const };

it('runs from the first moment of its first day to the last of its last, on its own clock', () => {
  // Berlin leaves summer time on 25 October 2026: +02:00 before, +01:00 after.
  expect(beginsAt(days)).toEqual(new Date('2026-10-23T22:00:00Z'));
  expect(endsAt(days)).toEqual(new Date('2026-10-26T23:00:00Z'));
  expect(isRunning(days, new Date('2026-10-23T21:59:59Z'))).toBe(false);
  expect(isRunning(days, new Date('2026-10-23T22:00:00Z'))).toBe(true);
  expect(isRunning(days, new Date('2026-10-26T23:00:00Z'))).toBe(false);
  expect(isRunning({ ...days, status: 'stopped' }, new Date('2026-10-24T22:00:00Z'))).toBe(false);
  // Late check-ins have half an hour.
  expect(isDue(days, new Date('2026-10-26T23:29:59Z'))).toBe(false);
  expect(isDue(days, new Date('2026-10-26T23:30:00Z'))).toBe(true);
});

it('counts days with a check-in, not check-ins, and none outside', () => {
  const at = (text: string) => new Date(text);
  expect(challengeDay(days, at('2026-10-24T22:30:00Z'))).toBe('2026-10-25');
  expect(challengeDay(days, at('2026-10-23T21:00:00Z'))).toBeUndefined();
  expect(
    daysDone(days, [
      at('2026-10-23T20:00:00Z'),
      at('2026-10-23T22:00:00Z'),
      at('2026-10-24T10:00:00Z'),
      at('2026-10-26T22:59:00Z'),
      at('2026-10-26T23:01:00Z'),
    ]),
  ).toBe(2);
});

it('shows only who wants to be seen, ranked among themselves; equals share a rank', () => {
  const member = (learnerId: string, shownAs: string | null, days: number) => ({ learnerId, shownAs, days });
  const members = [
    member('1', 'Bo', 3),
    member('2', null, 9),
    member('3', 'Ann', 3),
    member('4', 'Cy', 1),
    member('5', 'Di', 5),
  ];
  expect(standingsOf(members, 3, 10)).toEqual({
    members: 5,
    reached: 4,
    hidden: 1,
    board: [
      { rank: 1, name: 'Di', days: 5 },
      { rank: 2, name: 'Ann', days: 3 },
      { rank: 2, name: 'Bo', days: 3 },
      { rank: 4, name: 'Cy', days: 1 },
    ],
  });
  expect(standingsOf(members, 3, 2).board).toHaveLength(2);
  expect(standingsOf([], 3, 2)).toEqual({ members: 0, reached: 0, hidden: 0, board: [] });
});
