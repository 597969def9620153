import { describe, expect, it } from 'vitest';
import { factorise, type AlsOptions } from '../../../core/numerics/als/backend.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { buildCsr, type Csr } from '../../../core/numerics/sparse.ts';

const FACTORS = 8;
const PENALTY = 0.5;

/** Rows and columns of two kinds; a row has most columns of its kind. */
const blocks: Csr = buildCsr(60, 20, (row, put) => {
  for (let column = row % 2; column < 20; column += 2) if ((row * 7 + column) % 5 !== 0) put(column, 4);
});

const columnsOf = (more: Partial<AlsOptions> = {}) =>
  factorise(blocks, {
    factors: FACTORS,
    penalty: PENALTY,
    iterations: 8,
    random: createRandom(1),
    threads: 2,
    ...more,
  });

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** The best row vectors for these columns, by plain coordinate descent, and the loss that is left with them. */
function lossOf(columns: Float32Array): number {
  const vectors = Array.from({ length: blocks.columns }, (_, c) =>
    Float64Array.from(columns.subarray(c * FACTORS, (c + 1) * FACTORS)),
  );
  let loss = PENALTY * dot(columns, columns);
  for (let row = 0; row < blocks.rows; row++) {
    const confidence = new Float64Array(blocks.columns).fill(1);
    const wanted = new Float64Array(blocks.columns);
    for (let at = blocks.starts[row]!; at < blocks.starts[row + 1]!; at++) {
      confidence[blocks.indices[at]!] = 1 + blocks.values[at]!;
      wanted[blocks.indices[at]!] = 1;
    }
    const x = new Float64Array(FACTORS);
    for (let round = 0; round < 200; round++) {
      for (let f = 0; f < FACTORS; f++) {
        let [above, below] = [0, PENALTY];
        vectors.forEach((y, c) => {
          above += confidence[c]! * y[f]! * (wanted[c]! - dot(x, y) + x[f]! * y[f]!);
          below += confidence[c]! * y[f]! ** 2;
        });
        x[f] = above / below;
      }
    }
    loss += PENALTY * dot(x, x);
    vectors.forEach((y, c) => (loss += confidence[c]! * (wanted[c]! - dot(x, y)) ** 2));
  }
  return loss;
}

describe('alternating least squares', () => {
  it('takes the loss down, iteration by iteration, until nothing is gained', async () => {
    const losses: number[] = [];
    for (const iterations of [1, 2, 4, 400, 401]) losses.push(lossOf(await columnsOf({ iterations })));
    for (let at = 1; at < 4; at++) expect(losses[at]!).toBeLessThan(losses[at - 1]!);
    expect(losses[4]! / losses[3]!).toBeCloseTo(1, 3);
  });

  it('puts columns that the same rows have side by side', async () => {
    const columns = await columnsOf({ penalty: 20 });
    const of = (c: number) => columns.subarray(c * FACTORS, (c + 1) * FACTORS);
    const cosine = (a: number, b: number) => dot(of(a), of(b)) / Math.sqrt(dot(of(a), of(a)) * dot(of(b), of(b)));
    expect(cosine(0, 2)).toBeGreaterThan(0.7);
    expect(cosine(1, 5)).toBeGreaterThan(0.7);
    expect(Math.abs(cosine(0, 1))).toBeLessThan(0.2);
  });

  it('is the same on any number of threads, and repeats', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map((threads) => columnsOf({ threads })));
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    expect(await columnsOf({ random: createRandom(2) })).not.toEqual(one);
  });

  it('ends when it is told to', async () => {
    const seen: number[] = [];
    const ended = await columnsOf({ onIteration: (iteration) => seen.push(iteration) < 3 });
    expect(seen).toEqual([0, 1, 2]);
    expect(ended).toEqual(await columnsOf({ iterations: 3 }));
  });

  it('gives nothing to a column that no row has, and refuses factors that do not fit', async () => {
    const lonely = buildCsr(3, 2, (row, put) => {
      if (row < 2) put(0, 1);
    });
    const options = { factors: 8, penalty: 1, iterations: 2, random: createRandom(1), threads: 1 };
    expect([...(await factorise(lonely, options)).subarray(8)].every((one) => one === 0)).toBe(true);
    await expect(factorise(lonely, { ...options, factors: 12 })).rejects.toThrow(RangeError);
  });
});
