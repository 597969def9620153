import { createRandom, type Random } from '../../numerics/random.ts';
import { averageRank, ndcg } from '../../numerics/ranking.ts';
import { hashUnit } from '../../numerics/splits.ts';
import type { Progress } from '../../numerics/progress.ts';
import { courseCounts, filterDataset } from '../dataset.ts';
import { hideAnywhere, hideLast, type Ask, type Cut } from '../held-out.ts';
import type { Dataset } from '../model.ts';
import { courseFeatures } from './course-features.ts';
import { scorer, type Learned } from './deep-model.ts';
import { normal, type Network, type Size, type Tf, type Weights } from './network.ts';
import { GAPS, sequencesOf } from './sequences.ts';
import type { Architecture, Negatives } from './step.ts';
import { train, type Plan, type Trained } from './training.ts';

export interface DeepSettings extends Plan {
  size: Size;
  /** Courses told in one step. */
  batch: number;
  gaps: boolean;
  cut: Cut;
  seed: number;
}

/** What training may use of the world. */
export interface Means {
  tf: Tf;
  /** Seconds since any fixed moment. */
  clock: () => number;
  progress: Progress;
}

/** Share of the learners whose last courses are held out to stop by, and the most of them. */
const HELD_SHARE = 0.3;
const MOST_HELD = 2000;
const FEWEST_HELD = 20;
/** Share of the budget for the first training; the rest is for what it did not see. */
const FIRST = 0.8;
/** Of the epochs that were best, so many more on everything, at this share of the rate. */
const MORE_EPOCHS = 0.15;
const MORE_RATE = 0.3;
/** From so many courses on the soft-max is over a sample. */
const ALL_COURSES = 5000;
const NEGATIVES = 1024;
/** Deviation of course vectors at the start. */
const SPREAD = 0.05;

/**
 * Trains with courses held out until they are told no better, then a little further on everything.
 */
export function fitDeep(network: Network, dataset: Dataset, settings: DeepSettings, means: Means): Learned {
  const start = initial(network, dataset, settings);
  const held = holdOut(dataset, settings.cut, settings.seed);
  if (!held) return trainOn(network, dataset, settings, start, means, undefined);
  const first = { ...settings, budgetSeconds: settings.budgetSeconds * FIRST };
  const share =
    (from: number, to: number): Progress =>
    (what, done) =>
      means.progress(what, from + (to - from) * done);
  const fitted = trainOn(network, held.rest, first, start, { ...means, progress: share(0, FIRST) }, held.asks);
  const rest = { ...settings, budgetSeconds: settings.budgetSeconds * (1 - FIRST) };
  return refitDeep(network, fitted, dataset, rest, { ...means, progress: share(FIRST, 1) });
}

/** A short training from weights that are fitted already, on all of a dataset over the same courses. */
export function refitDeep(
  network: Network,
  fitted: Learned,
  dataset: Dataset,
  settings: DeepSettings,
  means: Means,
): Learned {
  const plan = {
    ...settings,
    epochs: Math.max(1, Math.round(fitted.epochs * MORE_EPOCHS)),
    learningRate: settings.learningRate * MORE_RATE,
  };
  const learned = trainOn(network, dataset, plan, renew(fitted, dataset), means, undefined);
  return { ...learned, epochs: fitted.epochs, ndcg10: fitted.ndcg10 };
}

function initial(network: Network, dataset: Dataset, { size, gaps, seed }: DeepSettings): Learned {
  const random = createRandom(seed);
  const features = courseFeatures(dataset.courses);
  const counts = courseCounts(dataset);
  const { dimension: d } = size;
  const courses = normal(random, counts.length * d, SPREAD);
  counts.forEach((count, course) => count === 0 && courses.fill(0, course * d, (course + 1) * d));
  const weights: Weights = {
    courses,
    begin: normal(random, d, SPREAD),
    bias: Float32Array.from(counts, biasOf),
    ...(features.width > 0 && { features: normal(random, features.width * d, SPREAD) }),
    ...(gaps && { gaps: new Float32Array(GAPS * d) }),
    ...network.initial(size, random),
  };
  return { size, gaps, weights, features, known: known(counts), epochs: 0, ndcg10: null };
}

/** Popularity is where it begins; a course that nobody took stands as if one had. */
function biasOf(count: number): number {
  return Math.log(Math.max(1, count));
}

function known(counts: Float64Array): Uint8Array {
  return Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0));
}

/** Courses that are new in the data are known from now on. */
function renew(learned: Learned, dataset: Dataset): Learned {
  return { ...learned, known: known(courseCounts(dataset)).map((own, course) => own | learned.known[course]!) };
}

