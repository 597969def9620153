import type { Language } from '../../core/language/reply.ts';
import type { ChannelName } from '../../core/learner/learner.ts';

/** What a person did in a channel. */
export interface Turn {
  /** Unique per update of the platform: the same turn twice counts once. */
  id: string;
  channel: ChannelName;
  chat: string;
  learnerId: string;
  input: { text: string } | { press: string };
  /** What the platform says the person speaks, until they choose. */
  locale: Language;
  /** IANA name of the zone that the platform says the person is in, until they choose. */
  timeZone?: string;
  at: Date;
}
