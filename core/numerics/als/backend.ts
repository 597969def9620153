import { moduleAt, openCrew, threadsHere } from '../crew/backend.ts';
import type { Random } from '../random.ts';
import { transpose, type Csr } from '../sparse.ts';

export interface AlsOptions {
  /** Length of a row's and a column's vector; a multiple of 8. */
  factors: number;
  /** λ: the ridge penalty on both sides. */
  penalty: number;
  iterations: number;
  /** Draws the columns' first vectors. */
  random: Random;
  /** After each iteration; false ends it there. */
  onIteration?: (iteration: number) => boolean;
  threads?: number;
}

/** Steps of conjugate gradient for each row and half iteration. */
const STEPS = 3;
/** Sums of YᵀY that are made apart and added in order, so that the number of threads changes nothing. */
const PARTS = 8;
const FIRST = 1024;

/**
 * Implicit matrix factorisation by alternating least squares (Hu, Koren & Volinsky 2008): each entry is a
 * preference of 1 with confidence 1 + its value, all that is absent one of 0 with confidence 1. Rows are
 * solved by three steps of conjugate gradient (Takács, Pilászy & Tikk 2011), on all cores.
 *
 * Memory: 4 bytes for each factor of each row and column, 16 for each entry.
 *
 * @returns the columns' vectors, [column][factor].
 * @throws RangeError when `factors` is no multiple of 8.
 */
export async function factorise(matrix: Csr, options: AlsOptions): Promise<Float32Array> {
  const { factors, penalty, iterations, random, onIteration, threads = threadsHere() } = options;
  if (factors % 8 !== 0) throw new RangeError(`${factors} factors are no multiple of 8`);
  const turned = transpose(matrix);
  let end = FIRST;
  const room = (length: number): number => {
    const at = end;
    end = Math.ceil((end + 4 * length) / 64) * 64;
    return at;
  };
  const sideOf = (side: Csr) => ({
    side,
    vectors: room(side.rows * factors),
    starts: room(side.starts.length),
    indices: room(side.indices.length),
    values: room(side.values.length),
  });
  const rows = sideOf(matrix);
  const columns = sideOf(turned);
  const gram = room(factors * factors * PARTS);
  const scratch = room(3 * factors * threads);
  const crew = await openCrew(moduleAt(new URL('./als.wasm', import.meta.url)), end, threads);
  try {
    const { buffer } = crew.memory;
    for (const { side, starts, indices, values } of [rows, columns]) {
      new Int32Array(buffer, starts, side.starts.length).set(side.starts);
      new Int32Array(buffer, indices, side.indices.length).set(side.indices);
      new Float32Array(buffer, values, side.values.length).set(side.values);
    }
    const found = new Float32Array(buffer, columns.vectors, matrix.columns * factors);
    for (let at = 0; at < found.length; at++) found[at] = (0.1 * random.normal()) / Math.sqrt(factors);
    const counter = new Int32Array(buffer, 0, 1);
    const sums = new Float32Array(buffer, gram, factors * factors * PARTS);

    const half = async (to: typeof rows, from: typeof rows): Promise<void> => {
      const height = from.side.rows;
      for (let part = 0; part < PARTS; part += crew.threads) {
        await crew.call('gram', (thread) => {
          const own = Math.min(part + thread, PARTS);
          const [first, last] = [own, Math.min(own + 1, PARTS)].map((at) => Math.floor((at * height) / PARTS));
          // A thread without a part sums nothing, into what is not read.
          return own < PARTS
            ? [from.vectors, first!, last!, factors, gram + own * factors * factors * 4]
            : [from.vectors, 0, 0, 0, gram];
        });
      }
      addUp(sums, factors);
      counter[0] = 0;
      await crew.call('solve', (thread) => [
        to.vectors,
        to.side.rows,
        from.vectors,
        gram,
        to.starts,
        to.indices,
        to.values,
        factors,
        penalty,
        STEPS,
        scratch + thread * 3 * factors * 4,
        0,
      ]);
    };
    for (let iteration = 0; iteration < iterations; iteration++) {
      await half(rows, columns);
      await half(columns, rows);
      if (onIteration?.(iteration) === false) break;
    }
    return found.slice();
  } finally {
    await crew.close();
  }
}

/** The parts' upper halves, added and mirrored, into the first. */
function addUp(sums: Float32Array, factors: number): void {
  const size = factors * factors;
  for (let a = 0; a < factors; a++) {
    for (let b = a; b < factors; b++) {
      let sum = 0;
      for (let at = a * factors + b; at < sums.length; at += size) sum += sums[at]!;
      sums[a * factors + b] = sum;
      sums[b * factors + a] = sum;
    }
  }
}
