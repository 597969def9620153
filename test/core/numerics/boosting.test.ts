import { describe, expect, it } from 'vitest';
import { boost, loadForest, logistic, type Slopes } from '../../../core/numerics/boosting.ts';
import { createRandom } from '../../../core/numerics/random.ts';

const squares = (targets: ArrayLike<number>): Slopes => {
  return (scores, gradients, hessians) => {
    scores.forEach((score, row) => {
      gradients[row] = score - targets[row]!;
      hessians[row] = 1;
    });
  };
};
const meanSquare = (targets: ArrayLike<number>) => (scores: Float64Array) =>
  scores.reduce((sum, score, row) => sum + (score - targets[row]!) ** 2, 0) / scores.length;

/** y = 2 sin x0 + [x1 > 0] + a little noise; x2 says nothing. */
function additive(rows: number, seed: number): { values: Float32Array; targets: Float64Array } {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: rows * 3 }, () => 4 * random.next() - 2);
  const targets = Float64Array.from(
    { length: rows },
    (_, row) => 2 * Math.sin(values[row * 3]!) + (values[row * 3 + 1]! > 0 ? 1 : 0) + 0.1 * random.normal(),
  );
  return { values, targets };
}

const stump = { rounds: 1, depth: 1, minHessian: 0.1 };

describe('one split', () => {
  const ask = (forest: ReturnType<typeof boost>, value: number) => forest.predict(Float32Array.of(value));

  it('is where the gain is highest, with leaves −G / (H + λ)', () => {
    // g = ±½, h = ¼ at a level of 0: G_L = 1, H_L = ½, so each leaf is ∓1 / (½ + 1), its gain ½ · 2 · (1 / 1.5).
    const forest = boost({ values: Float32Array.of(4, 1, 3, 2) }, 1, logistic([1, 0, 1, 0]), {
      ...stump,
      learningRate: 0.5,
    });
    expect(ask(forest, 2)).toBeCloseTo(-1 / 3, 9);
    expect(ask(forest, 2.5)).toBeCloseTo(1 / 3, 9);
    expect(forest.save().arrays.gain[0]).toBeCloseTo(2 / 3, 9);
    expect([...forest.importances()]).toEqual([1]);
  });

  it('is not made where a leaf would have too little evidence', () => {
    const forest = boost({ values: Float32Array.of(4, 1, 3, 2) }, 1, logistic([1, 0, 1, 0]), {
      ...stump,
      minHessian: 0.6,
    });
    expect(ask(forest, 1)).toBe(ask(forest, 4));
  });

  it.each([
    { labels: [0, 0, 1, 1], like: 3 },
    { labels: [0, 0, 1, 0], like: 1 },
  ])('sends what is missing where it belongs: like $like', ({ labels, like }) => {
    const forest = boost({ values: Float32Array.of(1, 2, 3, NaN) }, 1, logistic(labels), stump);
    expect(ask(forest, NaN)).toBe(ask(forest, like));
    expect(ask(forest, 1)).not.toBe(ask(forest, 3));
  });

  it('can tell apart what is missing from all the rest', () => {
    const forest = boost({ values: Float32Array.of(1, 2, NaN, NaN) }, 1, logistic([0, 0, 1, 1]), stump);
    expect(ask(forest, 1e9)).toBe(ask(forest, 1));
    expect(ask(forest, NaN)).toBeGreaterThan(ask(forest, 1));
  });

  it('sends what was never missing in training to the heavier side', () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const few = boost({ values }, 1, squares([0, 9, 9, 9, 9, 9]), stump);
    expect(ask(few, NaN)).toBe(ask(few, 6));
    const most = boost({ values }, 1, squares([0, 0, 0, 0, 0, 9]), stump);
    expect(ask(most, NaN)).toBe(ask(most, 1));
  });
});

