/** What a message can ask for. */
export const intentNames = [
  'recommend',
  'search',
  'course',
  'similar',
  'rate',
  'save',
  'dismiss',
  'buy',
  'progress',
  'complete',
  'my_courses',
  'profile',
  'coupons',
  'settings',
  /** No more messages: beats every other reading. */
  'mute',
  'unmute',
  'privacy',
  'export',
  'erase',
  'non_personal',
  'personal',
  'consent',
  'language',
  'refund',
  'help',
  'greet',
  'thanks',
  'yes',
  'no',
  /** Out of scope, or not understood. */
  'other',
] as const;
export type IntentName = (typeof intentNames)[number];

/** What a message says besides its intent; each is there only when it was said. */
export interface Slots {
  /** What to search for, with the words of asking taken off. */
  query?: string;
  /** Stars, 1–5. */
  rating?: number;
  /** Hour of the day, 0–23; minutes are cut. */
  hour?: number;
  /** A coupon code, upper case. */
  code?: string;
  /** Topics of the catalogue, by their names there. */
  topics?: string[];
  level?: 'beginner' | 'intermediate' | 'advanced';
  /** Which course is meant, in the person's words. */
  courseQuery?: string;
  /** Which of the shown courses is meant: 1 is the first, −1 the last. */
  ordinal?: number;
  /** How much of a course is done, in [0, 1]. */
  progress?: number;
  /** The language asked for. */
  language?: 'zh' | 'en';
}
