/** Of a round's time, what models may learn in that go on learning until they are stopped. */
const LEARNING = 0.5;
/** A round may ask for so much of its time even where its fits took longer than they should. */
const ASKING = 0.2;
/** In less a model that learns step by step learns nothing. */
export const LEAST_SECONDS = 5;

/** How an evaluation divides its time among its rounds, fits and questions. */
export interface Budget {
  /** Begins a round: what is left, shared by the work that is left. */
  begin(round: number): void;
  /** Seconds for one of `models` models that learn until stopped. */
  learning(models: number): number;
  /** Seconds in which the questions of this round must be answered. */
  asking(): number;
}

/**
 * @param seconds for everything.
 * @param work of each round, in any unit.
 * @param stopwatch milliseconds.
 */
export function createBudget(seconds: number, work: readonly number[], stopwatch: () => number): Budget {
  const begun = stopwatch();
  const elapsed = (): number => (stopwatch() - begun) / 1000;
  let started = 0;
  let share = 0;
  return {
    begin(round) {
      started = elapsed();
      const ahead = work.slice(round).reduce((a, b) => a + b, 0);
      share = (Math.max(0, seconds - started) * work[round]!) / Math.max(ahead, Number.MIN_VALUE);
    },
    learning: (models) => (share * LEARNING) / Math.max(1, models),
    asking: () => Math.max(share - (elapsed() - started), share * ASKING),
  };
}
