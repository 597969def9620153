import type { Progress } from '../numerics/progress.ts';
import { ask, type Answer, type AskOptions } from './ask.ts';
import type { Fitted, LeftOut } from './fit.ts';
import type { Question } from './split.ts';
import type { Stage } from './stages.ts';
import { openCrowd, threadsHere } from './worker.ts';

/** Questions by which the cost of a model is told; so few that it does not matter are not worth it. */
const PROBED = 16;
const PROBED_FROM = 200;
/** Seconds of probing until code is as fast as it gets; a model that is slower than this is asked once. */
const WARMED = 0.5;

/** Seconds that a model needs for all questions. */
export interface Cost {
  name: string;
  seconds: number;
}

/** Asks some questions, evenly from all, to tell what all of them cost. */
export function costsOf(
  fitted: readonly Fitted[],
  questions: readonly Question[],
  stagesOf: (name: string) => readonly Stage[],
  options: AskOptions,
): Cost[] {
  if (questions.length < PROBED_FROM) return [];
  const step = Math.floor(questions.length / PROBED);
  const probed = questions.filter((_, at) => at % step === 0).slice(0, PROBED);
  return fitted.map(({ name, model }) => {
    let fastest = Infinity;
    for (let spent = 0; spent < WARMED;) {
      const begun = options.stopwatch();
      probed.forEach((question, at) => ask(model, question, at, stagesOf(name), options));
      const seconds = (options.stopwatch() - begun) / 1000;
      // A clock that stands still must not keep this going.
      spent += Math.max(seconds, WARMED / 1000);
      fastest = Math.min(fastest, seconds);
    }
    return { name, seconds: (fastest / probed.length) * questions.length };
  });
}

/** Which models can not answer in time, on all threads: the hybrid goes first, then the cheaper before the dearer. */
export function tooDear(costs: readonly Cost[], seconds: number): LeftOut[] {
  const queue = [...costs].sort(
    (a, b) => Number(b.name === 'hybrid') - Number(a.name === 'hybrid') || a.seconds - b.seconds,
  );
  let left = seconds;
  return queue.flatMap(({ name, seconds: needed }) => {
    if (needed <= left) {
      left -= needed;
      return [];
    }
    return [
      {
        model: name,
        why: `asking it would take ${Math.ceil(needed)} s of ${Math.floor(left)} s left; a larger --budget gives more`,
      },
    ];
  });
}

/** From so many seconds of work on, threads are worth what they cost to begin. */
const THREADED_FROM = 30;

/**
 * Asks every model every question, `answered` in the order of the questions: the model's own answer
 * and one a stage. Much work is shared among threads; the answers are the same.
 *
 * @param costs of the models, as far as they are known.
 */
export async function askAll(
  fitted: readonly Fitted[],
  questions: readonly Question[],
  stagesOf: (name: string) => readonly Stage[],
  { costs, ...options }: AskOptions & { costs: readonly Cost[] },
  answered: (name: string, place: number, answers: Answer[]) => void,
  progress: Progress,
): Promise<void> {
  const seconds = costs.reduce((sum, cost) => sum + cost.seconds, 0);
  const { courses, k, seed } = options;
  const crowd =
    seconds >= THREADED_FROM && threadsHere() > 1
      ? await openCrowd(fitted, questions, { courses, k, seed })
      : undefined;
  try {
    for (const [at, { name, model }] of fitted.entries()) {
      const told = (share: number): void => progress(`${name}: asking`, (at + share) / fitted.length);
      const stages = stagesOf(name);
      const answers = await crowd?.ask(name, stages, told);
      questions.forEach((question, place) => {
        answered(name, place, answers?.[place] ?? ask(model, question, place, stages, options));
        if (!answers && place % 50 === 0) told(place / questions.length);
      });
    }
  } finally {
    await crowd?.close();
  }
}
