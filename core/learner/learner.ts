import type { Language } from '../language/reply.ts';

export const channels = ['web', 'telegram', 'discord'] as const;
export type ChannelName = (typeof channels)[number];

export const levels = ['beginner', 'intermediate', 'advanced'] as const;
export type Level = (typeof levels)[number];

export const consentKinds = ['recording', 'messages', 'personalised'] as const;
export type ConsentKind = (typeof consentKinds)[number];

/** A person; one id across channels. */
export interface Learner {
  id: string;
  language: Language | null;
  goal: string | null;
  level: Level | null;
  occupation: string | null;
  timeZone: string | null;
  declaredTopics: string[];
  simulated: boolean;
  /** Whether behaviour may be recorded; false until granted. */
  recording: boolean;
  /** Whether pushes and campaigns may be sent; false until granted. */
  messages: boolean;
  /** Whether recommendations may use what is known of the person. */
  personalised: boolean;
  pushHour: number;
  quietFrom: number;
  quietTo: number;
  /** Only these topics in pushes; empty means all. */
  messageTopics: string[];
  onboardedAt: Date | null;
  /** Local hour (0–23) of the lesson reminder; null when none is wished. */
  reminderHour: number | null;
}

/** A place where a learner can be reached. */
export interface Address {
  learnerId: string;
  channel: ChannelName;
  chat: string;
}
