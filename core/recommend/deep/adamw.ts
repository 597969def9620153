import type { Weights } from './network.ts';

const BETA1 = 0.9;
const BETA2 = 0.98;
const EPSILON = 1e-8;

/** Moments of the gradients so far. */
export interface AdamW {
  /**
   * One step in place: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²; with both freed of their bias towards 0,
   * w ← w − rate · (m / (√v + ε) + decay · w) (Loshchilov & Hutter 2019).
   */
  step(weights: Weights, gradients: Weights, rate: number): void;
}

/** @param decays whether a weight is drawn towards 0. */
export function createAdamW(decay: number, decays: (name: string) => boolean): AdamW {
  const moments = new Map<string, { first: Float32Array; second: Float32Array }>();
  let steps = 0;
  return {
    step(weights, gradients, rate) {
      steps++;
      const [unbias1, unbias2] = [1 - BETA1 ** steps, 1 - BETA2 ** steps];
      for (const [name, gradient] of Object.entries(gradients)) {
        const own = weights[name]!;
        let moment = moments.get(name);
        if (!moment) {
          moment = { first: new Float32Array(own.length), second: new Float32Array(own.length) };
          moments.set(name, moment);
        }
        const { first, second } = moment;
        const pull = decays(name) ? decay : 0;
        for (let i = 0; i < own.length; i++) {
          const g = gradient[i]!;
          const m = BETA1 * first[i]! + (1 - BETA1) * g;
          const v = BETA2 * second[i]! + (1 - BETA2) * g * g;
          first[i] = m;
          second[i] = v;
          own[i]! -= rate * (m / unbias1 / (Math.sqrt(v / unbias2) + EPSILON) + pull * own[i]!);
        }
      }
    },
  };
}
