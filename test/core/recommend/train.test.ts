import { beforeAll, describe, expect, it } from 'vitest';
import type { Course } from '../../../core/catalogue/course.ts';
import { silent } from '../../../core/numerics/progress.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { openArtefact } from '../../../core/recommend/artefact.ts';
import { factsOf } from '../../../core/recommend/facts.ts';
import { trainArtefact, type Champion } from '../../../core/recommend/train.ts';
import type { TrainingEvent } from '../../../core/recommend/training-data.ts';
import { catalogue, DAY, event, now, topics, trainingData, unmeasured } from './community.ts';

const courses = catalogue(6).filter(({ archived }) => !archived);
const known = new Map(courses.map((course) => [course.id, factsOf(course)]));
const LEARNERS = 100;
const measured = { ...unmeasured, validate: true };

/** Three courses each, over ten days; who keeps to a topic is foreseeable, who does not is not. */
function past(keepsToTopic: boolean): TrainingEvent[] {
  return lives((course, topic) => keepsToTopic === course.topics.includes(topic)).slice(0, 3 * LEARNERS);
}

/** The next course of each, of their topic, on the day after. */
const future = lives((course, topic) => course.topics.includes(topic)).slice(3 * LEARNERS);

/** Four views of different courses for each learner, all first, second, third and fourth ones in turn. */
function lives(likes: (course: Course, topic: string) => boolean): TrainingEvent[] {
  const random = createRandom(4);
  const own = Array.from({ length: LEARNERS }, (_, n) => {
    const topic = topics[n % topics.length]!;
    const liked = random.shuffle(courses.filter((course) => course.topics.includes(topic)));
    const others = random.shuffle(courses.filter((course) => !course.topics.includes(topic)));
    const last = liked[3]!;
    const first = liked.slice(0, 3).every((course) => likes(course, topic)) ? liked : others;
    return [...first.slice(0, 3), last];
  });
  return [0, 1, 2, 3].flatMap((turn) =>
    own.map((row, n) => event(`l${n}`, 'view', row[turn]!.id, new Date(+now + (turn * 3 + n / LEARNERS) * DAY))),
  );
}

async function championOf(events: readonly TrainingEvent[]): Promise<Champion> {
  const data = trainingData(courses, events);
  const { packed } = await trainArtefact(data, unmeasured, undefined, silent);
  const learnedTo = Date.parse(data.window.to!) / 1000;
  const opened = openArtefact('v', packed, (id) => known.get(id));
  return { number: 1, learnedTo, events: data.window.events, byHand: false, opened };
}

const challenge = (events: readonly TrainingEvent[], champion: Champion | undefined) =>
  trainArtefact(trainingData(courses, [...events, ...future]), measured, champion, silent);

let foreseeing: Champion;
let guessing: Champion;
beforeAll(async () => {
  foreseeing = await championOf(past(true));
  guessing = await championOf(past(false));
});

describe('a challenger', () => {
  it('that has learned the same does not replace the champion, whose counts are brought up to date', async () => {
    const { decision, renewed, validation } = await challenge(past(true), foreseeing);
    expect(decision).toMatchObject({
      promoted: false,
      rule: 'equal',
      champion: 1,
      comparison: { questions: LEARNERS, difference: { mean: 0, low: 0, high: 0 } },
      staleness: { unknown: 0, growth: 4 / 3 },
    });
    expect(validation).toMatchObject({ window: 'newest', learners: LEARNERS });
    const people = ({ opened }: Pick<Champion, 'opened'>) =>
      opened!.trained.popularity.learners.reduce((sum, count) => sum + count, 0);
    expect(people(foreseeing)).toBe(3 * LEARNERS);
    expect(people({ opened: openArtefact('v', renewed!, (id) => known.get(id)) })).toBe(4 * LEARNERS);
  });

  it('that knows what the champion does not replaces it', async () => {
    const { decision, renewed } = await challenge(past(true), guessing);
    expect(decision).toMatchObject({ promoted: true, rule: 'better' });
    expect(decision.comparison!.difference.low).toBeGreaterThan(0);
    expect(renewed).toBeUndefined();
  });

  it('that has lost what the champion knew does not, however much the log has changed', async () => {
    // Others who went the very way that is asked for, and are gone from the log.
    const gone = [...past(true), ...future].map((each) => ({
      ...each,
      learnerId: `gone ${each.learnerId}`,
      occurredAt: new Date(+each.occurredAt - 30 * DAY),
    }));
    const knowing = await championOf([...past(true), ...gone]);
    const { decision, renewed } = await challenge(past(true), knowing);
    expect(decision).toMatchObject({ promoted: false, rule: 'worse', stale: ['growth'] });
    expect(renewed).toBeDefined();
  });

  it('without a champion is measured on last courses, and serves', async () => {
    const { decision, validation, fault, config } = await challenge(past(true), undefined);
    expect([decision.rule, validation!.window, fault]).toEqual(['first', 'last', undefined]);
    expect(validation!.ndcg10).toBeGreaterThan(validation!.popular.ndcg10);
    // Its minute is shared by the fit that is measured and the one that is kept.
    expect(config).toMatchObject({ ...measured.config, budgetSeconds: 30 });
  });
});
