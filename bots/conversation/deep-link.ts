/** What a link into a chat carries: at most 64 characters of A–Z, a–z, 0–9, _ and -, as Telegram allows. */

import { createHash } from 'node:crypto';
import type { Press } from '../../core/language/reply.ts';
import type { ChannelName } from '../../core/learner/learner.ts';
import type { Links } from './services.ts';

export const arrivals = ['course', 'campaign', 'ref', 'link', 'challenge', 'own'] as const;
export type Arrival = (typeof arrivals)[number];

/** What of one's own a link may open. Anybody can make such a link for another: it shows or asks, and agrees to nothing. */
export const ownPages: ReadonlySet<string> = new Set([
  ...['courses', 'progress', 'checkin', 'remind', 'quiz', 'profile', 'coupons', 'invite', 'settings', 'privacy'],
  'questions',
]);

const SAFE = /^[\w-]{1,56}$/;
const HASH_CHARACTERS = 24;

/** `course_py-1`; an id that does not fit is hashed, see `courseOfPayload`. */
export function payloadOf(kind: Arrival, id: string): string {
  if (SAFE.test(id)) return `${kind}_${id}`;
  return `${kind}_h-${hashed(id)}`;
}

/** @returns undefined for a payload that no link of ours has. */
export function readPayload(payload: string): { kind: Arrival; id: string } | undefined {
  const found = /^([a-z]+)_([\w-]{1,60})$/.exec(payload);
  const kind = arrivals.find((one) => one === found?.[1]);
  return kind && found ? { kind, id: found[2]! } : undefined;
}

/** The course whose link carries `id`: its own id, or the hash of it. */
export function courseOfPayload(id: string, courses: Iterable<{ id: string }>): string | undefined {
  const hash = id.startsWith('h-') ? id.slice(2) : undefined;
  for (const course of courses) if (course.id === id || (hash && hashed(course.id) === hash)) return course.id;
  return undefined;
}

const hashed = (id: string): string => createHash('sha256').update(id).digest('base64url').slice(0, HASH_CHARACTERS);

/** What a link carries that does what the press of this button does; undefined for presses that no link stands for. */
export function payloadOfPress({ action, course, value }: Press): string | undefined {
  if (action === 'course' && course !== undefined) return payloadOf('course', course);
  if (action === 'join' && value !== undefined) return payloadOf('campaign', value);
  if (action === 'enter' && value !== undefined) return payloadOf('challenge', value);
  if (action === 'arrive') return value;
  if (ownPages.has(action)) return payloadOf('own', action);
  return undefined;
}

/** Links to which channels are added as they connect. */
export interface OpenLinks extends Links {
  /** @param address undefined for a payload that the channel's links can not carry. */
  set(channel: ChannelName, address: (payload: string) => string | undefined): void;
}

export function createLinks(): OpenLinks {
  const addresses = new Map<ChannelName, (payload: string) => string | undefined>();
  return {
    set: (channel, address) => void addresses.set(channel, address),
    to: (channel, payload) => addresses.get(channel)?.(payload),
  };
}
