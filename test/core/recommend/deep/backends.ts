import { createRandom } from '../../../../core/numerics/random.ts';
import { loadBackend, type BackendName } from '../../../../core/recommend/deep/backend.ts';
import type { Size, Tf, Weights } from '../../../../core/recommend/deep/network.ts';
import { networks, type NetworkName } from '../../../../core/recommend/deep/networks.ts';
import { shapesOf, type Architecture } from '../../../../core/recommend/deep/step.ts';

export const size: Size = { dimension: 16, hidden: 12, blocks: 2, heads: 2, length: 6 };

/** A network over courses with random features, and random weights for it. */
export function example(name: NetworkName, courses = 37): { architecture: Architecture; weights: Weights } {
  const random = createRandom(3);
  const features = { width: 5, values: Float32Array.from({ length: courses * 5 }, () => random.normal()) };
  const architecture: Architecture = { network: networks[name], size, courses, features, gaps: true };
  const weights: Weights = networks[name].initial(size, random);
  for (const [weight, shape] of Object.entries(shapesOf(architecture))) {
    const length = shape.reduce((product, side) => product * side, 1);
    weights[weight] ??= Float32Array.from({ length }, () => 0.3 * random.normal());
  }
  return { architecture, weights };
}

/** Runs the same work on two backends, one after the other: only one is in use at a time. */
export async function onBoth<T>(
  work: (tf: Tf) => T,
  names: [BackendName, BackendName] = ['cpu', 'wasm'],
): Promise<T[]> {
  const results: T[] = [];
  for (const name of names) results.push(work((await loadBackend(name)).tf));
  return results;
}

export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return a.length === b.length ? most : Infinity;
}
