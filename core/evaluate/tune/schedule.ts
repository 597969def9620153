/**
 * Successive halving (Jamieson & Talwalkar 2016): many settings on few learners, the best third of
 * them on three times as many, and so on, in brackets that each end with one on all.
 */
const REDUCTION = 3;

/** Fewer questions can not tell settings apart. */
const FEWEST = 200;
const MOST_RUNGS = 3;

/**
 * Shares of the learners, rung by rung, the last 1; on small data one rung alone.
 *
 * @param questions that all learners give.
 */
export function rungsOf(questions: number): number[] {
  const shares = [1];
  while (shares.length < MOST_RUNGS && (questions * shares[0]!) / REDUCTION >= FEWEST) {
    shares.unshift(shares[0]! / REDUCTION);
  }
  return shares;
}

/** Settings with which a bracket begins, so that one is left at its last rung. */
function bracketSize(rungs: number): number {
  return REDUCTION ** (rungs - 1);
}

/** How many of a rung go on to the next. */
export function survivors(count: number): number {
  return Math.max(1, Math.floor(count / REDUCTION));
}

/** How many settings each bracket begins with; what is left over makes a smaller one. */
export function bracketsOf(trials: number, rungs: number): number[] {
  const size = bracketSize(rungs);
  const whole = Array.from({ length: Math.floor(trials / size) }, () => size);
  return trials % size === 0 ? whole : [...whole, trials % size];
}

/** Fits of whole brackets, in shares of a fit on all learners. */
export function costOf(brackets: readonly number[], rungs: readonly number[]): number {
  let cost = 0;
  for (const size of brackets) {
    let count = size;
    for (const share of rungs) {
      cost += count * share;
      count = survivors(count);
    }
  }
  return cost;
}
