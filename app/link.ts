import { z } from 'zod';
import { payloadOf } from '../bots/conversation/deep-link.ts';
import type { Links } from '../bots/conversation/services.ts';
import { ApiError } from '../bots/web/api-error.ts';
import { externalId, parse } from '../bots/web/body.ts';
import type { ChannelName } from '../core/learner/learner.ts';
import { newLinkCode } from '../core/learner/link/store.ts';
import { resolveExternal } from '../core/learner/store.ts';
import type { Database } from '../prisma/connect.ts';

/** One-time links for one person; null where a channel is not connected. */
export interface IssuedLinks {
  web: string;
  telegram: string | null;
  /** Discord has no links that carry something: where to find the bot, and what to send to it. */
  discord: { url: string; command: string } | null;
  /** ISO 8601. */
  expires_at: string;
}

const linkBody = z.strictObject({ learner: externalId });

/**
 * `POST /api/link`: links by which a person whom the seller knows by its own id comes as the same
 * learner. An unknown id becomes a learner without consent. Each link works once.
 *
 * @param address of the web chat, without a slash at the end.
 * @throws ApiError 400 for a body that is none, 410 for somebody who was erased.
 */
export async function issueLinks(
  { db, links }: { db: Database; links: Links },
  body: unknown,
  address: string,
  now: Date,
): Promise<IssuedLinks> {
  const { learner } = parse(linkBody, body);
  const learnerId = (await resolveExternal(db, [learner], { create: true })).ids.get(learner);
  if (learnerId === undefined) throw erased();
  const [web, telegram, discord] = await Promise.all([
    code(),
    // A code for who can not be reached would only lie about.
    connected('telegram') ? code() : undefined,
    connected('discord') ? code() : undefined,
  ]);
  return {
    web: links.to('web', payloadOf('link', web.code)) ?? `${address}/?start=${payloadOf('link', web.code)}`,
    telegram: (telegram && links.to('telegram', payloadOf('link', telegram.code))) ?? null,
    discord: discord
      ? { url: links.to('discord', payloadOf('link', discord.code))!, command: `/link ${discord.code}` }
      : null,
    expires_at: web.expiresAt.toISOString(),
  };

  function connected(channel: ChannelName): boolean {
    return links.to(channel, '') !== undefined;
  }

  async function code() {
    const made = await newLinkCode(db, learnerId!, now);
    if (!made) throw erased();
    return made;
  }
}

const erased = () => new ApiError(410, 'learner.erased', 'learner: this person was erased');
