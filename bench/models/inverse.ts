/** The inverse that EASE rests on, beside numpy's and LAPACK's on the same machine, turn by turn. */
import { spawnSync } from 'node:child_process';
import { positiveMatrix } from '../../core/numerics/inverse/backend.ts';
import { createRandom } from '../../core/numerics/random.ts';
import { table } from './table.ts';

const TURNS = 3;
const ROUNDS = 2;

export async function inverse(n: number): Promise<string> {
  const seconds = new Map<string, number[]>();
  const add = (name: string, found: readonly number[]): unknown =>
    seconds.set(name, [...(seconds.get(name) ?? []), ...found]);
  let missing = '';
  for (let turn = 0; turn < TURNS; turn++) {
    add('Coursebell', await ours(n));
    const { status, stdout } = spawnSync('python3', ['bench/models/lapack.py', `${n}`, `${ROUNDS}`]);
    if (status === 0) {
      for (const [name, found] of Object.entries(JSON.parse(stdout.toString()) as Record<string, number[]>)) {
        add(name === 'inv' ? 'numpy linalg.inv' : `LAPACK ${name}`, found);
      }
    } else missing = '\n\nnumpy is not installed here: nothing stands beside it.';
  }
  const own = Math.min(...seconds.get('Coursebell')!);
  const rows = [...seconds].map(([name, found]) => {
    const best = Math.min(...found);
    return [name, best.toFixed(2), found.map((one) => one.toFixed(2)).join(' '), (own / best).toFixed(2)];
  });
  return `${n} × ${n}\n\n${table(['', 'best, s', 'all, s', 'Coursebell is × of it'], rows)}${missing}`;
}

async function ours(n: number): Promise<number[]> {
  const random = createRandom(1);
  const matrix = await positiveMatrix(n);
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) matrix.values[i * matrix.stride + j] = random.next() * 0.1;
      matrix.values[i * matrix.stride + i] = n + random.next();
    }
    const begun = performance.now();
    await matrix.invert();
    found.push((performance.now() - begun) / 1000);
  }
  await matrix.close();
  return found;
}
