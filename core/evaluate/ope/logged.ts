/**
 * Shown courses with what came of them, as columns: one row a course and place (impression). What the
 * estimators read, wherever it is from.
 */
export interface Logged {
  /** Rows of one cluster (a learner, else a slate) are not independent; dense, from 0. */
  cluster: Int32Array;
  /** Probability with which the logged policy put this course into this place, in (0, 1]. */
  propensity: Float64Array;
  /** What came of it; 0 for nothing. */
  reward: Float64Array;
  /** Probability with which the candidate policy would have put it there, in [0, 1]. */
  candidate: Float64Array;
  /** Prediction of `reward`, made without these rows; undefined where nothing predicts. */
  predicted?: Float64Array;
  /** Mean prediction over what the candidate would have put there; given together with `predicted`. */
  expected?: Float64Array;
}

/** The dense numbering of ids, in the order they come. */
export function numbering(): { of(id: string): number } {
  const numbers = new Map<string, number>();
  return {
    of(id) {
      let number = numbers.get(id);
      if (number === undefined) numbers.set(id, (number = numbers.size));
      return number;
    },
  };
}
