/**
 * How often each course was taken, each taking counting 2^(−distance / half-life), as seen from any
 * mark on a scale: seconds, or the running number of takings. What does not lie before the mark is
 * not seen.
 */
export interface Tally {
  /** Float32Array over courses, as seen from `mark`. O(courses · log takings). */
  at(mark: number): Float32Array;
}

/**
 * @param items course of each taking.
 * @param marks where each taking lies on the scale, ascending.
 */
export function tally(items: Int32Array, marks: Float64Array, courses: number, halfLife: number): Tally {
  const starts = new Int32Array(courses + 1);
  for (const item of items) starts[item + 1]!++;
  for (let course = 0; course < courses; course++) starts[course + 1]! += starts[course]!;
  const next = starts.slice(0, courses);
  const own = new Float64Array(items.length);
  // Decayed count of a taking and those before it, as seen from its own mark.
  const sums = new Float64Array(items.length);
  items.forEach((item, taking) => {
    const at = next[item]!++;
    const before = at === starts[item] ? 0 : sums[at - 1]! * 2 ** ((own[at - 1]! - marks[taking]!) / halfLife);
    own[at] = marks[taking]!;
    sums[at] = before + 1;
  });
  return {
    at(mark) {
      const counts = new Float32Array(courses);
      for (let course = 0; course < courses; course++) {
        const [from, to] = [starts[course]!, starts[course + 1]!];
        // Asked as of today, nothing lies behind the mark.
        const last = (to > from && own[to - 1]! < mark ? to : firstFrom(own, mark, from, to)) - 1;
        if (last >= from) counts[course] = sums[last]! * 2 ** ((own[last]! - mark) / halfLife);
      }
      return counts;
    },
  };
}

/** Position of the first value ≥ limit in the ascending range from … to − 1, or `to`. */
export function firstFrom(values: Float64Array, limit: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
