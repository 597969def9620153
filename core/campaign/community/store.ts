import type { Database } from '../../../prisma/connect.ts';
import type { Queryable } from '../../../prisma/transaction.ts';
import type { Circumstances } from '../../behaviour/event.ts';
import type { Reply } from '../../language/reply.ts';
import type { ChannelName } from '../../learner/learner.ts';
import { readCommunitySettings, type CommunitySettings, type SettingsPatch } from './settings.ts';

/** A place where many read: a Telegram group or channel, a Discord server. */
export interface Community {
  id: string;
  channel: ChannelName;
  chat: string;
  title: string;
  /** Set by the operator: its admins may run campaigns and challenges and read questions. */
  trusted: boolean;
  /** Whether the bot is (still) in it. */
  active: boolean;
  settings: CommunitySettings;
}

/** The community at a place, made when it is new; notes its title and that the bot is in it. One round trip. */
export async function meetCommunity(
  db: Database,
  { channel, chat, title }: Pick<Community, 'channel' | 'chat' | 'title'>,
): Promise<Community> {
  const { rows } = await db.pool.query<CommunityRow>(
    `with known as (
       select ${COLUMNS} from communities where channel = $1 and chat = $2
     ), changed as (
       update communities c set title = $3, active = true from known
       where c.id = known.id and (known.title <> $3 or not known.active)
       returning ${COLUMNS.replaceAll(/\w+/g, 'c.$&')}
     ), made as (
       insert into communities (channel, chat, title)
       select $1, $2, $3 where not exists (select 1 from known)
       on conflict (channel, chat) do update set title = excluded.title, active = true
       returning ${COLUMNS}
     )
     select * from made union all select * from changed
     union all select * from known where not exists (select 1 from changed)`,
    [channel, chat, title],
  );
  return asCommunity(rows[0]!);
}

/** Notes that the bot is in the community no more: nothing is posted there until it is back. */
export async function leaveCommunity(db: Database, channel: ChannelName, chat: string): Promise<void> {
  await db.pool.query('update communities set active = false where channel = $1 and chat = $2', [channel, chat]);
}

export async function findCommunity(db: Database, channel: ChannelName, chat: string): Promise<Community | undefined> {
  return one(db, 'channel = $1 and chat = $2', [channel, chat]);
}

export async function communityOf(db: Database, id: string): Promise<Community | undefined> {
  return one(db, 'id::text = $1', [id.toLowerCase()]);
}

/** Every community, by channel and title. */
export async function communities(db: Queryable): Promise<Community[]> {
  const { rows } = await db.query<CommunityRow>(`select ${COLUMNS} from communities order by channel, title, id`);
  return rows.map(asCommunity);
}

/** @returns undefined when there is no such community. */
export async function trustCommunity(db: Database, id: string, trusted: boolean): Promise<Community | undefined> {
  const { rows } = await db.pool.query<CommunityRow>(
    `update communities set trusted = $2 where id::text = $1 returning ${COLUMNS}`,
    [id.toLowerCase(), trusted],
  );
  return rows[0] && asCommunity(rows[0]);
}

/** Changes the settings that the patch names, beside whatever else is changed at the same time. */
export async function setCommunitySettings(
  db: Database,
  id: string,
  patch: SettingsPatch,
): Promise<Community | undefined> {
  const { rows } = await db.pool.query<CommunityRow>(
    `update communities set settings = jsonb_strip_nulls(settings || $2::jsonb) where id = $1 returning ${COLUMNS}`,
    [id, JSON.stringify(patch)],
  );
  return rows[0] && asCommunity(rows[0]);
}

/** A supergroup, when a group has become one: it stays the same community under its new id. */
export async function moveCommunity(db: Database, channel: ChannelName, chat: string, to: string): Promise<void> {
  await db.pool.query(
    `update communities set chat = $3 where channel = $1 and chat = $2
       and not exists (select 1 from communities where channel = $1 and chat = $3)`,
    [channel, chat, to],
  );
}

// ── where courses are discussed ─────────────────────────────────────────────

/** The thread in which a community discusses a course; undefined while there is none. */
export async function threadOf(db: Database, communityId: string, courseId: string): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ thread: string }>(
    'select thread from course_threads where community_id = $1 and course_id = $2',
    [communityId, courseId],
  );
  return rows[0]?.thread;
}

/** Keeps the thread of a course; a later one takes the place of one that is gone. */
export async function keepThread(db: Database, communityId: string, courseId: string, thread: string): Promise<void> {
  await db.pool.query(
    `insert into course_threads (community_id, course_id, thread) values ($1, $2, $3)
     on conflict (community_id, course_id) do update set thread = excluded.thread`,
    [communityId, courseId, thread],
  );
}

// ── posts ───────────────────────────────────────────────────────────────────

/** One post to a community, before it is in the outbox. */
export interface NewPost {
  /** For life: the same key is never posted twice. */
  idempotencyKey: string;
  communityId: string;
  thread: string | undefined;
  campaignId?: string;
  reply: Reply;
  circumstances?: Circumstances;
  notBefore: Date;
  /** Not posted at or after this instant. */
  expiresAt: Date;
}

/** Puts posts into the outbox; one whose key is there already is left out. @returns how many are new. */
export async function writePosts(db: Queryable, posts: readonly NewPost[], now: Date): Promise<number> {
  let written = 0;
  for (const post of posts) {
    const { rowCount } = await db.query(
      `insert into outbox_messages (idempotency_key, community_id, thread, kind, campaign_id, reply, circumstances,
                                    not_before, expires_at, created_at, status_at)
       select $1, id, $3, 'post', $4, $5, $6, $7, $8, $9, $9 from communities where id = $2
       on conflict (idempotency_key) do nothing`,
      [
        post.idempotencyKey,
        post.communityId,
        post.thread ?? null,
        post.campaignId ?? null,
        JSON.stringify(post.reply),
        JSON.stringify(post.circumstances ?? {}),
        post.notBefore,
        post.expiresAt,
        now,
      ],
    );
    written += rowCount ?? 0;
  }
  return written;
}

/** Replies posted to a community since then, of the posts whose circumstances name this list. */
export async function postedReplies(
  db: Database,
  { communityId, list, since }: { communityId: string; list: string; since: Date },
): Promise<Reply[]> {
  const { rows } = await db.pool.query<{ reply: Reply }>(
    `select reply from outbox_messages
     where community_id = $1 and kind = 'post' and circumstances->>'list' = $2 and created_at >= $3`,
    [communityId, list, since],
  );
  return rows.map(({ reply }) => reply);
}

async function one(db: Database, where: string, values: string[]): Promise<Community | undefined> {
  const { rows } = await db.pool.query<CommunityRow>(`select ${COLUMNS} from communities where ${where}`, values);
  return rows[0] && asCommunity(rows[0]);
}

const COLUMNS = 'id, channel, chat, title, trusted, active, settings';

interface CommunityRow {
  id: string;
  channel: ChannelName;
  chat: string;
  title: string;
  trusted: boolean;
  active: boolean;
  settings: unknown;
}

const asCommunity = (row: CommunityRow): Community => ({ ...row, settings: readCommunitySettings(row.settings) });
