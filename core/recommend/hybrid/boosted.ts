import { boost, loadForest, type Forest, type Slopes } from '../../numerics/boosting.ts';
import type { Progress } from '../../numerics/progress.ts';
import { topK } from '../../numerics/ranking.ts';
import type { Artefact } from '../model.ts';
import { featureList, FEATURES, type Columns, type PartName } from './features.ts';
import { difference, gains, likelihoods, type Judged } from './gains.ts';
import type { Questions } from './questions.ts';

/** Alternatives of a choice that trees are grown on: the likeliest, which alone they are to put in order. */
const LIKELIEST = 60;
/** Fewer questions than this teach trees nothing that lasts. */
const FEWEST = 500;
const ROUNDS = 80;
const PATIENCE = 8;
const TREES = { learningRate: 0.08, depth: 4, l2: 30, minHessian: 3, rowShare: 0.7, columnShare: 0.6 };
/** Standard errors by which questions that no tree has seen must be ordered better (NDCG@10) or be likelier; the other of the two must not be worse. */
const CERTAIN = 2;
const PARTS = 3;
/** Courses of one learner whose place trees may change. */
const REORDERED = 100;

/** Trees on top of the weights: what weights can not say, such as that a feature counts only beside another. */
export interface Boosted {
  forest: Forest;
  /** Of each feature; the forest is asked in units of these. */
  deviations: Float64Array;
}

/** The trees, and what they add to each alternative as told by trees that did not see its question. */
export interface Regrown {
  boosted: Boosted;
  utilities: Float64Array;
}

/**
 * Gradient-boosted trees over the same features, from the utilities of the weights on (Newton steps on
 * the soft-max likelihood of each choice). Undefined where trees grown on some questions do not put the
 * others into a better order.
 */
export function regrow(
  questions: Questions,
  blended: Float64Array,
  seed: number,
  progress: Progress,
): Regrown | undefined {
  const { choices, deviations } = questions;
  const asked = choices.groups.length;
  if (asked < FEWEST) return undefined;
  const part = partsOf(questions);
  const told = blended.slice();
  let trees = 0;
  for (let own = 0; own < PARTS; own++) {
    const seen = pick(questions, blended, (choice) => part[choice] !== own);
    const held = pick(questions, blended, (choice) => part[choice] === own);
    const forest = boost({ values: seen.values, offsets: seen.offsets }, FEATURES, softmaxSlopes(seen), {
      ...TREES,
      rounds: ROUNDS,
      seed,
      stop: { values: held.values, offsets: held.offsets, loss: (scores) => lossOf(held, scores), patience: PATIENCE },
      onRound: (round) => progress('trees', (own + round / ROUNDS) / (PARTS + 1)),
    });
    trees += forest.trees / PARTS;
    for (let choice = 0; choice < asked; choice++) {
      if (part[choice] !== own) continue;
      for (let at = choices.starts[choice]!; at < choices.starts[choice + 1]!; at++) {
        told[at]! += forest.predict(choices.x, at * FEATURES);
      }
    }
  }
  const better = difference(gains(choices, told), gains(choices, blended));
  const likelier = difference(likelihoods(choices, told), likelihoods(choices, blended));
  const certain = ({ mean, error }: { mean: number; error: number }): boolean => mean > CERTAIN * error;
  const joins = better.mean > 0 && likelier.mean > 0 && (certain(better) || certain(likelier));
  if (trees < 1 || !joins) return undefined;
  const all = pick(questions, blended, () => true);
  const forest = boost({ values: all.values, offsets: all.offsets }, FEATURES, softmaxSlopes(all), {
    ...TREES,
    rounds: Math.round(trees),
    seed,
    onRound: (round) => progress('trees', (PARTS + round / trees) / (PARTS + 1)),
  });
  return { boosted: { forest, deviations }, utilities: told };
}

/** Questions of one fold stay together; where there is one fold alone, they are dealt. */
function partsOf({ foldOf }: Questions): Int32Array {
  const folds = foldOf.reduce((most, fold) => Math.max(most, fold + 1), 0);
  return foldOf.map((fold, choice) => (folds >= PARTS ? fold : choice) % PARTS);
}

interface Picked extends Judged {
  values: Float32Array;
  offsets: Float64Array;
}

/**
 * The likeliest alternatives of some choices, as rows of their own. A target that is not among them is
 * left out with its choice: put there, it would be known by its low utility alone.
 */
