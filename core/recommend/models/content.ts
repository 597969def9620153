import { z } from 'zod';
import { addRow, transpose, type Csr } from '../../numerics/sparse.ts';
import { attributeVectors, textVectors } from '../content-vectors.ts';
import { decayedWeights, strongest } from '../decay.ts';
import { cutOf, cuts } from '../held-out.ts';
import type { Artefact, History, Model, ModelType } from '../model.ts';

const config = z.strictObject({
  /** Share of title and description; the rest is topics, level, instructor and attributes. */
  textShare: z.number().min(0).max(1).default(0.5),
  /** Factor by which each step back in the history counts less; 'auto': not at all where order means nothing. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /** Which courses will be asked for. */
  cut: z.enum(cuts).default('auto'),
  seed: z.int().default(1),
});
type Settled = z.output<typeof config> & { step: number };

const STEP = 0.6;

/** What `content` knows beyond scores. */
export interface ContentModel extends Model {
  /** Likeness of two courses in [0, 1]. */
  similarity(a: number, b: number): number;
  /** Likeness of every course to the history by text alone and by attributes alone. */
  parts(history: History): { text: Float32Array; attributes: Float32Array };
}

/**
 * Courses that are about the same: cosine of TF-IDF vectors (Chinese and English) and of weighted
 * attribute vectors, against the history with weights that fall by `step`. Serves courses that
 * nobody took yet.
 */
export const content = {
  name: 'content',
  config,
  serves: { coldLearner: false, coldCourse: true, freshHistory: true },
  fit(dataset, settings): ContentModel {
    const { cut, seed } = settings;
    const step = settings.step !== 'auto' ? settings.step : cutOf(cut, dataset, seed) === 'random' ? 1 : STEP;
    return model(textVectors(dataset.courses), attributeVectors(dataset.courses), { ...settings, step });
  },
  load: (artefact): ContentModel =>
    model(restore(artefact, 'text'), restore(artefact, 'attribute'), (artefact.json as { config: Settled }).config),
} satisfies ModelType<typeof config>;

function model(text: Csr, attributes: Csr, settings: Settled): ContentModel {
  const { textShare, step } = settings;
  // Only the courses that share a word with the history are touched.
  const [byTerm, byAttribute] = [transpose(text), transpose(attributes)];
  const against = (matrix: Csr, inverted: Csr, history: History): Float32Array => {
    const profile = new Float32Array(matrix.columns);
    let total = 0;
    for (const { item, weight } of decayedWeights(history, step)) {
      addRow(matrix, item, weight, profile);
      total += weight;
    }
    const scores = new Float32Array(matrix.rows);
    if (total === 0) return scores;
    const sums = new Float64Array(matrix.rows);
    for (let term = 0; term < profile.length; term++) {
      if (profile[term] !== 0) addRow(inverted, term, profile[term]!, sums);
    }
    for (let course = 0; course < scores.length; course++) scores[course] = sums[course]! / total;
    return scores;
  };
  const parts = (history: History) => ({
    text: against(text, byTerm, history),
    attributes: against(attributes, byAttribute, history),
  });
  const similarity = (a: number, b: number): number =>
    textShare * dotRows(text, a, b) + (1 - textShare) * dotRows(attributes, a, b);
  return {
    name: 'content',
    parts,
    similarity,
    score(history) {
      const found = parts(history);
      return found.text.map((score, course) => textShare * score + (1 - textShare) * found.attributes[course]!);
    },
    because: (history, item) =>
      strongest(
        decayedWeights(history, step).map((past) => ({
          item: past.item,
          part: past.weight * similarity(past.item, item),
        })),
      ),
    save: (): Artefact => ({
      json: { config: settings, textTerms: text.columns, attributeTerms: attributes.columns },
      arrays: { ...store(text, 'text'), ...store(attributes, 'attribute') },
    }),
  };
}

function store(matrix: Csr, name: string): Artefact['arrays'] {
  return { [`${name}Starts`]: matrix.starts, [`${name}Indices`]: matrix.indices, [`${name}Values`]: matrix.values };
}

function restore({ arrays, json }: Artefact, name: 'text' | 'attribute'): Csr {
  const starts = arrays[`${name}Starts`] as Int32Array;
  return {
    rows: starts.length - 1,
    columns: (json as Record<string, number>)[`${name}Terms`]!,
    starts,
    indices: arrays[`${name}Indices`] as Int32Array,
    values: arrays[`${name}Values`] as Float32Array,
  };
}

/** Both rows ascending by column. */
function dotRows(matrix: Csr, a: number, b: number): number {
  let left = matrix.starts[a]!;
  let right = matrix.starts[b]!;
  const leftEnd = matrix.starts[a + 1]!;
  const rightEnd = matrix.starts[b + 1]!;
  let sum = 0;
  while (left < leftEnd && right < rightEnd) {
    const difference = matrix.indices[left]! - matrix.indices[right]!;
    if (difference === 0) sum += matrix.values[left++]! * matrix.values[right++]!;
    else if (difference < 0) left++;
    else right++;
  }
  return sum;
}
