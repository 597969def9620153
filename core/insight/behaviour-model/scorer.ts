import { boost, loadForest, logistic, type Forest, type SavedForest } from '../../numerics/boosting.ts';
import type { Artefact } from '../../recommend/model.ts';
import { featureAt, recencyFrequency } from './features.ts';
import { fitLogistic, logisticContributions, scoreLogistic, type Logistic, type Rows } from './logistic.ts';
import { logLosses, mean, sigmoid } from './quality.ts';

/** Gives rows of features a logit. */
export interface Scorer {
  score(values: Float32Array, from?: number): number;
  /** What each feature adds to the logit of one row; 0 is what is usual. */
  contributions(row: Float32Array): Float64Array;
  save(): Artefact;
}

/** A way of learning with all its settings; what came of trying several stands in the metrics. */
export type Learning = { kind: 'logistic'; l2: number } | { kind: 'boosted'; trees: number };

/** Strengths of the penalty that are tried. */
const PENALTIES = [1e-3, 1e-2, 1e-1, 1, 10];
const BOOSTING = { learningRate: 0.05, depth: 3, l2: 10, minHessian: 5, rowShare: 0.7, columnShare: 0.5 };
const MOST_TREES = 400;
const PATIENCE = 40;

/** A learned scorer and how it was learned. */
export interface Tried {
  learning: Learning;
  scorer: Scorer;
}

/** Learns in every way that is tried, on `train`; boosting stops by the loss on `validation`. */
export function tryAll(train: Rows, validation: Rows, seed: number): Tried[] {
  const logistics = PENALTIES.map((l2): Tried => {
    const learning = { kind: 'logistic', l2 } as const;
    return { learning, scorer: learn(learning, train, seed) };
  });
  const loss = (scores: Float64Array) => mean(logLosses(scores.map(sigmoid), validation.labels));
  const forest = grow(train, MOST_TREES, seed, { values: validation.values, loss, patience: PATIENCE });
  return [...logistics, { learning: { kind: 'boosted', trees: forest.trees }, scorer: boosted(forest) }];
}

/** Learns in one way. */
export function learn(learning: Learning, rows: Rows, seed: number): Scorer {
  if (learning.kind === 'boosted') return boosted(grow(rows, learning.trees, seed));
  return linear(
    fitLogistic(
      rows,
      everyColumn(rows.features),
      learning.l2,
      new Set(recencyFrequency.map((name) => featureAt[name])),
    ),
  );
}

/** Logistic regression on some features alone, hardly penalised: a baseline. */
export function learnOn(columns: readonly number[], rows: Rows): Scorer {
  return linear(fitLogistic(rows, columns, 1e-4));
}

export function scoreAll(scorer: Scorer, { values, features, labels }: Rows): Float64Array {
  return Float64Array.from(labels, (_, row) => scorer.score(values, row * features));
}

export function loadScorer({ json, arrays }: Artefact): Scorer {
  const { kind, ...rest } = json as { kind: Learning['kind'] } & SavedForest['json'] & { bias: number };
  if (kind === 'boosted')
    return boosted(loadForest({ json: rest, arrays: arrays as unknown as SavedForest['arrays'] }));
  return linear({ ...(arrays as unknown as Omit<Logistic, 'bias'>), bias: rest.bias });
}

function linear(model: Logistic): Scorer {
  const { bias, ...arrays } = model;
  return {
    score: (values, from = 0) => scoreLogistic(model, values, from),
    contributions: (row) => logisticContributions(model, row),
    save: () => ({ json: { kind: 'logistic', bias }, arrays: { ...arrays } }),
  };
}

function boosted(forest: Forest): Scorer {
  return {
    score: (values, from = 0) => forest.predict(values, from),
    contributions: (row) => forest.contributions(row),
    save() {
      const { json, arrays } = forest.save();
      return { json: { kind: 'boosted', ...json }, arrays: { ...arrays } };
    },
  };
}

function grow(
  { values, features, labels }: Rows,
  rounds: number,
  seed: number,
  stop?: { values: Float32Array; loss: (scores: Float64Array) => number; patience: number },
): Forest {
  return boost({ values }, features, logistic(labels), { ...BOOSTING, rounds, seed, ...(stop && { stop }) });
}

function everyColumn(features: number): number[] {
  return Array.from({ length: features }, (_, at) => at);
}
