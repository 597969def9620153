import type { LearnerState } from '../../interest/state.ts';
import type { Course } from '../../catalogue/course.ts';
import { numbering, type Logged } from './logged.ts';
import { chanceAt, meanAt } from './placing.ts';
import type { Context, Policy } from './policies.ts';
import { foldOf, predictRewards } from './reward-model.ts';
import type { LoggedSlate } from './replay.ts';

/** Rewards of the courses in the folds of the reward model, by index in the catalogue. */
export interface Rates {
  add(course: number, cluster: number, reward: number): void;
  /** Mean reward of a course outside the fold of the cluster, drawn to that of all. */
  of(course: number, cluster: number): number;
}

/** Impressions of the mean of all that a course's own are joined with. */
const SHRINK = 20;

export function createRates(): Rates {
  const all = new Sums();
  const byCourse = new Map<number, Sums>();
  return {
    add(course, cluster, reward) {
      let own = byCourse.get(course);
      if (!own) byCourse.set(course, (own = new Sums()));
      own.add(foldOf(cluster), reward);
      all.add(foldOf(cluster), reward);
    },
    of(course, cluster) {
      const fold = foldOf(cluster);
      const [reward, n] = all.without(fold);
      const mean = n === 0 ? 0 : reward / n;
      const [own, shown] = byCourse.get(course)?.without(fold) ?? [0, 0];
      return (own + SHRINK * mean) / (shown + SHRINK);
    },
  };
}

class Sums {
  private readonly folds = new Map<number, [reward: number, n: number]>();
  private reward = 0;
  private n = 0;

  add(fold: number, reward: number): void {
    const [own, n] = this.folds.get(fold) ?? [0, 0];
    this.folds.set(fold, [own + reward, n + 1]);
    this.reward += reward;
    this.n++;
  }

  without(fold: number): [reward: number, n: number] {
    const [own, n] = this.folds.get(fold) ?? [0, 0];
    return [this.reward - own, this.n - n];
  }
}

export interface Described {
  courses: readonly Course[];
  rates: Rates;
  /** Learners who had taken the course before a moment (ms). */
  takers: (courseId: string, before: number) => number;
}

const WIDTH = 7;

/** Collects the rows of one candidate policy. */
export class Collector {
  readonly policy: Policy;
  private readonly about: Described;
  private readonly rows = { cluster: [] as number[], propensity: [] as number[], reward: [] as number[] };
  private readonly candidate: number[] = [];
  private readonly shown: number[] = [];
  private readonly expected: number[] = [];

  constructor(policy: Policy, about: Described) {
    this.policy = policy;
    this.about = about;
  }

  /** @param rewards of the slate's items. @param indices of their courses. */
  add(
    slate: LoggedSlate,
    context: Context,
    cluster: number,
    rewards: readonly number[],
    indices: readonly number[],
  ): void {
    const placed = this.policy.place(context);
    const read = this.reader(context, cluster);
    slate.items.forEach(({ position, propensity }, at) => {
      const course = indices[at]!;
      this.rows.cluster.push(cluster);
      this.rows.propensity.push(propensity);
      this.rows.reward.push(rewards[at]!);
      this.candidate.push(chanceAt(placed, course, position));
      this.shown.push(...read.features(position, (of) => of(course)));
      this.expected.push(...read.features(position, (of) => meanAt(placed, position, of)));
    });
  }

  logged(): Logged {
    const cluster = dense(this.rows.cluster);
    const reward = Float64Array.from(this.rows.reward);
    const described = {
      width: WIDTH,
      shown: Float64Array.from(this.shown),
      expected: Float64Array.from(this.expected),
    };
    return {
      cluster,
      propensity: Float64Array.from(this.rows.propensity),
      reward,
      candidate: Float64Array.from(this.candidate),
      ...predictRewards(described, reward, Int32Array.from(this.rows.cluster)),
    };
  }

  /**
   * Features of a place and what stands there: 1, 1 / (1 + place), the course's rate, the two multiplied,
   * log of its takers, whether the learner has to do with its topics, and that times the rate.
   */
  private reader({ state, now }: Context, cluster: number) {
    const { courses, rates, takers } = this.about;
    const topics = topicsOf(state, courses);
    const rate = remembered((course) => rates.of(course, cluster));
    const taken = remembered((course) => Math.log1p(takers(courses[course]!.id, now.getTime())));
    const near = remembered((course) => (courses[course]!.topics.some((one) => topics.has(one.toLowerCase())) ? 1 : 0));
    return {
      features(position: number, mean: (of: (course: number) => number) => number): number[] {
        const ahead = 1 / (1 + position);
        const ones = mean(() => 1);
        const rated = mean(rate);
        return [
          ones,
          ones * ahead,
          rated,
          rated * ahead,
          mean(taken),
          mean(near),
          mean((course) => near(course) * rate(course)),
        ];
      },
    };
  }
}

function topicsOf(state: LearnerState | undefined, courses: readonly Course[]): ReadonlySet<string> {
  if (!state) return new Set();
  const known = new Set([...state.history.values()].filter(({ weight }) => weight > 0).map(({ courseId }) => courseId));
  const topics = new Set(state.declaredTopics.map((topic) => topic.toLowerCase()));
  for (const { id, topics: own } of courses)
    if (known.has(id)) for (const topic of own) topics.add(topic.toLowerCase());
  return topics;
}

function remembered(of: (course: number) => number): (course: number) => number {
  const known = new Map<number, number>();
  return (course) => {
    let value = known.get(course);
    if (value === undefined) known.set(course, (value = of(course)));
    return value;
  };
}

/** Numbered anew without gaps: a policy may have no row of some clusters. */
function dense(clusters: readonly number[]): Int32Array {
  const numbers = numbering();
  return Int32Array.from(clusters, (cluster) => numbers.of(String(cluster)));
}
