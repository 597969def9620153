import { createRandom } from '../numerics/random.ts';
import { fitFeatures } from './features.ts';
import type { Example } from './seeds/seed.ts';
import { margins, trainSvm } from './svm.ts';

export interface Candidate {
  label: string;
  margin: number;
}

/** The best class, whatever its margin. */
export interface Classified extends Candidate {
  /** The second best. */
  next: Candidate | undefined;
}

export interface Classifier {
  classify(text: string): Classified;
}

export interface ClassifierOptions {
  cost?: number;
  passes?: number;
  seed?: number;
  /** More features of a text, beside its words and letters. */
  signs?: (text: string) => readonly string[];
}

/**
 * A text classifier learnt from examples; those without a label belong to no class, and teach every
 * class what it is not.
 *
 * @throws RangeError when no example has a label.
 */
export function trainClassifier(
  examples: readonly Example[],
  { cost = 1, passes = 10, seed = 1, signs = () => [] }: ClassifierOptions = {},
): Classifier {
  const names = [...new Set(examples.flatMap(({ label }) => label ?? []))];
  if (names.length === 0) throw new RangeError('A classifier needs at least one labelled example');
  const features = fitFeatures(
    examples.map(({ text }) => text),
    signs,
  );
  const model = trainSvm(
    features.fitted,
    examples.map(({ label }) => (label === undefined ? -1 : names.indexOf(label))),
    { features: features.count, classes: names.length },
    { cost, passes, random: createRandom(seed) },
  );
  return {
    classify(text) {
      const scores = margins(model, features.vector(text));
      const ranked = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
      const [best, second] = ranked.map((index) => ({ label: names[index]!, margin: scores[index]! }));
      return { ...best!, next: second };
    },
  };
}
