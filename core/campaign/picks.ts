import { DateTime } from 'luxon';
import { courseTitle, type Course } from '../catalogue/course.ts';
import { encodePress, decodePress, type Language, type Reply, type Text } from '../language/reply.ts';
import { createRandom } from '../numerics/random.ts';
import { seedOf } from './assignment.ts';
import { communities, postedReplies, writePosts, type Community, type NewPost } from './community/store.ts';
import type { PicksSettings } from './community/settings.ts';
import type { Planning } from './planning.ts';

/** Courses in one post. */
const PICKS = 5;
/** Courses of the last weeks that are not picked again. */
const WEEKS_APART = 4;
/** A course stands in the catalogue as new for so many days. */
const NEW_DAYS = 30;
/** Hours after the set one in which a late server still posts, on the same local day. */
const LATE_HOURS = 6;
const DAY = 86_400_000;

/**
 * Writes the weekly picks of every trusted community whose hour has come: the courses that are popular
 * these days and the newest one, the same for everybody. Called again, at once or later that week, it
 * writes nothing twice.
 *
 * @returns posts written.
 */
export async function planPicks(planning: PicksPlanning, now: Date): Promise<number> {
  const posts: NewPost[] = [];
  for (const community of await communities(planning.db.pool)) {
    const { picks } = community.settings;
    if (!picks || !community.trusted || !community.active || !isPicksTime(picks, now)) continue;
    const post = await picksPost(planning, community, picks, now);
    if (post) posts.push(post);
  }
  return writePosts(planning.db.pool, posts, now);
}

/** What the picks are made from; `catalogue.all` for what is new. */
export interface PicksPlanning extends Pick<Planning, 'db' | 'recommender'> {
  catalogue: Planning['catalogue'] & { all(): readonly Course[] };
}

/** Whether the hour of the picks has come on their calendar day, and is not long past. */
export function isPicksTime({ weekday, hour, zone }: PicksSettings, now: Date): boolean {
  const local = DateTime.fromJSDate(now, { zone });
  return local.weekday === weekday && local.hour >= hour && local.hour < hour + LATE_HOURS;
}

/** One post a community and local week, for life. */
export function picksKey(communityId: string, { zone }: PicksSettings, now: Date): string {
  return `picks:${communityId}:${DateTime.fromJSDate(now, { zone }).toFormat("kkkk-'W'WW")}`;
}

async function picksPost(
  planning: PicksPlanning,
  { id, settings }: Community,
  picks: PicksSettings,
  now: Date,
): Promise<NewPost | undefined> {
  const key = picksKey(id, picks, now);
  const since = new Date(now.getTime() - WEEKS_APART * 7 * DAY);
  const before = await postedReplies(planning.db, { communityId: id, list: 'picks', since });
  const chosen = choose(planning, settings.language, before.flatMap(coursesIn), key, now);
  if (chosen.length === 0) return undefined;
  return {
    idempotencyKey: key,
    communityId: id,
    thread: picks.thread,
    reply: picksReply(chosen),
    circumstances: { list: 'picks' },
    notBefore: now,
    expiresAt: new Date(now.getTime() + DAY),
  };
}

interface Picked {
  course: Course;
  reason: Text;
}

/** What a recommender that knows nobody suggests, and the newest course where there is a new one. */
function choose(
  { recommender, catalogue }: PicksPlanning,
  language: Language | undefined,
  posted: readonly string[],
  key: string,
  now: Date,
): Picked[] {
  const fresh = catalogue
    .all()
    .filter((course) => !course.archived && !posted.includes(course.id) && isNew(course, now))
    .sort((a, b) => b.publishedAt!.getTime() - a.publishedAt!.getTime() || (a.id < b.id ? -1 : 1))
    .slice(0, 1)
    .map((course) => ({ course, reason: { key: 'reason.new' } }));
  const slate = recommender()?.recommend({
    count: PICKS,
    now,
    list: 'picks',
    ...(language && { language }),
    exclude: [...posted, ...fresh.map(({ course }) => course.id)],
    explore: false,
    random: createRandom(seedOf(key)),
  });
  const popular = (slate?.items ?? []).flatMap(({ courseId, reason }) => {
    const course = catalogue.get(courseId);
    return course && !course.archived ? [{ course, reason }] : [];
  });
  return [...popular.slice(0, PICKS - fresh.length), ...fresh];
}

function isNew({ publishedAt }: Course, now: Date): boolean {
  return publishedAt !== null && publishedAt <= now && now.getTime() - publishedAt.getTime() < NEW_DAYS * DAY;
}

function picksReply(chosen: readonly Picked[]): Reply {
  return {
    text: {
      key: 'picks',
      args: {
        courses: chosen.map(({ course, reason }, index): Text => ({
          key: 'picks.course',
          args: { place: index + 1, title: courseTitle(course), reason },
        })),
      },
    },
    buttons: chosen.map(({ course }) => [
      { id: encodePress({ action: 'course', course: course.id }), label: courseTitle(course) },
    ]),
  };
}

/** Courses that a post of picks has buttons for. */
function coursesIn({ buttons = [] }: Reply): string[] {
  return buttons.flat().flatMap(({ id }) => decodePress(id)?.course ?? []);
}
