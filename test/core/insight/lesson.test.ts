import { describe, expect, it } from 'vitest';
import type { Course } from '../../../core/catalogue/course.ts';
import { emptyTrack } from '../../../core/behaviour/track.ts';
import { lessonAt, lessonsOf, nextLesson, shareAfter, standingsOf } from '../../../core/insight/lesson.ts';

const with_ = (lessons?: string) => ({ attributes: lessons === undefined ? {} : { lessons } });
const named = (id: string, lessons?: string) => ({ id, ...with_(lessons) }) as unknown as Course;

describe('the lessons of a course', () => {
  it('are a number, or titles', () => {
    expect(lessonsOf(with_('12'))).toEqual({ count: 12, titles: [] });
    expect(lessonsOf(with_('12.0'))).toEqual({ count: 12, titles: [] });
    expect(lessonsOf(with_('Loops | Lists|'))).toEqual({ count: 2, titles: ['Loops', 'Lists'] });
    expect(lessonsOf(with_('One long lesson'))).toEqual({ count: 1, titles: ['One long lesson'] });
    for (const nothing of [undefined, '', ' ', '0', '1001', '|']) expect(lessonsOf(with_(nothing))).toBeUndefined();
  });

  it('follow from the share done', () => {
    const course = with_('Loops|Lists|Files|Tests');
    expect(nextLesson(course, 0)).toEqual({ number: 1, count: 4, title: 'Loops' });
    // 60 % of four lessons are two whole ones.
    expect(nextLesson(course, 0.6)).toEqual({ number: 3, count: 4, title: 'Files' });
    expect(nextLesson(course, 0.75)).toEqual({ number: 4, count: 4, title: 'Tests' });
    expect(nextLesson(course, 1)).toBeUndefined();
    expect(nextLesson(with_(), 0.5)).toBeUndefined();
  });

  it('lead from each to the next, for every number of lessons', () => {
    for (let count = 1; count <= 200; count++)
      for (let number = 1; number <= count; number++) {
        const lesson = lessonAt(with_(String(count)), number)!;
        expect(nextLesson(with_(String(count)), shareAfter(lesson))?.number ?? count + 1).toBe(number + 1);
      }
    expect(lessonAt(with_('3'), 4)).toBeUndefined();
    expect(lessonAt(with_('3'), 1.5)).toBeUndefined();
  });
});

it('begun courses come first, the latest on top; then those not begun; then the finished', () => {
  const track = (id: string, progress: number, lastAt: number, completed = false) =>
    [id, { ...emptyTrack(id), progress, lastAt, completed }] as const;
  const history = new Map([track('old', 0.2, 1), track('new', 0.5, 9), track('done', 0.3, 20, true)]);
  const standings = standingsOf([named('done', '4'), named('bare'), named('old', '10'), named('new')], history);
  expect(standings.map(({ course, state, share, next }) => [course.id, state, share, next?.number])).toEqual([
    ['new', 'begun', 0.5, undefined],
    ['old', 'begun', 0.2, 3],
    ['bare', 'not-begun', 0, undefined],
    ['done', 'completed', 1, undefined],
  ]);
});
