import { hash } from 'node:crypto';
import { bootstrapMean, type Interval } from '../../numerics/bootstrap.ts';
import { errorText } from '../../numerics/error-text.ts';
import type { Progress } from '../../numerics/progress.ts';
import { createRandom } from '../../numerics/random.ts';
import { hashUnit } from '../../numerics/splits.ts';
import { cutOf, type Clock, type Cut } from '../../recommend/held-out.ts';
import type { Dataset, ModelType } from '../../recommend/model.ts';
import type { Entry, Journal, SearchOf } from './journal.ts';
import { bracketsOf, costOf, rungsOf, survivors } from './schedule.ts';
import { sampleSettings, spaceOf, type Settings } from './space.ts';
import { gainsOf, holdOut, partOf } from './validation.ts';

export interface TuneOptions {
  seed: number;
  /** Settings that are tried besides the defaults. */
  trials: number;
  /** Time for all fits, those of runs before included; absent: all trials are made. */
  minutes?: number;
  /** What will be asked for; the newest of the data is held out in the same way. */
  cut: Cut | 'auto';
  clock: Clock;
  /** Milliseconds since any fixed moment. */
  stopwatch: () => number;
}

export interface Tuned {
  model: string;
  /** What is recommended: settings that differ from the defaults; none where none beats them beyond noise. */
  config: Settings;
  why: string;
  /** Found best by half of the questions, against the defaults by the other half; null where nothing was found. */
  best: { settings: Settings; ndcg: number; gain: Interval; questions: number } | null;
  defaults: { ndcg: number };
  /** Which courses were held out to choose by. */
  window: string;
  cut: Cut;
  search: SearchOf;
  rungs: number[];
  /** Every fit, without the single questions. */
  trials: Omit<Entry, 'confirming'>[];
  /** Whether time ended before all were tried. */
  cutShort: boolean;
}

/** A search that can not begin; the message says why. */
export class SearchError extends Error {}

/** Fewer questions confirm nothing. */
const FEWEST_QUESTIONS = 40;

/** What a search on this data is of; a journal with the same can be gone on with. */
export function searchOf(type: ModelType, dataset: Dataset, { seed, cut, clock }: TuneOptions): SearchOf {
  const { starts, items, times, weights } = dataset;
  const parts = [starts, items, times, weights].map(({ buffer, byteOffset, byteLength }) =>
    hash('sha256', new Uint8Array(buffer, byteOffset, byteLength)),
  );
  const data = hash('sha256', JSON.stringify([...parts, dataset.courses.map(({ id }) => id)]));
  return { model: type.name, seed, cut, clock, data, space: hash('sha256', JSON.stringify(spaceOf(type))) };
}

/**
 * Searches better settings of one kind of model: random search (Bergstra & Bengio 2012) with successive
 * halving over shares of the learners. All is chosen on courses held out of `dataset`, which must be training
 * data alone. Half of the questions decide the search; the other half, asked of the winner and the defaults
 * alone, tells whether the winner is better: the best of many on the same questions always seems so.
 *
 * What the journal holds is not fitted again; chance goes by the seed and the number of the trial,
 * so that a run that was killed ends like one that was not.
 *
 * @throws SearchError where there is nothing to search, or too little to ask.
 */