function trainOn(
  network: Network,
  dataset: Dataset,
  settings: DeepSettings,
  start: Learned,
  { tf, clock, progress }: Means,
  asks: readonly Ask[] | undefined,
): Learned {
  const counts = courseCounts(dataset);
  const of = new Int32Array(counts.length).fill(-1);
  const back: number[] = [];
  counts.forEach((count, course) => {
    if (count > 0) of[course] = back.push(course) - 1;
  });
  const { size, gaps } = settings;
  const rows = Int32Array.from(back);
  const features = { ...start.features, values: take(start.features.values, rows, start.features.width) };
  const architecture: Architecture = { network, size, courses: rows.length, features, gaps };
  const inner: Weights = {
    ...start.weights,
    courses: take(start.weights['courses']!, rows, size.dimension),
    bias: take(start.weights['bias']!, rows, 1),
  };
  const whole = (weights: Weights): Learned => ({
    ...start,
    known: known(counts),
    weights: {
      ...weights,
      courses: put(start.weights['courses']!, rows, size.dimension, weights['courses']!),
      bias: put(start.weights['bias']!, rows, 1, weights['bias']!),
    },
  });
  const sequences = sequencesOf(dataset, {
    of,
    length: size.length,
    batch: settings.batch,
    shuffled: settings.cut === 'random',
  });
  const random = createRandom(settings.seed + 1);
  const trained: Trained = train(tf, architecture, inner, sequences, settings, {
    ...(asks && { validate: (weights) => gainOf(scorer(network, whole(weights), counts.length), asks) }),
    ...(rows.length > ALL_COURSES && { negatives: negativesOf(Float64Array.from(rows, (course) => counts[course]!)) }),
    random,
    clock,
    report: ({ epoch, share, loss, best, secondsLeft }) =>
      progress(
        `epoch ${epoch} of ${settings.epochs}, loss ${loss.toFixed(2)}` +
          (best === undefined ? '' : `, NDCG@10 ${best.toFixed(3)}`) +
          `, about ${Math.ceil(secondsLeft)} s left`,
        share,
      ),
  });
  return { ...whole(trained.weights), epochs: trained.epochs, ndcg10: trained.best ?? null };
}

/** Learners whose last courses, or a random part of them, are asked for; undefined where there are too few. */
function holdOut(dataset: Dataset, cut: Cut, seed: number): { rest: Dataset; asks: Ask[] } | undefined {
  const able = Array.from(dataset.learners, (_, learner) => learner).filter(
    (learner) => dataset.starts[learner + 1]! - dataset.starts[learner]! >= 2,
  );
  const share = Math.min(HELD_SHARE, MOST_HELD / able.length);
  const held = able.filter((learner) => hashUnit(seed, dataset.learners[learner]!) < share);
  if (held.length < FEWEST_HELD) return undefined;
  const hide = cut === 'random' ? hideAnywhere(seed, 0) : hideLast({ seed, positions: 1, newcomers: 0, clock: 'last' });
  const asks: Ask[] = [];
  const hidden = new Map(held.map((learner) => [learner, hide(dataset, learner, asks)]));
  return { rest: filterDataset(dataset, (learner, at) => !hidden.get(learner)?.has(at)), asks };
}

/** Mean NDCG@10. */
function gainOf(score: (history: Ask['history']) => Float32Array, asks: readonly Ask[]): number {
  let sum = 0;
  let excluded: Uint8Array | undefined;
  for (const { history, targets } of asks) {
    const scores = score(history);
    excluded ??= new Uint8Array(scores.length);
    for (const item of history.items) excluded[item] = 1;
    sum += ndcg(
      Array.from(targets, (target) => averageRank(scores, target, excluded!)),
      10,
    );
    for (const item of history.items) excluded[item] = 0;
  }
  return sum / asks.length;
}

/** Draws in proportion to how often a course was taken. */
function negativesOf(counts: Float64Array): (random: Random) => Negatives {
  const ends = new Float64Array(counts.length);
  let total = 0;
  counts.forEach((count, course) => (ends[course] = total += count));
  return (random) => {
    const courses = Int32Array.from({ length: NEGATIVES }, () => {
      const point = random.next() * total;
      let [low, high] = [0, ends.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ends[middle]! > point) high = middle;
        else low = middle + 1;
      }
      return low;
    });
    return {
      courses,
      logExpected: Float32Array.from(courses, (course) => Math.log((NEGATIVES * counts[course]!) / total)),
    };
  };
}

/** Some rows of a table. */
function take(table: Float32Array, rows: Int32Array, width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, at) => out.set(table.subarray(row * width, (row + 1) * width), at * width));
  return out;
}

/** A table with some rows replaced. */
function put(table: Float32Array, rows: Int32Array, width: number, values: Float32Array): Float32Array {
  const out = table.slice();
  rows.forEach((row, at) => out.set(values.subarray(at * width, (at + 1) * width), row * width));
  return out;
}
