import type { Progress } from '../../numerics/progress.ts';
import { stopwatch } from '../backend.ts';
import type { Artefact, Dataset, History, Model, ModelType } from '../model.ts';
import type { PartName } from './features.ts';
import { difference, gains, likelihoods } from './gains.ts';
import { GROUPS, groupOf } from './groups.ts';
import { liftOf, popularityOf } from './lift.ts';
import { fitLogit, utilitiesOf, type Choices, type LogitWeights } from './logit.ts';
import { deepTypes, settingsFor, type LeftOut, type Part } from './parts.ts';
import type { Questions } from './questions.ts';

/** Time for each deep model, its two trainings together: seconds for each interaction, at least and at most. */
const SECONDS_EACH = 0.0025;
const LEAST_SECONDS = 150;
const MOST_SECONDS = 2400;
/** Of it, the share of the training that is validated; the rest goes on from there, on everything. */
const VALIDATED = 0.8;
/** Of the progress, where the validated training ends; what they are asked ends at `VALIDATED`. */
const TRAINED = 0.7;
/** Fewer questions than this do not tell whether a model adds anything. */
const FEWEST = 200;
/** Pull of the weights towards what stands without deep models, and of a group's on all. */
const PULL = 10;
const GROUP_PULL = 30;
const ITERATIONS = 40;
/** Standard errors by which held-out questions must be answered better. */
const CERTAIN = 1.64;
const PARTS = 4;

/** How much deep models add to a blend: [group][1 + model], what the blend itself counts first. */
export interface Deepened {
  names: readonly PartName[];
  weights: Float64Array;
}

export interface Deep {
  parts: Map<string, Part>;
  leftOut: LeftOut[];
  /** Undefined where they add nothing beyond noise. */
  joined: Joined | undefined;
}

/** What deep models add, and what it comes to for each alternative of the first fold, by weights that did not see it. */
export interface Joined {
  deepened: Deepened;
  utilities: Float64Array;
}

/** Seconds that the iterative parts may take where nobody says. */
export function usualBudget(dataset: Dataset): number {
  return Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, SECONDS_EACH * dataset.items.length));
}

/**
 * Trains the deep models side by side on the first fold, asks them its questions, and weighs what they
 * say on top of what is known without them; then each goes on from there on everything. They join only
 * if questions that did not make the weights are answered better than without them, beyond noise.
 *
 * @param utilities of the alternatives, before.
 */
export async function deepen(
  dataset: Dataset,
  questions: Questions,
  utilities: Float64Array,
  counts: Float64Array,
  options: { cut: string; seed: number; budgetSeconds: number },
  progress: Progress,
): Promise<Deep> {
  const parts = new Map<string, Part>();
  const { first } = questions;
  const left = (why: string): Deep => ({
    parts,
    leftOut: deepTypes.map(({ name }) => ({ name, why })),
    joined: undefined,
  });
  const least = Math.max(...deepTypes.map(({ leastInteractions = 0 }) => leastInteractions));
  if (dataset.items.length < least) return left(`it takes at least ${least} interactions`);
  if (!first || first.asks.length < FEWEST) return left('too few courses can be held out to say what it adds');

  // They report side by side: two names that alternate would begin a new line on a terminal each time.
  const both = deepTypes.map(({ name }) => name).join(' and ');
  const shares = deepTypes.map(() => 0);
  const within =
    (at: number, from: number, to: number): Progress =>
    (_what, share) => {
      shares[at] = from + (to - from) * share;
      progress(both, shares.reduce((sum, one) => sum + one, 0) / shares.length);
    };
  const given = (share: number) => ({ ...options, budgetSeconds: share * options.budgetSeconds });
  const begun = stopwatch();
  const leftOut: LeftOut[] = [];
  const validated = await those(
    deepTypes,
    async (type, at) => type.fit(first.train, settingsFor(type, given(VALIDATED)), within(at, 0, TRAINED)),
    leftOut,
  );
  const asking = (done: number): void => progress(`asking ${both}`, TRAINED + (VALIDATED - TRAINED) * done);
  const joined = validated.length > 0 ? weighDeep(questions, utilities, counts, validated, asking) : undefined;
  const whole = await those(
    validated.map(({ type }) => type),
    async (type, at) => further(type, validated[at]!.model, dataset, given(1 - VALIDATED), within(at, VALIDATED, 1)),
    leftOut,
  );
  for (const { type, model } of whole) parts.set(type.name, { model, seconds: stopwatch() - begun });
  // A blend that counts on a model can not do without it.
  const complete = joined?.deepened.names.every((name) => parts.has(name));
  return { parts, leftOut, joined: complete ? joined : undefined };
}

interface Trained {
  type: ModelType;
  model: Model;
}

/** What comes of each training; one that fails, for want of a backend or of memory, is left out and takes nothing down. */
async function those(
  types: readonly ModelType[],
  train: (type: ModelType, at: number) => Promise<Model>,
  leftOut: LeftOut[],
): Promise<Trained[]> {
  const settled = await Promise.allSettled(types.map(train));
  return settled.flatMap((one, at) => {
    const type = types[at]!;
    if (one.status === 'fulfilled') return [{ type, model: one.value }];
    leftOut.push({ name: type.name, why: `its training failed: ${(one.reason as Error).message}` });
    return [];
  });
}

