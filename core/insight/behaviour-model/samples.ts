import { isActive } from '../../behaviour/track.ts';
import type { Progress } from '../../numerics/progress.ts';
import { hashUnit } from '../../numerics/splits.ts';
import { featureNames, featuresAt } from './features.ts';
import { DAY, lastActiveAt, SITTING, type Past } from './past.ts';
import { happened, horizonDays, isForetold, targets, type Target } from './targets.ts';

/** Days between two looks at somebody who does nothing: as long as the middle horizons. */
const LOOK_DAYS = 7;
/** Moments of one learner, so that a few busy ones do not outweigh all others. */
const MOST_MOMENTS = 32;
/** Moments of all learners; more teach nothing and would not fit. */
const MOST_SAMPLES = 120_000;

/** Learners at moments of their past: rows in the order of their moments. */
export interface Samples {
  /** Milliseconds since 1970 UTC, ascending. */
  times: Float64Array;
  /** Which learner each row is of. */
  learners: Int32Array;
  /** [row][feature] */
  values: Float32Array;
  /** By target: 1 where it happened, 0 where not; meaningless where the log ends before the window. */
  labels: Record<Target, Uint8Array>;
}

/**
 * The moments at which a learner is looked at: one act of each sitting (any one, so that the last of
 * a sitting, which nobody knows while it lasts, is not preferred), and every `LOOK_DAYS` in between,
 * at a time of day of their own, until they have lapsed. Ascending.
 */
export function momentsOf(past: Past, end: number, seed: number): number[] {
  const moments: number[] = [];
  let sitting: number[] = [];
  const draw = (index: number) => hashUnit(seed, `${past.id}:${index}`);
  const close = () => {
    if (sitting.length > 0) moments.push(sitting[Math.floor(draw(moments.length) * sitting.length)]!);
    sitting = [];
  };
  const active = past.deeds.filter(({ type, at }) => isActive(type) && at <= end);
  for (const { at } of active) {
    if (sitting.length > 0 && at - sitting.at(-1)! > SITTING) close();
    sitting.push(at);
  }
  close();
  const first = active[0]?.at;
  if (first === undefined) return [];
  const phase = hashUnit(seed, past.id) * LOOK_DAYS * DAY;
  const origin = Math.floor(first / (LOOK_DAYS * DAY)) * LOOK_DAYS * DAY;
  for (let at = origin + phase; at <= end; at += LOOK_DAYS * DAY) {
    if (at <= first || !isForetold(past, at)) continue;
    if (at - lastActiveAt(past, at)! > SITTING) moments.push(at);
  }
  return moments
    .map((at, index) => ({ at, order: draw(-1 - index) }))
    .sort((a, b) => a.order - b.order)
    .slice(0, MOST_MOMENTS)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}

/** @param end until when the log reaches, ms. */
export function drawSamples(
  pasts: readonly Past[],
  { end, seed, defaultZone }: { end: number; seed: number; defaultZone: string },
  progress: Progress,
): Samples {
  let drawn: { learner: number; at: number }[] = [];
  // Nothing can be learned from a moment whose shortest window is not over.
  const latest = end - Math.min(...Object.values(horizonDays)) * DAY;
  pasts.forEach((past, learner) => {
    for (const at of momentsOf(past, latest, seed)) drawn.push({ learner, at });
  });
  if (drawn.length > MOST_SAMPLES) {
    const share = MOST_SAMPLES / drawn.length;
    drawn = drawn.filter(({ learner, at }) => hashUnit(seed, `${pasts[learner]!.id}@${at}`) < share);
  }
  drawn.sort((a, b) => a.at - b.at || a.learner - b.learner);
  const rows = drawn.length;
  const samples: Samples = {
    times: Float64Array.from(drawn, ({ at }) => at),
    learners: Int32Array.from(drawn, ({ learner }) => learner),
    values: new Float32Array(rows * featureNames.length),
    labels: Object.fromEntries(targets.map((target) => [target, new Uint8Array(rows)])) as Samples['labels'],
  };
  drawn.forEach(({ learner, at }, row) => {
    const past = pasts[learner]!;
    samples.values.set(featuresAt(past, at, defaultZone), row * featureNames.length);
    for (const target of targets) samples.labels[target][row] = Number(happened(target, past, at));
    if (row % 500 === 0) progress('Looking at learners', row / rows);
  });
  return samples;
}

/** Rows [from, to). */
export interface Rows {
  from: number;
  to: number;
}

export interface Windows {
  train: Rows;
  validation: Rows;
  test: Rows;
}

/** Share of the moments in the test window, and of those before it in the validation window. */
const HELD_OUT = 0.25;

/**
 * Splits rows by time so that at the beginning of each window every label of the one before was known:
 * the moments of a whole horizon before it are left out.
 *
 * @param times ascending, ms. @param horizon ms.
 */
export function windowsOf(times: Float64Array, end: number, horizon: number): Windows {
  const test = lastPart(times, countBefore(times, end - horizon));
  const validation = lastPart(times, countBefore(times, beginOf(times, test) - horizon));
  const train = { from: 0, to: countBefore(times, beginOf(times, validation) - horizon) };
  return { train, validation, test };
}

function lastPart(times: Float64Array, to: number): Rows {
  const cut = times[Math.floor(to * (1 - HELD_OUT))] ?? -Infinity;
  return { from: to === 0 ? 0 : times.findIndex((time) => time >= cut), to };
}

function beginOf(times: Float64Array, { from, to }: Rows): number {
  return from < to ? times[from]! : -Infinity;
}

/** How many times are at most `limit`. */
function countBefore(times: Float64Array, limit: number): number {
  let count = 0;
  while (count < times.length && times[count]! <= limit) count++;
  return count;
}
