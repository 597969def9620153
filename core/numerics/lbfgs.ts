/** What `minimise` needs: the value at x; the gradient is written into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  maxIterations?: number;
  /** Stops when no part of the gradient is larger. */
  tolerance?: number;
  /** Pairs remembered. */
  memory?: number;
  onIteration?: (iteration: number) => void;
}

/**
 * Limited-memory BFGS (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 7.5) with a
 * backtracking line search under the Armijo rule. For smooth convex objectives.
 */
export function minimise(objective: Objective, start: Float64Array, options: MinimiseOptions = {}): Float64Array {
  const { maxIterations = 100, tolerance = 1e-4, memory = 8, onIteration } = options;
  const n = start.length;
  let x: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(n);
  let value = objective(x, gradient);
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    onIteration?.(iteration);
    if (gradient.every((part) => Math.abs(part) <= tolerance)) break;
    let direction = twoLoop(gradient, steps);
    let slope = dot(direction, gradient);
    if (slope >= 0) {
      steps.length = 0;
      direction = gradient.map((part) => -part);
      slope = dot(direction, gradient);
    }
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    let moved: { x: Float64Array; gradient: Float64Array; value: number } | undefined;
    for (let attempt = 0; attempt < 30; attempt++, length /= 2) {
      const at = x.map((part, i) => part + length * direction[i]!);
      const gradientAt = new Float64Array(n);
      const valueAt = objective(at, gradientAt);
      if (valueAt <= value + 1e-4 * length * slope) {
        moved = { x: at, gradient: gradientAt, value: valueAt };
        break;
      }
    }
    if (!moved) break;
    const from = { x, gradient };
    const s = moved.x.map((part, i) => part - from.x[i]!);
    const y = moved.gradient.map((part, i) => part - from.gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 1e-12) {
      steps.push({ s, y, rho: 1 / curvature });
      if (steps.length > memory) steps.shift();
    }
    const gain = value - moved.value;
    ({ x, gradient, value } = moved);
    if (gain < 1e-9 * Math.max(1, Math.abs(value))) break;
  }
  return x;
}

function twoLoop(gradient: Float64Array, steps: { s: Float64Array; y: Float64Array; rho: number }[]): Float64Array {
  const q = gradient.map((part) => -part);
  const alphas: number[] = [];
  for (const { s, y, rho } of steps.toReversed()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!;
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  for (const { s, y, rho } of steps) {
    const move = alphas.pop()! - rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += move * s[i]!;
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
