import { describe, expect, it } from 'vitest';
import { challengeFromJson, challengeFromWords, challengeJson } from '../../../../core/campaign/challenge/plan.ts';

const options = { now: new Date('2026-11-20T04:00:00Z'), timeZone: 'Asia/Shanghai' };
const words = (text: string) => challengeFromWords(text, options);
const json = (value: object) => challengeFromJson(JSON.stringify(value), options);

describe('a challenge in words', () => {
  it('has a name of several words, its days, and what the rest is when nothing is said', () => {
    expect(words('Spring of code 2026-11-20 2026-12-03')).toEqual({
      ok: true,
      plan: {
        name: 'Spring of code',
        firstDay: '2026-11-20',
        lastDay: '2026-12-03',
        timeZone: 'Asia/Shanghai',
        // 20 November to 3 December: 11 + 3 days.
        daysNeeded: 14,
        percent: 10,
        couponDays: 30,
      },
    });
    expect(words('打卡 2026-12-1 2026-12-7 days=5 percent=20 coupon_days=14')).toMatchObject({
      plan: { name: '打卡', firstDay: '2026-12-01', daysNeeded: 5, percent: 20, couponDays: 14 },
    });
  });

  it('knows today on the calendar of the challenge, not of UTC', () => {
    // 20:00 UTC on the 19th is the 20th in Shanghai.
    const late = { now: new Date('2026-11-19T20:00:00Z'), timeZone: 'Asia/Shanghai' };
    expect(challengeFromWords('x 2026-11-19 2026-11-25', late)).toEqual({ ok: false, problem: 'past' });
    expect(challengeFromWords('x 2026-11-20 2026-11-25', late).ok).toBe(true);
  });

  it.each([
    ['', 'unreadable'],
    ['Spring', 'unreadable'],
    ['Spring 2026-12-01', 'unreadable'],
    ['Spring 2026-12-01 2026-12-07 prize=5', 'unreadable'],
    ['Spring 2026-02-30 2026-12-07', 'days'],
    ['Spring 2026-12-07 2026-12-01', 'order'],
    ['Spring 2026-11-19 2026-12-01', 'past'],
    ['Spring 2026-12-01 2028-12-01', 'long'],
    ['Spring 2026-12-01 2026-12-07 days=8', 'needed'],
    ['Spring 2026-12-01 2026-12-07 days=0', 'needed'],
    ['Spring 2026-12-01 2026-12-07 percent=0', 'percent'],
    ['Spring 2026-12-01 2026-12-07 percent=101', 'percent'],
    ['Spring 2026-12-01 2026-12-07 coupon_days=0', 'coupon-days'],
    [`${'x'.repeat(61)} 2026-12-01 2026-12-07`, 'name'],
  ])('%s is refused: %s', (text, problem) => {
    expect(words(text)).toEqual({ ok: false, problem });
  });
});

describe('a challenge as JSON', () => {
  it('is read as it is written, and written as it is read', () => {
    const read = json({ name: 'A\nB', first_day: '2026-12-01', last_day: '2026-12-01', time_zone: 'Europe/Berlin' });
    expect(read).toMatchObject({ ok: true, plan: { name: 'A B', daysNeeded: 1, timeZone: 'Europe/Berlin' } });
    if (read.ok) expect(challengeFromJson(challengeJson(read.plan), options)).toEqual(read);
  });

  it('has no keys that we do not know, and a time zone that there is', () => {
    const days = { first_day: '2026-12-01', last_day: '2026-12-02' };
    expect(json({ name: 'x', ...days, price: 1 })).toEqual({ ok: false, problem: 'unreadable' });
    expect(json({ name: 'x', ...days, time_zone: 'Mars/Base' })).toEqual({ ok: false, problem: 'zone' });
    expect(json({ name: 'x', ...days, percent: 12.5 })).toEqual({ ok: false, problem: 'unreadable' });
    expect(challengeFromJson('nonsense', options)).toEqual({ ok: false, problem: 'unreadable' });
  });
});
