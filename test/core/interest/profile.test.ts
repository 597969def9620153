import { describe, expect, it } from 'vitest';
import type { EventTypeName } from '../../../core/behaviour/event-types.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import { DECLARED_WEIGHT, topicInterests } from '../../../core/interest/profile.ts';
import { emptyState, foldEvent, type LearnerState } from '../../../core/interest/state.ts';
import { textInterest } from '../../../core/interest/text-interest.ts';

const DAY = 86_400_000;
const now = new Date('2026-06-01T00:00:00Z');

const courses = new Map(
  [
    course('py', ['Python'], 'Python from zero'),
    course('both', ['Python', 'Data'], 'Pandas'),
    course('excel', ['Excel'], 'Excel charts'),
    course('lower', ['python'], 'Decorators'),
  ].map((one) => [one.id, one]),
);
const courseOf = (id: string) => courses.get(id);

function course(id: string, topics: string[], title: string): Course {
  return {
    id,
    title,
    description: '',
    translations: {},
    topics,
    level: null,
    language: null,
    priceMinor: null,
    currency: null,
    durationMinutes: null,
    instructor: null,
    publishedAt: null,
    archived: false,
    attributes: {},
    simulated: false,
  };
}

function after(
  done: [EventTypeName, string | null, number, (number | null)?, string?][],
  declared: string[] = [],
): LearnerState {
  const state = emptyState(declared);
  for (const [type, courseId, daysAgo, value = null, query] of done)
    foldEvent(state, {
      type,
      courseId,
      value,
      occurredAt: new Date(now.getTime() - daysAgo * DAY),
      circumstances: query === undefined ? {} : { query },
    });
  return state;
}

