import { describe, expect, it } from 'vitest';
import type { CourseTrack } from '../../../core/behaviour/history.ts';
import {
  freshness,
  inTopics,
  isKnown,
  isSettled,
  languageFit,
  levelFit,
  priceFit,
  sharedTopic,
} from '../../../core/recommend/rules.ts';
import { course, DAY, event, now, stateAfter } from './community.ts';

const track = (...events: Parameters<typeof event>[]): CourseTrack =>
  stateAfter(events.map((each) => event(...each))).history.get('c')!;
const ago = (days: number) => new Date(now.getTime() - days * DAY);

describe('courses that never come back', () => {
  it('are those taken, given back, rated or turned down', () => {
    for (const type of ['purchase', 'enrol', 'complete', 'dismiss'] as const)
      expect(isSettled(track(['l', type, 'c'])), type).toBe(true);
    expect(isSettled(track(['l', 'progress', 'c', now, 0.01]))).toBe(true);
    expect(isSettled(track(['l', 'rate', 'c', now, 0.1]))).toBe(true);
    expect(isSettled(track(['l', 'purchase', 'c', ago(2), 9], ['l', 'refund', 'c', ago(1), 9]))).toBe(true);
  });

  it('are not those looked at, kept, shown, or left without an answer', () => {
    for (const type of ['view', 'save', 'impression', 'silent'] as const)
      expect(isSettled(track(['l', type, 'c'])), type).toBe(false);
    expect(isSettled(track(['l', 'dismiss', 'c', ago(2)], ['l', 'save', 'c', ago(1)]))).toBe(false);
  });

  it('what was only shown is not known', () => {
    expect(isKnown(track(['l', 'impression', 'c']))).toBe(false);
    expect(isKnown(track(['l', 'silent', 'c']))).toBe(false);
    expect(isKnown(track(['l', 'view', 'c']))).toBe(true);
  });
});

describe('freshness', () => {
  it('falls with each showing and halves its memory in seven days', () => {
    const shown = (times: number, days: number) =>
      freshness(
        track(
          ...Array.from({ length: times }, () => ['l', 'impression', 'c', ago(days)] as const).map(
            (each) => [...each] as Parameters<typeof event>,
          ),
        ),
        now,
      );
    expect(shown(1, 0)).toBeCloseTo(1 / 1.5);
    expect(shown(4, 0)).toBeCloseTo(1 / 3);
    expect(shown(4, 7)).toBeCloseTo(1 / 2);
    expect(shown(4, 28)).toBeCloseTo(1 / (1 + 2 / 16));
    expect(freshness(track(['l', 'view', 'c']), now)).toBe(1);
  });
});

describe('fit', () => {
  it('of language: the main tag counts, unknown fits', () => {
    expect(languageFit(course('c', { language: 'zh-CN' }), 'zh')).toBe(1);
    expect(languageFit(course('c', { language: 'EN' }), 'en')).toBe(1);
    expect(languageFit(course('c', { language: 'en' }), 'zh')).toBeLessThan(1);
    expect(languageFit(course('c'), 'zh')).toBe(1);
    expect(languageFit(course('c', { language: 'en' }), undefined)).toBe(1);
  });

  it('of level: less one step off, none two steps off, unknown fits', () => {
    const fit = (level: string | null) => levelFit(course('c', { level }), 'beginner');
    expect(fit('beginner')).toBe(1);
    expect(fit('intermediate')).toBeGreaterThan(0);
    expect(fit('intermediate')).toBeLessThan(1);
    expect(fit('advanced')).toBe(0);
    expect([fit(null), fit('Meister')]).toEqual([1, 1]);
  });

  it('of topics: in any case, in the spelling of the course', () => {
    const excel = course('c', { topics: ['Data', 'Excel'] });
    expect(sharedTopic(excel, ['EXCEL', 'python'])).toBe('Excel');
    expect(inTopics(excel, [])).toBe(true);
    expect(inTopics(excel, ['Python'])).toBe(false);
  });
});

describe('price', () => {
  const priced = (priceMinor: number | null, currency = 'CNY') => course('c', { priceMinor, currency });
  const taken = [priced(null), priced(9900), priced(4900), priced(90_000, 'USD')];

  it('counts against a course more than twice as dear as the dearest taken', () => {
    expect(priceFit(priced(19_800), taken)).toBe(1);
    expect(priceFit(priced(19_801), taken)).toBeLessThan(1);
  });

  it('says nothing where a price is unknown, in another currency, or nothing was taken', () => {
    expect(priceFit(priced(null), taken)).toBe(1);
    expect(priceFit(priced(99_000, 'EUR'), taken)).toBe(1);
    expect(priceFit(priced(99_000), [])).toBe(1);
  });
});
