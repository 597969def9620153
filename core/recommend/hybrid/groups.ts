import type { History } from '../model.ts';

/** Learners with histories of these lengths get weights of their own: 0, 1, 2–4, 5–14, 15 and more. */
export const GROUPS = 5;
export function groupOf(length: number): number {
  return length === 0 ? 0 : length === 1 ? 1 : length < 5 ? 2 : length < 15 ? 3 : 4;
}

/** How long ago the learner's last course was: within the hour, within three days, before. */
export const GAPS = 3;
const HOUR = 3600;
const DAY = 86_400;

/** Undefined where there is no last course, or no clock. */
function gapOf(history: History, now: number): number | undefined {
  const gap = now - (history.times.at(-1) ?? NaN);
  if (Number.isNaN(gap)) return undefined;
  return gap < HOUR ? 0 : gap < 3 * DAY ? 1 : 2;
}

/** Every group that weights may differ by. */
export const ALL_GROUPS = GROUPS + GAPS;

/** The groups that a question belongs to: by length, then by gap. */
export function groupsOf(history: History, now: number): number[] {
  const gap = gapOf(history, now);
  const byLength = groupOf(history.items.length);
  return gap === undefined ? [byLength] : [byLength, GROUPS + gap];
}
