import { z } from 'zod';
import { levels } from '../../core/learner/learner.ts';

export const onboardingSteps = ['language', 'topics', 'goal', 'level', 'recording', 'messages'] as const;
export type OnboardingStep = (typeof onboardingSteps)[number];

/** Answers of the onboarding, held here only until the person agrees to recording. */
const draft = z.object({
  step: z.enum(onboardingSteps),
  topics: z.array(z.string()).default([]),
  goal: z.string().nullable().default(null),
  level: z.enum(levels).nullable().default(null),
  /** Whether the person was told, after a request in between, how to go on. */
  paused: z.boolean().default(false),
});
export type Draft = z.output<typeof draft>;

const list = z.object({
  /** 'recommend' | 'search' | 'similar' | 'saved' | 'owned' */
  list: z.string(),
  slate: z.string(),
  courses: z.array(z.string()),
  /** Button id that goes on with the list: what "more" means. */
  more: z.string().optional(),
});
export type ShownList = z.output<typeof list>;

const question = z.object({
  /** Key of the `answers` of some skill. */
  kind: z.string(),
  course: z.string().optional(),
  value: z.string().optional(),
  ref: z.string().optional(),
});
export type Question = z.output<typeof question>;

const quiz = z.object({
  topic: z.string(),
  /** Question that waits for an answer; '' between two. */
  current: z.string(),
  answers: z.array(z.object({ id: z.string(), level: z.enum(levels), right: z.boolean() })),
});

const schema = z.object({
  /** Whether the person has met the assistant in this chat. */
  met: z.boolean().default(false),
  /** Whether the assistant has said who it is, and begun to ask. */
  welcomed: z.boolean().default(false),
  onboarding: draft.optional(),
  /** Whether the learner's language is only the one they wrote last, not one that they chose. */
  following: z.boolean().default(false),
  /** The list shown last: what "the second one" points at. */
  list: list.optional(),
  /** Recommended lately, so that "more" brings others; newest last. */
  shown: z.array(z.string()).default([]),
  /** Topics that the last recommendation was asked for. */
  topics: z.array(z.string()).default([]),
  /** The course spoken of last: what "it" points at. */
  course: z.string().optional(),
  courseRef: z.string().optional(),
  /** What the next words in free text may answer. */
  question: question.optional(),
  /** The community that the person was last seen to manage here, and when (ISO 8601). */
  managed: z.object({ community: z.string(), at: z.string() }).optional(),
  /** Words that a press will hand to a person; gone with the next turn that is not that press. */
  asking: z.object({ words: z.string(), intent: z.string().optional(), sentiment: z.string().optional() }).optional(),
  /** The placement test under way. */
  quiz: quiz.optional(),
  /** When codes to link accounts were handed in that were none (ISO 8601), newest last. */
  wrongCodes: z.array(z.string()).default([]),
  /** Button id that "yes" and "no" stand for. */
  yes: z.string().optional(),
  no: z.string().optional(),
  /** Ids of the buttons of the last answer, by what they say, see `offered.ts`. */
  offered: z.record(z.string(), z.string()).default({}),
  /** Button id that takes back what was done last. */
  undo: z.string().optional(),
  /** Button id to carry out once recording is agreed to. */
  waiting: z.string().optional(),
  /** The last turns handled, newest last: one that comes again is answered but not recorded again. */
  turns: z.array(z.string()).default([]),
  /** Outbox message that the person was last seen to answer. */
  answered: z.string().optional(),
});

/** Where a conversation stands; kept for each chat between turns. */
export type ConversationState = z.output<typeof schema>;

/** Reads a stored state; one that an older release wrote and that no longer fits starts afresh. */
export function readState(stored: unknown): ConversationState {
  const parsed = schema.safeParse(stored ?? {});
  return parsed.success ? parsed.data : schema.parse({});
}
