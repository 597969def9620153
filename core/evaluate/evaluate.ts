import type { Progress } from '../numerics/progress.ts';
import type { Clock } from '../recommend/held-out.ts';
import { ask, type Answer } from './ask.ts';
import { fitModels, type LeftOut } from './fit.ts';
import { contextOf, judgeOf, Scorecard, type ModelReport } from './scorecard.ts';
import { leakOf, type Protocol, type Split } from './split.ts';
import { arrange, type Stage } from './stages.ts';

export interface Report {
  /** `train` of the last round. */
  dataset: { learners: number; courses: number; train: number; test: number };
  protocol: Protocol;
  clock: Clock;
  /** Fits of each model. */
  rounds: number;
  k: number;
  models: Record<string, ModelReport>;
  left_out: LeftOut[];
}

export interface EvaluateOptions {
  models: readonly string[];
  k: number;
  seed: number;
  /** Milliseconds since any fixed moment. */
  stopwatch: () => number;
  /** Shows what each does to the hybrid's lists, as `hybrid+<stage>`. */
  stages?: readonly Stage[];
}

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
  const excluded = new Uint8Array(courses.length);
  const rows = new Map<string, { card: Scorecard; seconds: number }>();
  const leftOut: LeftOut[] = [];
  const rowOf = (name: string) => {
    let row = rows.get(name);
    if (!row) rows.set(name, (row = { card: new Scorecard(k, courses.length), seconds: 0 }));
    return row;
  };

  const begun = stopwatch();
  const sizes = split.rounds.map(({ questions }) => questions.length);
  for (const [index, round] of split.rounds.entries()) {
    const at = roundLabel(index, sizes, (stopwatch() - begun) / 1000);
    const train = round.train();
    const context = contextOf(train, judge);
    const models = options.models.filter((name) => !leftOut.some(({ model }) => model === name));
    const made = await fitModels(train, split, { models, seed, stopwatch }, (what, share) =>
      progress(at + what, share),
    );
    leftOut.push(...made.leftOut);
    const newer = round.newer?.();
    for (const { name, model: fitted, seconds } of made.fitted) {
      const model = newer && fitted.renewed ? fitted.renewed(newer) : fitted;
      const stages = name === 'hybrid' && options.stages ? options.stages : [];
      rowOf(name).seconds += seconds;
      round.questions.forEach((question, place) => {
        const { scores, ...answer } = ask(model, question, { k, excluded, stopwatch });
        rowOf(name).card.add(question, answer, context);
        for (const stage of stages) {
          const shown = arrangedAnswer(answer, question.relevant, () => {
            for (const item of question.history.items) excluded[item] = 1;
            const { history } = question;
            const given = { k, history, courses, about: judge, seed: seed + place };
            const list = arrange(stage.arrangement, scores, excluded, given);
            for (const item of question.history.items) excluded[item] = 0;
            return list;
          });
          rowOf(`${name}+${stage.name}`).card.add(question, shown, context);
        }
        if (place % 50 === 0) progress(`${at}${name}: asking`, place / round.questions.length);
      });
      progress(`${at}${name}: asking`, 1);
      for (const stage of stages) rowOf(`${name}+${stage.name}`).seconds += seconds;
    }
  }

  const missing = new Set(leftOut.map(({ model }) => model));
  const models: Report['models'] = {};
  for (const [name, { card, seconds }] of rows) {
    if (!missing.has(name.split('+')[0]!)) models[name] = card.report(seconds);
  }
  return {
    dataset: {
      learners: split.learners,
      courses: courses.length,
      train: split.trained,
      test: split.tested,
    },
    protocol: split.protocol,
    clock: split.clock,
    rounds: split.rounds.length,
    k,
    models,
    left_out: leftOut,
  };
}

/** A list has no place for what it leaves out. */
function arrangedAnswer(answer: Answer, relevant: Int32Array, list: () => Int32Array): Answer {
  const shown = list();
  const ranks = Array.from(relevant, (item) => {
    const place = shown.indexOf(item);
    return place < 0 ? Infinity : place + 1;
  });
  return { ...answer, list: shown, ranks };
}

/** Says where a long evaluation stands; later rounds are fitted on more, so time left is a guess from below. */
function roundLabel(index: number, sizes: readonly number[], elapsed: number): string {
  if (sizes.length < 2) return '';
  const sum = (from: number, to: number): number => sizes.slice(from, to).reduce((a, b) => a + b, 0);
  const minutes = (elapsed * sum(index, sizes.length)) / Math.max(1, sum(0, index)) / 60;
  const left = index === 0 ? '' : `, about ${Math.ceil(minutes)} min left`;
  return `round ${index + 1} of ${sizes.length}${left}: `;
}
