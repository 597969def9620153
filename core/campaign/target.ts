import type { ChannelName } from '../learner/learner.ts';

/** Where a plan wants its post: 'here', or a place by the platform's own ids. */
export type Target = 'here' | { channel: ChannelName; chat: string; thread?: string };

/** Reads one of `post.to`; undefined for what is none. */
export function readTarget(to: string): Target | undefined {
  if (to === 'here') return 'here';
  const found = /^(telegram|discord):(-?\d{1,24})(?:\/(\d{1,24}))?$/.exec(to);
  if (!found) return undefined;
  const [, channel, chat = '', thread] = found;
  return { channel: channel as ChannelName, chat, ...(thread !== undefined && { thread }) };
}
