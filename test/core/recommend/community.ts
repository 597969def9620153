import type { EventTypeName } from '../../../core/behaviour/event-types.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import { createSearch } from '../../../core/catalogue/search.ts';
import { emptyState, foldEvent, type LearnerState } from '../../../core/interest/state.ts';
import { createRandom, type Random } from '../../../core/numerics/random.ts';
import { factsOf } from '../../../core/recommend/facts.ts';
import { createRecommender, type Recommender } from '../../../core/recommend/recommender.ts';
import { fitContent, openArtefact } from '../../../core/recommend/artefact.ts';
import { hybrid } from '../../../core/recommend/models/hybrid.ts';
import { trainArtefact, type TrainOptions } from '../../../core/recommend/train.ts';
import { trainingDataBuilder, trainingTypes, type TrainingEvent } from '../../../core/recommend/training-data.ts';

/** Small communities for tests: learners who keep to a favourite topic or two. */
export const DAY = 86_400_000;
export const now = new Date('2026-06-01T12:00:00Z');
export const topics = ['Python', 'Excel', 'Design', 'Writing', 'Marketing'] as const;

const words: Record<(typeof topics)[number], string> = {
  Python: 'python code loops functions pandas notebook 编程',
  Excel: 'excel spreadsheet charts pivot formulas 表格',
  Design: 'design colour layout typography figma 设计',
  Writing: 'writing essays style grammar stories 写作',
  Marketing: 'marketing brand campaigns audience growth 营销',
};

export function course(id: string, fields: Partial<Course> = {}): Course {
  return {
    id,
    title: `Course ${id}`,
    description: '',
    translations: {},
    topics: [],
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
    ...fields,
  };
}

/** `perTopic` courses of each topic, the last of each archived. */
export function catalogue(perTopic = 12): Course[] {
  const random = createRandom(5);
  return topics.flatMap((topic) =>
    Array.from({ length: perTopic }, (_, i) => {
      const own = words[topic].split(' ');
      return course(`${topic.toLowerCase()}-${i}`, {
        title: `${topic} ${i}: ${random.pick(own)}`,
        description: `${random.pick(own)} ${random.pick(own)} ${random.pick(own)} for everyone`,
        topics: [topic],
        level: (['beginner', 'intermediate', 'advanced'] as const)[i % 3]!,
        language: i % 2 === 0 ? 'en' : 'zh',
        publishedAt: new Date(now.getTime() - (400 - i) * DAY),
        archived: i === perTopic - 1,
      });
    }),
  );
}

/** Events of `learners` people over the last `days`, each in time order. */
export function behaviour(courses: readonly Course[], learners = 150, days = 60, seed = 3): TrainingEvent[] {
  const random = createRandom(seed);
  return Array.from({ length: learners }, (_, n) => eventsOfOne(`learner-${n}`, courses, days, random)).flat();
}

export function event(
  learnerId: string,
  type: EventTypeName,
  courseId: string | null,
  at: Date = now,
  value: number | null = null,
): TrainingEvent {
  return { learnerId, courseId, type, value, occurredAt: at, circumstances: {} };
}

export function search(learnerId: string, query: string, at: Date = now): TrainingEvent {
  return { ...event(learnerId, 'search', null, at), circumstances: { query } };
}

/** A life of one learner: looks, sometimes takes, finishes, rates, saves, turns down. */
export function eventsOfOne(
  learnerId: string,
  courses: readonly Course[],
  days: number,
  random: Random,
): TrainingEvent[] {
  const favourite = random.pick(topics);
  const ofTopic = (topic: string) => courses.filter((each) => each.topics.includes(topic));
  const events: TrainingEvent[] = [];
  const steps = random.int(10);
  for (let i = 0; i < steps; i++) {
    const topic = random.next() < 0.8 ? favourite : random.pick(topics);
    const list = ofTopic(topic);
    // Earlier courses of a topic are taken more.
    const { id } = list[Math.floor(random.next() ** 2 * list.length)]!;
    let at = now.getTime() - days * DAY + ((i + random.next()) / steps) * days * DAY;
    const add = (type: EventTypeName, value: number | null = null) =>
      events.push(event(learnerId, type, id, new Date(Math.min((at += 60_000), now.getTime())), value));
    add('impression');
    add('view');
    const fate = random.next();
    if (fate < 0.15) add('save');
    else if (fate < 0.25) add('dismiss');
    else if (fate < 0.7) {
      add('purchase', 1900);
      if (random.next() < 0.7) add('progress', random.next());
      if (random.next() < 0.4) add('complete');
      if (random.next() < 0.6) add('rate', random.pick([0.25, 0.75, 1, 1]));
      if (random.next() < 0.05) add('refund', 1900);
    }
  }
  return events;
}

export function stateAfter(events: readonly TrainingEvent[], declared: readonly string[] = []): LearnerState {
  const state = emptyState(declared);
  for (const each of events) foldEvent(state, each);
  return state;
}

export function trainingData(courses: readonly Course[], events: readonly TrainingEvent[]) {
  const builder = trainingDataBuilder(courses.map(factsOf));
  for (const each of events) if (trainingTypes.includes(each.type)) builder.add(each);
  return builder.build();
}

export const unmeasured: TrainOptions = {
  config: hybrid.config.parse({ seed: 1 }),
  budgetMinutes: 1,
  validate: false,
};

export interface Settings {
  explore?: number;
  diversity?: number;
  calibration?: number;
  fit?: boolean;
}

/** A recommender over `courses`, trained on `events` over `trainedOn` (the same courses unless given). */
export async function recommenderOf(
  courses: readonly Course[],
  events: readonly TrainingEvent[] | undefined,
  { explore = 0, diversity = 0.3, calibration = 0, fit = true }: Settings = {},
  trainedOn = courses,
): Promise<Recommender> {
  const content = fitContent(courses.map(factsOf));
  const trained = events && (await openTrained(trainedOn, events, courses));
  const index = createSearch(courses);
  return createRecommender({ courses, search: () => index, content, trained, explore, diversity, calibration, fit });
}

export async function openTrained(
  trainedOn: readonly Course[],
  events: readonly TrainingEvent[],
  courses: readonly Course[] = trainedOn,
) {
  const { packed, fault } = await trainArtefact(trainingData(trainedOn, events), unmeasured, undefined, () => {});
  if (fault) throw new Error(fault);
  const known = new Map(courses.map((each) => [each.id, factsOf(each)]));
  return openArtefact('00000000-0000-4000-8000-000000000001', packed, (id) => known.get(id)).trained;
}
