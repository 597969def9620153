import { eventKey } from '../../core/behaviour/key.ts';
import type { Circumstances, NewEvent } from '../../core/behaviour/event.ts';
import type { EventTypeName } from '../../core/behaviour/event-types.ts';
import type { Course } from '../../core/catalogue/course.ts';
import { levels, type Level } from '../../core/learner/learner.ts';
import type { Language } from '../../core/language/reply.ts';
import { createRandom, type Random } from '../../core/numerics/random.ts';

/** A made-up member of the sample community. */
export interface SimulatedLearner {
  externalId: string;
  language: Language;
  level: Level;
  timeZone: string;
  joinedAt: Date;
  declaredTopics: string[];
}

export interface Community {
  learners: SimulatedLearner[];
  /** `learnerId` holds the external id until the learner has a row. */
  events: NewEvent[];
}

const DAY = 86_400_000;
/** How far back the community's life goes. */
const DAYS = 200;
/** Courses looked at in a session besides the one chosen: shown and left. */
const SHOWN = 4;

/** How strongly each cause pulls a learner to a course; the unit is the logit. */
const pull = { topic: 4, level: 1.2, language: 1.5, quality: 0.8, successor: 2.2, fresh: 0.6 } as const;

/**
 * Simulates a community of paid-knowledge learners, day by day, from one seed.
 *
 * Each learner has latent interests (one to three topics with weights), a level that rises with
 * what they finish, a language, a budget, a pace (sessions a week, log-normal) and a chance to drop
 * out after each session. In a session they are shown a few courses and choose one by a soft-max
 * over topic, level and language match, the course's hidden quality, its freshness, and whether it
 * follows on what they finished last. They may search, save, dismiss, enrol or buy; what they own
 * they work through in later sessions, finish or abandon, and rate by match and quality with noise.
 *
 * Pure: the same seed, courses and day give the same community.
 */
export function simulateCommunity(courses: readonly Course[], size: number, seed: number, now: Date): Community {
  const random = createRandom(seed);
  const world = createWorld(courses, random);
  const learners: SimulatedLearner[] = [];
  const events: NewEvent[] = [];
  for (let index = 1; index <= size; index++) {
    const learner = simulateLearner(`sample-${String(index).padStart(4, '0')}`, world, random, now);
    learners.push(learner.profile);
    events.push(...learner.events);
  }
  events.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  return { learners, events };
}

interface World {
  courses: readonly Course[];
  topics: string[];
  /** Hidden quality of each course, standard normal. */
  quality: Map<string, number>;
}

function createWorld(courses: readonly Course[], random: Random): World {
  return {
    courses,
    topics: [...new Set(courses.flatMap((course) => course.topics))],
    quality: new Map(courses.map((course) => [course.id, random.normal()])),
  };
}

interface Study {
  course: Course;
  done: number;
  match: number;
}