describe('a forest', () => {
  const { values, targets } = additive(2000, 1);
  const unseen = additive(1000, 2);
  const forest = boost({ values }, 3, squares(targets), { rounds: 150 });

  it('learns a sum of effects and what carries it', () => {
    const variance = meanSquare(unseen.targets)(new Float64Array(1000).fill(forest.expected));
    expect(meanSquare(unseen.targets)(forest.predictAll(unseen.values)) / variance).toBeLessThan(0.02);
    const [sine, step, nothing] = forest.importances();
    expect(sine! + step!).toBeGreaterThan(0.98);
    expect(sine!).toBeGreaterThan(step!);
    expect(step!).toBeGreaterThan(nothing!);
  });

  it('predicts alone as among others, and says which feature did what', () => {
    const all = forest.predictAll(values);
    for (const row of [0, 7, 999]) {
      expect(forest.predict(values, row * 3)).toBe(all[row]);
      const added = forest.contributions(values, row * 3);
      expect(forest.expected + added.reduce((sum, one) => sum + one, 0)).toBeCloseTo(all[row]!, 9);
    }
    const at = (x1: number) => forest.contributions(Float32Array.of(1, x1, 0))[1]!;
    expect(at(1) - at(-1)).toBeCloseTo(1, 1);
  });

  it('does not change when a feature is stretched by a rising function', () => {
    const stretched = values.map((value, at) => (at % 3 === 0 ? Math.exp(3 * value) : value));
    const other = boost({ values: stretched }, 3, squares(targets), { rounds: 150 });
    expect(other.predictAll(stretched)).toEqual(forest.predictAll(values));
  });

  it('is the same after save and load', () => {
    const loaded = loadForest(structuredClone(forest.save()));
    expect(loaded.predictAll(unseen.values)).toEqual(forest.predictAll(unseen.values));
    expect(loaded.contributions(values)).toEqual(forest.contributions(values));
    expect(loaded.importances()).toEqual(forest.importances());
  });

  it('draws rows and features by its seed', () => {
    const of = (seed: number) =>
      boost({ values }, 3, squares(targets), { rounds: 20, rowShare: 0.5, columnShare: 0.7, seed }).predictAll(values);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('keeps to its number of leaves', () => {
    const { starts } = boost({ values }, 3, squares(targets), { rounds: 5, depth: 6, leaves: 5 }).save().arrays;
    for (let tree = 0; tree < 5; tree++) expect(starts[tree + 1]! - starts[tree]!).toBe(2 * 5 - 1);
  });

  it('starts from offsets, which are not part of what it predicts', () => {
    const offsets = targets.map((target) => target - 3);
    const rest = boost({ values, offsets }, 3, squares(targets), { rounds: 5 });
    rest.predictAll(values).forEach((score) => expect(score).toBeCloseTo(3, 6));
  });

  it('stops where other rows stop to gain, and keeps the best', () => {
    const random = createRandom(5);
    const noise = Float64Array.from({ length: 300 }, () => random.normal());
    const of = additive(300, 3).values;
    const losses: number[] = [];
    const loss = (scores: Float64Array): number => {
      const found = meanSquare(noise.subarray(150))(scores);
      losses.push(found);
      return found;
    };
    const stop = { values: of.subarray(450), loss, patience: 5 };
    const options = { rounds: 200, minHessian: 5 };
    const stopped = boost({ values: of.subarray(0, 450) }, 3, squares(noise.subarray(0, 150)), { ...options, stop });
    expect(losses.length).toBeLessThan(100);
    expect(stopped.trees).toBe(losses.indexOf(Math.min(...losses)));
    expect(losses.length - 1 - stopped.trees).toBe(5);
    expect(loss(stopped.predictAll(stop.values))).toBeCloseTo(Math.min(...losses), 12);
  });
});

it('finds the chance of labels, with no feature to ask', () => {
  const labels = Float64Array.from({ length: 1000 }, (_, row) => (row % 50 === 0 ? 1 : 0));
  const forest = boost({ values: new Float32Array(1000) }, 1, logistic(labels), { rounds: 3 });
  expect(1 / (1 + Math.exp(-forest.predict(Float32Array.of(0))))).toBeCloseTo(0.02, 6);
});

it('stands features of very many and of very frequent values', () => {
  const values = Float32Array.from({ length: 4000 }, (_, row) => (row % 2 === 0 ? 0 : row));
  const forest = boost({ values }, 1, squares(values.map((value) => (value > 3000 ? 1 : 0))), { rounds: 60 });
  expect(forest.predict(Float32Array.of(0))).toBeCloseTo(0, 1);
  expect(forest.predict(Float32Array.of(2900))).toBeCloseTo(0, 1);
  expect(forest.predict(Float32Array.of(3100))).toBeCloseTo(1, 1);
});

it('stands nothing at all, labels of one kind, and refuses half a row', () => {
  expect(boost({ values: new Float32Array(0) }, 2, logistic([])).predict(Float32Array.of(1, 2))).toBe(0);
  const sure = boost({ values: Float32Array.of(1, 2, 3) }, 1, logistic([1, 1, 1]), { rounds: 3 });
  expect(sure.predict(Float32Array.of(1))).toBeGreaterThan(3);
  expect(sure.predict(Float32Array.of(1))).toBeLessThan(20);
  expect(() => boost({ values: new Float32Array(3) }, 2, logistic([1]))).toThrow(RangeError);
});