describe('interest by topic', () => {
  it('counts a placement test for its topic: the latest of each, faded over a year', () => {
    const at = (daysAgo: number) => new Date(now.getTime() - daysAgo * DAY);
    const assess = (topic: string, daysAgo: number, value: number) =>
      ({ type: 'assess', courseId: null, value, occurredAt: at(daysAgo), circumstances: { topic } }) as const;
    const state = emptyState(['excel']);
    // In any order; of two of one topic the later counts, at one moment the better.
    for (const event of [
      assess('Data', 0, 0.4),
      assess('Excel', 365, 0.5),
      assess('Data', 30, 1),
      assess('Data', 0, 0.2),
    ])
      foldEvent(state, event);
    // Excel: half of 2 after a half-life of a year, and 3 for having chosen it; Data: 2, whatever the answers were.
    expect(topicInterests(state, now, courseOf)).toEqual([
      {
        topic: 'Excel',
        strength: 1 + DECLARED_WEIGHT,
        share: 4 / 6,
        evidence: [
          { type: 'declared', courseId: null, at: null, weight: DECLARED_WEIGHT },
          { type: 'assess', courseId: null, at: at(365), weight: 1, share: 0.5 },
        ],
      },
      {
        topic: 'Data',
        strength: 2,
        share: 2 / 6,
        evidence: [{ type: 'assess', courseId: null, at: at(0), weight: 2, share: 0.4 }],
      },
    ]);
  });

  it('adds up faded evidence; topics of one course share it', () => {
    // Python: a view 30 days old 1/2, half of an enrolment 120 days old 3/2/2; Data: the other half.
    const [python, data, ...rest] = topicInterests(
      after([
        ['view', 'py', 30],
        ['enrol', 'both', 120],
      ]),
      now,
      courseOf,
    );
    expect(rest).toEqual([]);
    expect(python).toEqual({
      topic: 'Python',
      strength: 1.25,
      share: 0.625,
      evidence: [
        { type: 'enrol', courseId: 'both', at: new Date(now.getTime() - 120 * DAY), weight: 0.75 },
        { type: 'view', courseId: 'py', at: new Date(now.getTime() - 30 * DAY), weight: 0.5 },
      ],
    });
    expect(data).toMatchObject({ topic: 'Data', strength: 0.75, share: 0.375 });
  });

  it('takes what the learner said as evidence that does not fade', () => {
    const [first, second] = topicInterests(after([['view', 'excel', 0]], ['Data', 'data']), now, courseOf);
    expect(first).toEqual({
      topic: 'Data',
      strength: DECLARED_WEIGHT,
      share: 0.75,
      evidence: [{ type: 'declared', courseId: null, at: null, weight: DECLARED_WEIGHT }],
    });
    expect(second).toMatchObject({ topic: 'Excel', share: 0.25 });
    expect(topicInterests(emptyState(['Data']), new Date('2100-01-01'), courseOf)[0]?.strength).toBe(DECLARED_WEIGHT);
  });

  it('falls with what the learner turns away from, below zero too, and shows why', () => {
    const topics = topicInterests(
      after([
        ['dismiss', 'excel', 0],
        ['rate', 'py', 0, 0],
        ['view', 'both', 0],
      ]),
      now,
      courseOf,
    );
    expect(topics.map(({ topic, strength, share }) => [topic, strength, share])).toEqual([
      ['Data', 0.5, 1],
      ['Excel', -3, 0],
      ['Python', -3.5, 0],
    ]);
    expect(topics[2]?.evidence[0]).toMatchObject({ type: 'rate', courseId: 'py', weight: -4 });
  });

  it('reads topics that differ in case as one, and courses that left the catalogue as none', () => {
    const topics = topicInterests(
      after([
        ['view', 'py', 0],
        ['view', 'lower', 0],
        ['view', 'gone', 0],
      ]),
      now,
      courseOf,
    );
    expect(topics).toHaveLength(1);
    expect(topics[0]?.strength).toBe(2);
  });

  it('shares up to 1, and is empty for a stranger', () => {
    const topics = topicInterests(
      after(
        [
          ['view', 'py', 3],
          ['save', 'both', 7],
          ['share', 'excel', 50],
        ],
        ['Go'],
      ),
      now,
      courseOf,
    );
    expect(topics.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(topicInterests(emptyState(), now, courseOf)).toEqual([]);
    expect(textInterest(emptyState(), now, courseOf)).toEqual([]);
  });
});

describe('interest by text', () => {
  it('weighs the words of courses by their evidence, each course of length 1', () => {
    // Title words are counted three times, so each has 1 + ln 3 and, two words alike, 1/√2 after the norm.
    const text = textInterest(
      after([
        ['save', 'excel', 60],
        ['view', 'lower', 0],
      ]),
      now,
      courseOf,
    );
    expect(text).toHaveLength(3);
    expect(text.find(({ term }) => term === 'excel')?.weight).toBeCloseTo(1 / Math.SQRT2, 12);
    expect(text[0]?.weight).toBeCloseTo(1, 12);
    expect(text[0]?.evidence).toMatchObject([{ courseId: 'lower' }]);
  });

  it('reads searches in Chinese and English, newest evidence strongest', () => {
    const text = textInterest(
      after([
        ['search', null, 14, null, '机器学习'],
        ['search', null, 0, null, 'excel'],
      ]),
      now,
      courseOf,
    );
    expect(text[0]).toEqual({ term: 'excel', weight: 0.5, evidence: [{ query: 'excel', weight: 0.5 }] });
    expect(text.map(({ term }) => term).join('')).toContain('机器');
    // Two weeks are the half-life of a search.
    const old = text.filter(({ evidence }) => 'query' in evidence[0]! && evidence[0].query === '机器学习');
    expect(Math.hypot(...old.map(({ weight }) => weight))).toBeCloseTo(0.25, 12);
  });

  it('lets a disliked course take back words, never below zero', () => {
    const text = textInterest(
      after([
        ['dismiss', 'excel', 0],
        ['view', 'py', 0],
      ]),
      now,
      courseOf,
    );
    const terms = text.map(({ term }) => term);
    expect(terms).not.toContain('excel');
    expect(terms).toContain('python');
  });
});
