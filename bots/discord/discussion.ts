/** A thread in a server for each course that people want to talk about. */

import { ChannelType, type APIChannel, type APIThreadChannel } from 'discord.js';
import { courseTitle } from '../../core/catalogue/course.ts';
import { communityOf as findCommunityById, keepThread, threadOf } from '../../core/campaign/community/store.ts';
import { localised } from '../../core/language/render.ts';
import { encodePress, type Reply } from '../../core/language/reply.ts';
import { meetLearner } from '../../core/learner/store.ts';
import { say, text } from '../conversation/say.ts';
import { Routes } from './api.ts';
import { courseOf } from './commands/given.ts';
import type { Desk } from './desk.ts';
import { code, DiscordFailure } from './failure.ts';
import { cut, limits } from './render/limits.ts';
import { withLock } from './store.ts';
import type { Doer, Taken } from './turns.ts';

/** Minutes without a word after which Discord puts a thread away; it comes back with the next. */
const ARCHIVE_MINUTES = 10_080;

/** Makes or finds the thread of a course, and says where it is. */
export async function discuss(
  desk: Desk,
  doer: Doer,
  { guild }: NonNullable<Doer['server']>,
  asked: string,
): Promise<Taken> {
  const { db } = desk.services;
  const [learner, id] = await Promise.all([
    meetLearner(db, 'discord', doer.person, { reachable: false }),
    desk.communityOf(guild),
  ]);
  const language = learner.language ?? doer.locale;
  const replies = [await withLock(db, `discuss:${id}:${asked}`, () => open(desk, guild, id, asked))];
  return { replies, language, learner };
}

async function open(desk: Desk, guild: string, community: string, asked: string): Promise<Reply> {
  const { db, catalogue } = desk.services;
  const found = courseOf(asked, catalogue) ?? named(desk, asked);
  const course = found === undefined ? undefined : catalogue.get(found);
  if (!course) return say('course.gone');
  const { settings } = (await findCommunityById(db, community)) ?? {};
  if (settings?.discussion === undefined) return say('discord.discuss.nowhere');
  const language = settings.language ?? 'zh';
  const title = localised(courseTitle(course), language) ?? course.title;
  try {
    const known = await threadOf(db, community, course.id);
    const thread =
      (known !== undefined && (await isThere(desk, known)) && known) || (await start(desk, settings.discussion, title));
    if (thread !== known) await keepThread(db, community, course.id, thread);
    const url = `https://discord.com/channels/${guild}/${thread}`;
    return say('discord.discuss.here', { title: courseTitle(course) }, [
      [{ id: 'discuss', label: text('discord.discuss.open'), url }],
    ]);
  } catch (error) {
    const failure = error instanceof DiscordFailure ? error : undefined;
    if (failure?.kind !== 'forbidden' && failure?.kind !== 'missing') throw error;
    return say('discord.discuss.forbidden');
  }
}

/** Whether the server has a channel for that. */
export async function canDiscuss({ services, communityOf }: Desk, guild: string): Promise<boolean> {
  const community = await findCommunityById(services.db, await communityOf(guild));
  return community?.settings.discussion !== undefined;
}

/** A course that stands in a server can be talked about there. */
export function withDiscussion(reply: Reply): Reply {
  if (reply.course === undefined) return reply;
  const id = encodePress({ action: 'discuss', course: reply.course });
  return { ...reply, buttons: [...(reply.buttons ?? []), [{ id, label: text('button.discuss') }]] };
}

/** Words that were typed where a course is chosen from a list: the course that they find first. */
function named({ services }: Desk, words: string): string | undefined {
  const [hit] = services.search().search(words, { limit: 1, accept: (course) => !course.archived });
  return hit?.course.id;
}

async function isThere({ api }: Desk, thread: string): Promise<boolean> {
  try {
    await api.get('look for a thread', Routes.channel(thread));
    return true;
  } catch (error) {
    if (error instanceof DiscordFailure && error.code === code.unknownChannel) return false;
    throw error;
  }
}

async function start({ api }: Desk, channel: string, title: string): Promise<string> {
  const { type } = await api.get<APIChannel>('look at the channel', Routes.channel(channel));
  const name = cut(title, limits.threadName);
  const forum = type === ChannelType.GuildForum || type === ChannelType.GuildMedia;
  const body = {
    name,
    auto_archive_duration: ARCHIVE_MINUTES,
    ...(forum
      ? { message: { content: name, allowed_mentions: { parse: [] } } }
      : { type: type === ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : ChannelType.PublicThread }),
  };
  const made = await api.post<APIThreadChannel>('start a thread', Routes.threads(channel), { body });
  return made.id;
}
