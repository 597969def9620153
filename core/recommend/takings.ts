import type { Dataset } from './model.ts';

/** Who took what without the who: all takings, oldest first, and which of them began a learner's way. */
export interface Takings {
  /** Course of each taking. */
  items: Int32Array;
  /** Seconds since 1970 UTC, ascending; undated takings come first with NaN. */
  times: Float64Array;
  /** 1 where it was its learner's first. */
  first: Uint8Array;
}

export function takingsOf({ learners, starts, items, times }: Dataset): Takings {
  const begins = new Uint8Array(items.length);
  for (let learner = 0; learner < learners.length; learner++) {
    if (starts[learner]! < starts[learner + 1]!) begins[starts[learner]!] = 1;
  }
  const key = (at: number): number => (Number.isNaN(times[at]!) ? -Infinity : times[at]!);
  const order = Int32Array.from(items, (_, at) => at).sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
  return {
    items: Int32Array.from(order, (at) => items[at]!),
    times: Float64Array.from(order, (at) => times[at]!),
    first: Uint8Array.from(order, (at) => begins[at]!),
  };
}