function simulateLearner(externalId: string, world: World, random: Random, now: Date) {
  const language: Language = random.next() < 0.65 ? 'zh' : 'en';
  const bilingual = random.next() < 0.25;
  const affinity = drawInterests(world.topics, random);
  let level = random.next() < 0.6 ? 0 : random.next() < 0.75 ? 1 : 2;
  const budget = Math.exp(0.5 * random.normal());
  const sessionsPerWeek = Math.exp(0.2 + 0.7 * random.normal());
  const dropOut = 0.01 + 0.06 * random.next();
  // The community grows: more people joined lately than long ago.
  const joinedDaysAgo = DAYS * (1 - Math.sqrt(random.next()));
  const joinedAt = new Date(now.getTime() - joinedDaysAgo * DAY);

  const events: NewEvent[] = [];
  const record = (
    at: number,
    type: EventTypeName,
    course: Course | null,
    value: number | null = null,
    circumstances: Circumstances = {},
  ) => {
    const occurredAt = new Date(Math.min(at, now.getTime()));
    events.push({
      idempotencyKey: eventKey('sample', externalId, String(events.length), String(occurredAt.getTime())),
      learnerId: externalId,
      courseId: course?.id ?? null,
      type,
      value,
      occurredAt,
      channel: 'web',
      circumstances,
    });
  };
  record(joinedAt.getTime(), 'register', null);

  const seen = new Set<string>();
  const studies: Study[] = [];
  let lastFinished: Course | undefined;
  let at = joinedAt.getTime() + 60_000;
  while (at < now.getTime()) {
    const [chosen, ...passed] = chooseCourses();
    if (chosen) {
      [chosen, ...passed].forEach((course, position) =>
        record(at, 'impression', course, null, { list: 'recommend', position }),
      );
      if (random.next() < 0.15) record(at + 5_000, 'search', null, null, { query: chosen.topics[0]! });
      considerCourse(chosen, at + 20_000);
      const disliked = passed.find((course) => matchOf(course) < 0.05);
      if (disliked && random.next() < 0.06) record(at + 30_000, 'dismiss', disliked);
    }
    const study = studies.find(({ done }) => done < 1);
    if (study && random.next() < 0.75) studySession(study, at + 5 * 60_000);
    if (random.next() < dropOut) break;
    at += ((7 * DAY) / sessionsPerWeek) * -Math.log(1 - random.next()) + 3_600_000;
  }
  const profile: SimulatedLearner = {
    externalId,
    language,
    level: levels[Math.min(level, 2)]!,
    timeZone:
      language === 'zh' ? 'Asia/Shanghai' : random.pick(['Europe/London', 'America/New_York', 'Asia/Singapore']),
    joinedAt,
    declaredTopics: random.next() < 0.5 ? [...affinity.keys()].slice(0, 2) : [],
  };
  return { profile, events };

  /** How well a course fits this learner's latent taste, in [0, 1]. */
  function matchOf(course: Course): number {
    return Math.min(
      1,
      course.topics.reduce((sum, topic) => sum + (affinity.get(topic) ?? 0), 0),
    );
  }

  function chooseCourses(): Course[] {
    const open = world.courses.filter(
      (course) => !seen.has(course.id) && (course.publishedAt?.getTime() ?? 0) <= at && random.next() < 0.5,
    );
    const scored = open.map((course) => {
      const levelGap = Math.abs(levels.indexOf(course.level as Level) - level);
      const follows = lastFinished?.topics.some((topic) => course.topics.includes(topic)) && levelGap <= 1;
      const age = (at - (course.publishedAt?.getTime() ?? 0)) / DAY;
      const utility =
        pull.topic * matchOf(course) -
        pull.level * levelGap +
        (course.language === language || bilingual ? pull.language : 0) +
        pull.quality * world.quality.get(course.id)! +
        (follows ? pull.successor : 0) +
        pull.fresh * Math.exp(-age / 60);
      // Adding Gumbel noise and sorting draws without replacement from the soft-max.
      return { course, key: utility - Math.log(-Math.log(random.next() || 1e-12)) };
    });
    return scored
      .sort((a, b) => b.key - a.key)
      .slice(0, SHOWN)
      .map(({ course }) => course);
  }

  function considerCourse(course: Course, when: number): void {
    seen.add(course.id);
    const match = matchOf(course);
    record(when, 'view', course, null, { list: 'recommend', position: 0 });
    const price = (course.priceMinor ?? 0) / 10_000 / budget;
    const wish = 2.5 * match + 0.5 * world.quality.get(course.id)! - 1.2 * price - 0.8;
    if (random.next() < 1 / (1 + Math.exp(-wish))) {
      if (course.priceMinor) record(when + 90_000, 'purchase', course, course.priceMinor);
      else record(when + 60_000, 'enrol', course);
      studies.push({ course, done: 0, match });
    } else if (random.next() < 0.25 * (0.3 + match)) {
      record(when + 40_000, 'save', course);
    }
  }

  function studySession(study: Study, when: number): void {
    const pace = 0.2 + 0.4 * random.next();
    if (random.next() < 0.12 * (1 - study.match)) {
      // Put aside for good.
      study.done = 1;
      return;
    }
    study.done = Math.min(1, study.done + pace);
    record(when, 'progress', study.course, Math.round(study.done * 100) / 100);
    if (study.done < 1) return;
    record(when + 60_000, 'complete', study.course);
    lastFinished = study.course;
    if (study.course.level === levels[level] && random.next() < 0.35) level = Math.min(level + 1, 2);
    if (random.next() < 0.6) {
      const taste = 3.1 + 1.3 * study.match + 0.6 * world.quality.get(study.course.id)! + 0.6 * random.normal();
      const stars = Math.max(1, Math.min(5, Math.round(taste)));
      record(when + 120_000, 'rate', study.course, (stars - 1) / 4);
    }
  }
}

/** One to three topics with weights that sum to 1, the first the strongest. */
function drawInterests(topics: readonly string[], random: Random): Map<string, number> {
  const count = 1 + random.int(3);
  const chosen = random.shuffle([...topics]).slice(0, count);
  const weights = chosen.map(() => -Math.log(1 - random.next())).sort((a, b) => b - a);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return new Map(chosen.map((topic, index) => [topic, weights[index]! / total]));
}
