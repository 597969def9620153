import { eventTypes, eventWeight, type EventTypeName } from '../behaviour/event-types.ts';
import type { Event } from '../behaviour/event.ts';
import { datasetBuilder } from './dataset.ts';
import type { CourseFacts, Dataset } from './model.ts';

export interface TrainingData {
  /** Who showed interest in what, over the whole catalogue. */
  dataset: Dataset;
  /** Who took what, over the same courses: without those who only looked. */
  taken: Dataset;
  window: DataWindow;
}

/** Where a version's data came from. */
export interface DataWindow {
  /** ISO times of the first and last event; null where no event has a time. */
  from: string | null;
  to: string | null;
  learners: number;
  courses: number;
  /** Events that count. */
  events: number;
  /** Distinct pairs of learner and course that they came to. */
  interactions: number;
}

/** Everything that speaks for or against a course; silence says too little of any one course. */
export const trainingTypes: readonly EventTypeName[] = (Object.keys(eventTypes) as EventTypeName[]).filter(
  (type) => type !== 'silent' && eventTypes[type].weight !== 0,
);

/** What only someone who took the course does. */
const takingTypes: ReadonlySet<EventTypeName> = new Set(['enrol', 'purchase', 'progress', 'complete', 'rate']);

export type TrainingEvent = Pick<Event, 'learnerId' | 'courseId' | 'type' | 'value' | 'occurredAt' | 'circumstances'>;

/** Collects the events of `trainingTypes`, in the order they were recorded. */
export interface TrainingDataBuilder {
  add(event: TrainingEvent): void;
  build(): TrainingData;
}

export function trainingDataBuilder(courses: readonly CourseFacts[]): TrainingDataBuilder {
  const interest = datasetBuilder(courses);
  const taking = datasetBuilder(courses);
  let events = 0;
  let from = Infinity;
  let to = -Infinity;
  return {
    add({ learnerId, courseId, type, value, occurredAt, circumstances }) {
      if (courseId === null) return;
      // A time that only stands in for the order of a file says nothing about the week it was in.
      const time = circumstances.undated ? NaN : occurredAt.getTime() / 1000;
      const rating = type === 'rate' && value !== null ? value : NaN;
      if (!interest.add(learnerId, courseId, time, eventWeight(type, value), rating)) return;
      if (takingTypes.has(type)) taking.add(learnerId, courseId, time, 1, rating);
      events++;
      if (time < from) from = time;
      if (time > to) to = time;
    },
    build() {
      const dataset = interest.build();
      const window: DataWindow = {
        from: isoOf(from),
        to: isoOf(to),
        learners: dataset.learners.length,
        courses: courses.length,
        events,
        interactions: dataset.items.length,
      };
      return { dataset, taken: taking.build(), window };
    },
  };
}

function isoOf(seconds: number): string | null {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : null;
}