export async function tune(
  type: ModelType,
  dataset: Dataset,
  options: TuneOptions,
  journal: Journal,
  progress: Progress,
): Promise<Tuned> {
  const { seed, trials, minutes = Infinity, clock, stopwatch } = options;
  const space = spaceOf(type);
  if (Object.keys(space).length === 0) throw new SearchError(`${type.name} has no setting to search`);
  const { leastInteractions = 0 } = type;
  if (dataset.items.length < leastInteractions)
    throw new SearchError(
      `${type.name} takes at least ${leastInteractions} interactions; these are ${dataset.items.length}`,
    );
  const cut = cutOf(options.cut, dataset, seed);
  const held = holdOut(dataset, { cut, clock, seed });
  if (held.asks.length < FEWEST_QUESTIONS)
    throw new SearchError(
      `Only ${held.asks.length} courses can be held out to choose by; ${FEWEST_QUESTIONS} are needed`,
    );
  const given = givenOf(type, { cut, clock, seed });
  const rungs = rungsOf(held.asks.length / 2);
  const brackets = bracketsOf(trials, rungs.length);
  const cost = 1 + costOf(brackets, rungs);

  const entries: Entry[] = [];
  const known = new Map(journal.before.map((entry) => [keyOf(entry), entry]));
  let [spent, done] = [0, 0];
  const timeUp = () => spent >= minutes * 60;

  /** @returns undefined once time has ended, for what no run before has fitted. */
  async function measure(trial: number, settings: Settings, share: number): Promise<Entry | undefined> {
    const before = known.get(keyOf({ trial, share }));
    if (!before && trial > 0 && timeUp()) return undefined;
    const entry = before ?? (await fitted(trial, settings, share));
    if (!before) await journal.append(entry);
    entries.push(entry);
    spent += entry.seconds;
    done += share;
    return entry;
  }

  async function fitted(trial: number, settings: Settings, share: number): Promise<Entry> {
    const begun = stopwatch();
    const said = trial === 0 ? 'defaults' : `settings ${trial} of ${trials}`;
    const left =
      done === 0 ? '' : `, about ${duration(Math.min((spent / done) * (cost - done), minutes * 60 - spent))} left`;
    const { rest, among } = partOf(held, share, seed);
    const common = { trial, share, settings };
    try {
      const config = type.config.parse({ ...given, ...settings });
      const model = await type.fit(rest, config, (_, part) =>
        progress(`${said} on ${percent(share)} of the learners${left}`, (done + share * part * 0.9) / cost),
      );
      const searching = among.filter((ask) => held.searching[ask] === 1);
      const gains = gainsOf(model, held, searching);
      const confirming =
        share === 1
          ? gainsOf(
              model,
              held,
              among.filter((ask) => held.searching[ask] === 0),
            )
          : undefined;
      return {
        ...common,
        ndcg: mean(gains),
        questions: gains.length,
        ...(confirming && { confirming }),
        seconds: (stopwatch() - begun) / 1000,
      };
    } catch (error) {
      if (trial === 0) throw error;
      return { ...common, ndcg: null, questions: 0, fault: errorText(error), seconds: (stopwatch() - begun) / 1000 };
    }
  }

  // The defaults first, whatever the time: without them nothing can be said.
  const defaults = (await measure(0, {}, 1))!;
  const finalists: Entry[] = [];
  let trial = 0;
  for (const size of brackets) {
    let live = Array.from({ length: size }, () => {
      trial++;
      return { trial, settings: sampleSettings(space, createRandom(drawOf(seed, trial))) };
    });
    for (const share of rungs) {
      const measured: Entry[] = [];
      for (const one of live) {
        const entry = await measure(one.trial, one.settings, share);
        if (entry && entry.ndcg !== null) measured.push(entry);
      }
      if (share === 1) finalists.push(...measured);
      measured.sort((a, b) => b.ndcg! - a.ndcg! || a.trial - b.trial);
      live = measured.slice(0, survivors(live.length));
    }
  }
  progress('settings tried', 1);
  return conclude(defaults, finalists);

  function conclude(defaults: Entry, finalists: readonly Entry[]): Tuned {
    const winner = finalists.toSorted((a, b) => b.ndcg! - a.ndcg! || a.trial - b.trial)[0];
    const better = winner && winner.ndcg! > defaults.ndcg! ? compared(winner, defaults, seed) : undefined;
    return {
      model: type.name,
      config: better && better.gain.low > 0 ? better.settings : {},
      why: whyOf(better, finalists.length, trials),
      best: better ?? null,
      defaults: { ndcg: defaults.ndcg! },
      window: held.window,
      cut,
      search: searchOf(type, dataset, options),
      rungs,
      trials: entries.map((entry) => ({ ...entry, confirming: undefined })),
      cutShort: done < cost - 1e-9 && timeUp(),
    };
  }
}

function compared(winner: Entry, defaults: Entry, seed: number): NonNullable<Tuned['best']> {
  const differences = Float64Array.from(winner.confirming!, (gain, at) => gain - defaults.confirming![at]!);
  const gain = bootstrapMean(differences, seed);
  return { settings: winner.settings, ndcg: winner.ndcg!, gain, questions: differences.length };
}

function whyOf(better: NonNullable<Tuned['best']> | undefined, finalists: number, trials: number): string {
  if (finalists === 0) return 'The defaults: no other settings were fitted on all learners';
  if (!better)
    return `The defaults: none of ${trials} other settings did better on the questions that decide the search`;
  const { gain, questions } = better;
  const found = `NDCG@10 ${signed(gain.mean)} [${signed(gain.low)}, ${signed(gain.high)}] on ${questions} questions kept out of the search`;
  return gain.low > 0
    ? `Better than the defaults beyond noise: ${found}`
    : `The defaults: the best of the search is not better beyond noise: ${found}`;
}

/** Of what the data and who asks say, that which the type takes. */
function givenOf(type: ModelType, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => type.config.safeParse({ [key]: value }).success),
  );
}

function keyOf({ trial, share }: Pick<Entry, 'trial' | 'share'>): string {
  return `${trial} ${share.toFixed(6)}`;
}

function drawOf(seed: number, trial: number): number {
  return Math.floor(hashUnit(seed, `trial ${trial}`) * 2 ** 32);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}
