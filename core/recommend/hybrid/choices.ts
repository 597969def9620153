import { topK } from '../../numerics/ranking.ts';
import type { Random } from '../../numerics/random.ts';
import type { Ask } from '../held-out.ts';
import { FEATURES, type Columns } from './features.ts';
import { groupsOf } from './groups.ts';
import type { Choices } from './logit.ts';

/** Alternatives of each choice: so many of the most likely, and a sample of all others. */
const LIKELY = 150;
const SAMPLED = 50;

/** Choices in units of the standard deviation of each feature. */
export interface Standardised {
  choices: Choices;
  /** 1 where a feature is constant. */
  deviations: Float64Array;
  /** The course of each alternative. */
  items: Int32Array;
}

/** Collects questions as choices among alternatives. */
export interface ChoiceBuilder {
  /**
   * @param columns features of every course for this question.
   * @param likelihood a first guess, by which the most likely alternatives are chosen.
   */
  add(columns: Columns, likelihood: Float32Array, ask: Ask): void;
  build(): Standardised;
}

export function choiceBuilder(courses: number, random: Random): ChoiceBuilder {
  let x = new Float32Array((LIKELY + SAMPLED) * FEATURES * 64);
  const items: number[] = [];
  const offset: number[] = [];
  const chosen: number[] = [];
  const starts = [0];
  const groups: number[][] = [];
  const excluded = new Uint8Array(courses);

  const put = (columns: Columns, course: number, standsFor: number, share: number): void => {
    const at = offset.length * FEATURES;
    if (at + FEATURES > x.length) {
      const more = new Float32Array(x.length * 2);
      more.set(x);
      x = more;
    }
    for (let f = 0; f < FEATURES; f++) x[at + f] = columns[f]?.[course] ?? 0;
    items.push(course);
    offset.push(Math.log(standsFor));
    chosen.push(share);
  };

  return {
    add(columns, likelihood, { history, targets, now }) {
      excluded.fill(0);
      for (const item of history.items) excluded[item] = 1;
      for (const item of targets) {
        put(columns, item, 1, 1 / targets.length);
        excluded[item] = 1;
      }
      for (const item of topK(likelihood, LIKELY, excluded)) {
        put(columns, item, 1, 0);
        excluded[item] = 1;
      }
      const others: number[] = [];
      for (let item = 0; item < courses; item++) if (excluded[item] === 0) others.push(item);
      const sampled = Math.min(SAMPLED, others.length);
      for (let i = 0; i < sampled; i++) {
        const j = i + random.int(others.length - i);
        [others[i], others[j]] = [others[j]!, others[i]!];
        put(columns, others[i]!, others.length / sampled, 0);
      }
      starts.push(offset.length);
      groups.push(groupsOf(history, now));
    },
    build() {
      const used = x.subarray(0, offset.length * FEATURES);
      const deviations = deviationsOf(used);
      for (let at = 0; at < used.length; at += FEATURES) {
        for (let f = 0; f < FEATURES; f++) used[at + f]! /= deviations[f]!;
      }
      return {
        choices: {
          features: FEATURES,
          groups,
          starts,
          x: used,
          offset: Float32Array.from(offset),
          chosen: Float32Array.from(chosen),
        },
        deviations,
        items: Int32Array.from(items),
      };
    },
  };
}

function deviationsOf(x: Float32Array): Float64Array {
  const sum = new Float64Array(FEATURES);
  const squares = new Float64Array(FEATURES);
  for (let at = 0; at < x.length; at += FEATURES) {
    for (let f = 0; f < FEATURES; f++) {
      sum[f]! += x[at + f]!;
      squares[f]! += x[at + f]! ** 2;
    }
  }
  const rows = Math.max(1, x.length / FEATURES);
  return sum.map((total, f) => {
    const variance = squares[f]! / rows - (total / rows) ** 2;
    return variance > 1e-12 ? Math.sqrt(variance) : 1;
  });
}
