/** Seconds since any fixed moment: for budgets and reports, never for what a model learns. */
export function stopwatch(): number {
  return performance.now() / 1000;
}
