import type { Press, Reply } from '../../core/language/reply.ts';
import type { IntentName, Understood } from '../../core/language/understanding.ts';
import type { Context } from './context.ts';
import type { Question } from './state.ts';

export type Answer = Promise<Reply[]> | Reply[];

/** A message in free text, understood. */
export interface Said extends Understood {
  text: string;
}

/** One thing the assistant can do: a file in `skills/` and a line in `skills/index.ts`. */
export interface Skill {
  name: string;
  /** Whether it may answer where others read; others answer there with the way into the private chat. */
  open?: true;
  /** By the action of a button. Each action belongs to one skill. */
  presses: Readonly<Record<string, (context: Context, press: Press) => Answer>>;
  /** By the intent of a message in free text. Each intent belongs to one skill. */
  intents?: Readonly<Partial<Record<IntentName, (context: Context, said: Said) => Answer>>>;
  /** Fixed ways of saying something, looked at before the intents; undefined passes on. */
  phrases?: readonly (readonly [
    pattern: RegExp,
    answer: (context: Context, said: Said, found: RegExpExecArray) => Answer | undefined,
  ])[];
  /**
   * By the kind of question that the skill left in `state.question`: free text that may answer it.
   * Undefined when it does not: then it is understood as a request of its own.
   */
  answers?: Readonly<
    Record<
      string,
      (context: Context, said: Said, question: Question) => Answer | Promise<Reply[] | undefined> | undefined
    >
  >;
}

export const defineSkill = (skill: Skill): Skill => skill;
