/** What a learner wants a person to answer. */

/** Days that the words are kept, answered or not. */
export const QUESTION_DAYS = 30;

/** Most questions of one learner that wait for an answer at a time. */
export const MOST_OPEN = 5;

/** Days that an answer waits for its learner to be reachable. */
export const ANSWER_DAYS = 7;

export interface Question {
  /** Short number for people. */
  number: number;
  /** Null once their time is over. */
  words: string | null;
  intent: string | null;
  sentiment: string | null;
  askedAt: Date;
  answeredAt: Date | null;
}

export interface NewQuestion {
  learnerId: string;
  words: string;
  /** Of learners who agreed to recording. */
  intent?: string;
  sentiment?: string;
  now: Date;
}
