/**
 * The smallest value with at least `share` of all values at or below it (nearest rank).
 *
 * @param share in [0, 1]
 */
export function quantile(values: readonly number[] | Float64Array, share: number): number {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
