import type { Language } from '../../core/language/reply.ts';
import type { ChannelName } from '../../core/learner/learner.ts';

/** What a person did in a channel. */
export interface Turn {
  /** Unique per update of the platform: the same turn twice counts once. */
  id: string;
  channel: ChannelName;
  /** Where the conversation stands; in a group it is one for each member, see `chatInGroup`. */
  chat: string;
  learnerId: string;
  input: { text: string } | { press: string };
  /** Set where others read along, or where what is asked concerns a community. */
  group?: Group;
  /** A text file that came with the message. */
  attachment?: { name: string; content: string };
  /** What the platform calls the person; kept only when they ask to stand on a leaderboard. */
  displayName?: string;
  /** False where the platform's rules forbid to learn from it: answered, but no behaviour. */
  recordable?: boolean;
  /** What the platform says the person speaks, until they choose. */
  locale: Language;
  /** IANA name of the zone that the platform says the person is in, until they choose. */
  timeZone?: string;
  at: Date;
}

/** The community in which a turn was taken. */
export interface Group {
  /** Id of the community (core/campaign/community). */
  id: string;
  /** Forum topic or channel within it, where posts meant for "here" go. */
  thread?: string;
  /** Whether the platform lets the person manage it. */
  admin: boolean;
  /** True when the answer is seen by the person alone: then personal answers may be given here. */
  discreet: boolean;
}

/** The conversation that a member has within a group. */
export const chatInGroup = (chat: string, person: string): string => `${chat}/${person}`;

/** Where the person of a turn is met alone: the chat itself, or of a turn in a group their own. */
export function privateChat({ group, chat }: Pick<Turn, 'group' | 'chat'>): string {
  return group ? chat.slice(chat.lastIndexOf('/') + 1) : chat;
}