function further(
  type: ModelType,
  model: Model,
  dataset: Dataset,
  wanted: Readonly<Record<string, unknown>>,
  progress: Progress,
): Model | Promise<Model> {
  const settings = settingsFor(type, wanted);
  return type.refit ? type.refit(model, dataset, settings, progress) : type.fit(dataset, settings, progress);
}

function weighDeep(
  questions: Questions,
  utilities: Float64Array,
  counts: Float64Array,
  trained: readonly Trained[],
  asking: (share: number) => void,
): Joined | undefined {
  const models = trained.map(({ model }) => model);
  const asked = liftsOf(questions, utilities, counts, models, asking);
  const standing = asked.before;
  const told = standing.slice();
  for (let own = 0; own < PARTS; own++) {
    const solved = solve(subset(asked.choices, standing, (choice) => choice % PARTS !== own));
    const all = utilitiesOf(asked.choices, solved);
    for (let choice = own; choice < asked.choices.groups.length; choice += PARTS) {
      for (let at = asked.choices.starts[choice]!; at < asked.choices.starts[choice + 1]!; at++) told[at]! += all[at]!;
    }
  }
  const better = difference(gains(asked.choices, told), gains(asked.choices, standing));
  const likelier = difference(likelihoods(asked.choices, told), likelihoods(asked.choices, standing));
  const joins =
    better.mean > CERTAIN * better.error || (likelier.mean > 2 * CERTAIN * likelier.error && better.mean > 0);
  if (!joins) return undefined;
  const { base, byGroup } = solve({ choices: asked.choices, before: standing });
  const width = 1 + models.length;
  const weights = byGroup.map((own, at) => own + base[at % width]! + (at % width === 0 ? 1 : 0));
  return { deepened: { names: trained.map(({ type }) => type.name as PartName), weights }, utilities: told };
}

interface Asked {
  choices: Choices;
  /** Utilities before: [alternative]. */
  before: Float64Array;
}

function solve({ choices, before }: Asked): LogitWeights {
  return fitLogit(choices, {
    groups: GROUPS,
    prior: new Float64Array(choices.features),
    pull: PULL,
    groupPull: GROUP_PULL,
    utilities: before,
    maxIterations: ITERATIONS,
  });
}

/** The first fold's choices with the blend and every model's lift as features. */
function liftsOf(
  { choices, items, first }: Questions,
  utilities: Float64Array,
  counts: Float64Array,
  models: readonly Model[],
  asking: (share: number) => void,
): Asked {
  const width = 1 + models.length;
  const asks = first!.asks;
  const end = choices.starts[asks.length]!;
  const popularity = popularityOf(counts);
  const x = new Float32Array(end * width);
  asks.forEach(({ history, now }, choice) => {
    const lifts = models.map((model) => liftOf(model.score(history, now), popularity));
    if (choice % 50 === 0) asking(choice / asks.length);
    for (let at = choices.starts[choice]!; at < choices.starts[choice + 1]!; at++) {
      x[at * width] = utilities[at]!;
      lifts.forEach((lift, f) => (x[at * width + 1 + f] = lift?.[items[at]!] ?? 0));
    }
  });
  return {
    choices: {
      features: width,
      groups: asks.map(({ history }) => [groupOf(history.items.length)]),
      starts: choices.starts.slice(0, asks.length + 1),
      x,
      offset: choices.offset.subarray(0, end),
      chosen: choices.chosen.subarray(0, end),
    },
    before: utilities.slice(0, end),
  };
}

function subset(choices: Choices, before: Float64Array, wanted: (choice: number) => boolean): Asked {
  const { features, x } = choices;
  const rows: number[] = [];
  const starts = [0];
  const groups: (readonly number[])[] = [];
  choices.groups.forEach((own, choice) => {
    if (!wanted(choice)) return;
    for (let at = choices.starts[choice]!; at < choices.starts[choice + 1]!; at++) rows.push(at);
    starts.push(rows.length);
    groups.push(own);
  });
  const values = new Float32Array(rows.length * features);
  rows.forEach((row, at) => values.set(x.subarray(row * features, (row + 1) * features), at * features));
  return {
    choices: {
      features,
      groups,
      starts,
      x: values,
      offset: Float32Array.from(rows, (row) => choices.offset[row]!),
      chosen: Float32Array.from(rows, (row) => choices.chosen[row]!),
    },
    before: Float64Array.from(rows, (row) => before[row]!),
  };
}

/** What each deep model adds to the courses, by name; and what the blend itself is multiplied by. */
export function deepTerms(
  { names, weights }: Deepened,
  parts: ReadonlyMap<string, Part>,
  counts: Float64Array,
  history: History,
  now: number,
): { scale: number; terms: Map<PartName, Float32Array> } {
  const width = 1 + names.length;
  const row = groupOf(history.items.length) * width;
  const popularity = popularityOf(counts);
  const terms = new Map<PartName, Float32Array>();
  names.forEach((name, at) => {
    const weight = weights[row + 1 + at]!;
    const lift = liftOf(parts.get(name)!.model.score(history, now), popularity);
    const term = new Float32Array(counts.length);
    if (lift) for (let course = 0; course < term.length; course++) term[course] = weight * lift[course]!;
    terms.set(name, term);
  });
  return { scale: weights[row]!, terms };
}

export function saveDeepened({ names, weights }: Deepened): Artefact {
  return { json: { names }, arrays: { weights } };
}

export function loadDeepened({ json, arrays }: Artefact): Deepened {
  return { names: (json as { names: PartName[] }).names, weights: arrays['weights'] as Float64Array };
}