function pick({ choices }: Questions, blended: Float64Array, wanted: (choice: number) => boolean): Picked {
  const rows: number[] = [];
  const starts = [0];
  for (let choice = 0; choice < choices.groups.length; choice++) {
    if (!wanted(choice)) continue;
    const [from, to] = [choices.starts[choice]!, choices.starts[choice + 1]!];
    const sorted = blended.slice(from, to).sort();
    const least = sorted[Math.max(0, sorted.length - LIKELIEST)]!;
    const kept: number[] = [];
    for (let at = from; at < to; at++) if (blended[at]! >= least) kept.push(at);
    if (!kept.some((at) => choices.chosen[at]! > 0)) continue;
    for (const at of kept) rows.push(at);
    starts.push(rows.length);
  }
  const values = new Float32Array(rows.length * FEATURES);
  rows.forEach((row, at) => values.set(choices.x.subarray(row * FEATURES, (row + 1) * FEATURES), at * FEATURES));
  return {
    values,
    starts,
    offset: Float32Array.from(rows, (row) => choices.offset[row]!),
    chosen: sharesOf(
      starts,
      Float32Array.from(rows, (row) => choices.chosen[row]!),
    ),
    offsets: Float64Array.from(rows, (row) => blended[row]!),
  };
}

/** A choice's shares made to sum to 1 again. */
function sharesOf(starts: readonly number[], chosen: Float32Array): Float32Array {
  for (let choice = 0; choice + 1 < starts.length; choice++) {
    const own = chosen.subarray(starts[choice], starts[choice + 1]);
    const total = own.reduce((sum, share) => sum + share, 0);
    own.forEach((share, at) => (own[at] = share / total));
  }
  return chosen;
}

function softmaxSlopes({ starts, offset, chosen }: Judged): Slopes {
  return (scores, gradients, hessians) => {
    for (let choice = 0; choice + 1 < starts.length; choice++) {
      const [from, to] = [starts[choice]!, starts[choice + 1]!];
      let highest = -Infinity;
      for (let at = from; at < to; at++) highest = Math.max(highest, scores[at]! + offset[at]!);
      let total = 0;
      for (let at = from; at < to; at++) total += gradients[at] = Math.exp(scores[at]! + offset[at]! - highest);
      for (let at = from; at < to; at++) {
        const p = gradients[at]! / total;
        gradients[at] = p - chosen[at]!;
        hessians[at] = Math.max(1e-6, p * (1 - p));
      }
    }
  };
}

function lossOf(judged: Judged, scores: Float64Array): number {
  return -likelihoods(judged, scores).reduce((sum, one) => sum + one, 0);
}

/**
 * Adds what the trees say to the likeliest courses; all others are given what the last of these got
 * on average, so that none of them is moved against its like.
 */
export function addTrees({ forest, deviations }: Boosted, columns: Columns, utilities: Float32Array): void {
  const best = topK(utilities, REORDERED);
  const row = new Float32Array(FEATURES);
  const added = Float64Array.from(best, (course) => {
    fillRow(row, deviations, columns, course);
    return forest.predict(row);
  });
  const last = added.subarray(Math.floor(added.length / 2));
  const rest = last.reduce((sum, one) => sum + one, 0) / Math.max(1, last.length);
  for (let course = 0; course < utilities.length; course++) utilities[course]! += rest;
  best.forEach((course, at) => (utilities[course]! += added[at]! - rest));
}

/** What the trees added to one course, by the part whose feature they asked. */
export function treeContributions(
  { forest, deviations }: Boosted,
  columns: Columns,
  course: number,
): Map<PartName, number> {
  const found = new Map<PartName, number>();
  forest.contributions(fillRow(new Float32Array(FEATURES), deviations, columns, course)).forEach((amount, f) => {
    const { part } = featureList[f]!;
    found.set(part, (found.get(part) ?? 0) + amount);
  });
  return found;
}

function fillRow(row: Float32Array, deviations: Float64Array, columns: Columns, course: number): Float32Array {
  for (let f = 0; f < FEATURES; f++) row[f] = (columns[f]?.[course] ?? 0) / deviations[f]!;
  return row;
}

export function saveBoosted({ forest, deviations }: Boosted): Artefact {
  const saved = forest.save();
  return { json: saved.json, arrays: { ...saved.arrays, deviations } };
}

export function loadBoosted({ json, arrays }: Artefact): Boosted {
  return {
    forest: loadForest({ json, arrays } as Parameters<typeof loadForest>[0]),
    deviations: arrays['deviations'] as Float64Array,
  };
}
