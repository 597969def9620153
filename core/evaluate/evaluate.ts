import { within, type Progress } from '../numerics/progress.ts';
import type { Clock } from '../recommend/held-out.ts';
import { fitBaseline, predictRating } from '../recommend/rating.ts';
import { askAll, costsOf, tooDear } from './asking.ts';
import { bootstrap, type Pair } from './bootstrap.ts';
import { createBudget } from './budget.ts';
import { contextOf, judgeOf } from './context.ts';
import { fitModels, renewed, type LeftOut } from './fit.ts';
import { ErrorTally } from './metrics.ts';
import { Scorecard, type ModelReport } from './scorecard.ts';
import { leakOf, type Protocol, type Question, type Split } from './split.ts';
import type { Stage } from './stages.ts';
import { threadsHere } from './worker.ts';

export interface Report {
  /** `train` of the last round; `asked`: learners that the figures are means of, side groups not counted. */
  dataset: { learners: number; courses: number; train: number; test: number; asked: number };
  protocol: Protocol;
  clock: Clock;
  /** Fits of each model. */
  rounds: number;
  k: number;
  models: Record<string, ModelReport>;
  left_out: LeftOut[];
  /** Rating by the mean of all and by that, the course's and the learner's; absent without test ratings. */
  baselines?: Record<'global_mean' | 'bias', { rmse: number | null; mae: number | null }>;
  bootstrap?: { draws: number; pairs: Pair[] };
}

export interface EvaluateOptions {
  models: readonly string[];
  k: number;
  seed: number;
  /** Seconds that it should take at most: models that do not fit into it are left out. */
  budgetSeconds: number;
  /** Milliseconds since any fixed moment. */
  stopwatch: () => number;
  /** Shows what each does to the hybrid's lists, as `hybrid+<stage>`. */
  stages?: readonly Stage[];
  /** Whether to say how far chance goes. */
  bootstrap?: boolean;
}

/** Of a round's work, its fits. */
const FITTING = 0.7;

/**
 * Trains every model on each round's training data and asks it the round's questions, over the
 * whole catalogue without what the learner has in train. A model that can not answer all of them is
 * left out.
 *
 * @throws Error where the split shows anything of the future.
 */
export async function evaluate(split: Split, options: EvaluateOptions, progress: Progress): Promise<Report> {
  const leak = leakOf(split);
  if (leak !== undefined) throw new Error(`This split shows the future: ${leak}`);
  const { k, seed, stopwatch } = options;
  const courses = split.rounds[0]?.train().courses ?? [];
  const judge = judgeOf(courses);
  const asking = { k, seed, courses, about: judge, stopwatch };
  const stagesOf = (name: string): readonly Stage[] => (name === 'hybrid' ? (options.stages ?? []) : []);
  const work = split.rounds.map(({ size, questions }) => size + questions.length);
  const whole = work.reduce((a, b) => a + b, 0);
  const budget = createBudget(options.budgetSeconds, work, stopwatch);
  const rows = new Map<string, { card: Scorecard; seconds: number }>();
  const leftOut: LeftOut[] = [];
  const baselines = { global_mean: new ErrorTally(), bias: new ErrorTally() };
  let worked = 0;

  for (const [index, round] of split.rounds.entries()) {
    const label = split.rounds.length > 1 ? `round ${index + 1} of ${split.rounds.length}: ` : '';
    const [from, to] = [worked / whole, (worked + work[index]!) / whole];
    worked += work[index]!;
    const inRound = within((what, share) => progress(label + what, share), from, to);
    budget.begin(index);
    const train = round.train();
    const context = contextOf(train, judge);
    rateByBaselines(train, round.questions, baselines);

    const models = options.models.filter((name) => !leftOut.some(({ model }) => model === name));
    const made = await fitModels(train, split, { models, seed, budget, stopwatch }, within(inRound, 0, FITTING));
    const newer = round.newer?.();
    const ready = newer ? renewed(made.fitted, newer) : made.fitted;
    const costs = costsOf(ready, round.questions, stagesOf, asking);
    const slow = tooDear(costs, budget.asking() * threadsHere());
    leftOut.push(...made.leftOut, ...slow);

    const able = ready.filter(({ name }) => !slow.some(({ model }) => model === name));
    const cards = able.flatMap(({ name, seconds }) => {
      const named = [name, ...stagesOf(name).map((stage) => `${name}+${stage.name}`)].map((row) => {
        let found = rows.get(row);
        if (!found) rows.set(row, (found = { card: new Scorecard(k, courses.length), seconds: 0 }));
        found.seconds += seconds;
        return found.card;
      });
      return [[name, named] as const];
    });
    const cardsOf = new Map(cards);
    const answered: Parameters<typeof askAll>[4] = (name, place, answers) => {
      answers.forEach((answer, at) => cardsOf.get(name)![at]!.add(round.questions[place]!, answer, context));
    };
    await askAll(able, round.questions, stagesOf, { ...asking, costs }, answered, within(inRound, FITTING, 1));
  }
  progress('asked', 1);

  for (const { model } of leftOut) for (const row of rows.keys()) if (row.split('+')[0] === model) rows.delete(row);
  const chance = options.bootstrap
    ? bootstrap(new Map([...rows].map(([name, { card }]) => [name, card])), seed)
    : undefined;
  const models: Report['models'] = {};
  for (const [name, { card, seconds }] of rows) {
    models[name] = { ...card.report(seconds), ...(chance && { intervals: chance.intervals[name]! }) };
  }
  return {
    dataset: {
      learners: split.learners,
      courses: courses.length,
      train: split.trained,
      test: split.tested,
      asked: split.rounds.reduce((sum, { questions }) => sum + questions.filter(({ side }) => !side).length, 0),
    },
    protocol: split.protocol,
    clock: split.clock,
    rounds: split.rounds.length,
    k,
    models,
    left_out: leftOut,
    ...(Object.values(models).some(({ rmse }) => rmse !== undefined) && {
      baselines: { global_mean: baselines.global_mean.errors(), bias: baselines.bias.errors() },
    }),
    ...(chance && { bootstrap: { draws: chance.draws, pairs: chance.pairs } }),
  };
}

function rateByBaselines(
  train: Parameters<typeof fitBaseline>[0],
  questions: readonly Question[],
  tallies: Record<'global_mean' | 'bias', ErrorTally>,
): void {
  const baseline = fitBaseline(train);
  if (!baseline) return;
  for (const { history, relevant, ratings, side } of questions) {
    ratings.forEach((actual, at) => {
      if (side || Number.isNaN(actual)) return;
      tallies.global_mean.add(baseline.mean, actual);
      tallies.bias.add(predictRating(baseline, history, relevant[at]!), actual);
    });
  }
}
