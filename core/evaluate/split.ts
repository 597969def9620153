import type { Clock, Cut } from '../recommend/held-out.ts';
import type { Dataset, History } from '../recommend/model.ts';

export const protocols = ['last-out', 'time', 'first-out', 'rolling'] as const;
export type Protocol = (typeof protocols)[number] | 'pre-split';

/** Learners that are asked beside the whole: see `timeSplit`. */
export type SideGroup = 'newcomers' | 'cold';

/** One learner's question: what came after this history. */
export interface Question {
  /** Index into the learners of the round's training data; −1 for a learner it does not know. */
  learner: number;
  history: History;
  /** Seconds since 1970 UTC, the newest moment that may be read; NaN without times. */
  now: number;
  /** What came: distinct, none of it in the history. */
  relevant: Int32Array;
  /** Ratings in [0, 1] of `relevant`; NaN where none was given. */
  ratings: Float32Array;
  /** Present: the question counts for this group alone and not for the whole. */
  side?: SideGroup;
}

/** One fit and the questions that are asked of it. Data is made when called for: a split may have many rounds. */
export interface Round {
  train: () => Dataset;
  /** Interactions in `train`. */
  size: number;
  /** Everything in `train` lies before this moment, in seconds; absent where the split is not by time. */
  before?: number;
  /**
   * What has come until the round's end. A model that can be renewed gets it after the fit and must
   * see nothing of it that is not before the moment it is asked at.
   */
  newer?: () => Dataset;
  questions: Question[];
}

/** What is trained on, and what is asked. */
export interface Split {
  protocol: Protocol;
  /** Where "now" stands when a question is asked: at the learner's last training interaction, or at the tested one. */
  clock: Clock;
  /** The cut by which a model that learns from held-out courses should hold them out. */
  cut: Cut | 'auto';
  rounds: Round[];
  /** Distinct learners of train and test together. */
  learners: number;
  /** Training interactions, of the last round. */
  trained: number;
  /** Test interactions, side groups not counted. */
  tested: number;
}

/**
 * What a split shows of the future, in words; undefined where it shows nothing. Checked: no training
 * row at or after the round's moment, none of the asked learner after "now", no answer in what its
 * own learner is trained on, no history after "now".
 */
export function leakOf({ rounds }: Split): string | undefined {
  for (const { train: make, before, questions } of rounds) {
    const train = make();
    if (before !== undefined && train.times.some((time) => !(time < before))) {
      return 'a training interaction is not before the moment of its round';
    }
    for (const { learner, history, now, relevant } of questions) {
      if (history.times.some((time) => time > now)) return 'a history holds an interaction after its clock';
      if (learner < 0) continue;
      const [from, to] = [train.starts[learner]!, train.starts[learner + 1]!];
      for (let at = from; at < to; at++) {
        if (train.times[at]! > now) return 'a learner is trained on an interaction after their clock';
        if (relevant.includes(train.items[at]!)) return 'an answer is in the training data';
      }
    }
  }
  return undefined;
}
