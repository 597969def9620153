import { z } from 'zod';
import { languages } from '../../language/reply.ts';
import { isTimeZone } from '../../learner/time-zone.ts';

const place = z.string().min(1).max(100);

const picks = z.object({
  /** Topic or channel; the community's main one when left out. */
  thread: place.optional(),
  /** ISO: 1 is Monday, 7 is Sunday. */
  weekday: z.int().min(1).max(7),
  hour: z.int().min(0).max(23),
  zone: z.string().refine(isTimeZone),
});
/** When and where the weekly picks are posted. */
export type PicksSettings = z.output<typeof picks>;

const shape = {
  /** Of posts. */
  language: z.enum(languages),
  picks,
  /** Discord: the channel where courses are discussed, each in a thread of its own. */
  discussion: place,
  /** Discord: the role that a completed course earns. */
  rewardRole: z.string().regex(/^\d{15,21}$/),
  /** Topic or channel where it is said that a question waits; the main one for ''. */
  questions: z.string().max(100),
};

/** What the managers of a community have set. */
export type CommunitySettings = {
  [Name in keyof typeof shape]?: z.output<(typeof shape)[Name]>;
};

/** Null takes a setting back. */
export type SettingsPatch = { [Name in keyof CommunitySettings]?: CommunitySettings[Name] | null };

/** Reads stored settings; one that no longer fits counts as not set. */
export function readCommunitySettings(stored: unknown): CommunitySettings {
  const values = (stored ?? {}) as Record<string, unknown>;
  const read: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const parsed = schema.safeParse(values[name]);
    if (parsed.success) read[name] = parsed.data;
  }
  return read;
}
