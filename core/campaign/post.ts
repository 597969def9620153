/** Where a campaign is posted, and what stands there. */

import type { NewPost, Community } from './community/store.ts';
import { momentText } from '../language/moment.ts';
import { encodePress, type Localised } from '../language/reply.ts';
import type { Plan } from './plan.ts';
import { readTarget, type Target } from './target.ts';

/** A community and the topic or channel in it. */
export interface PostPlace {
  community: Pick<Community, 'id'>;
  thread?: string;
}

export type Places = { ok: true; places: PostPlace[] } | { ok: false; problems: string[] };

/**
 * The communities that a plan's post goes to: those of `all` that the bot is in and that the operator
 * trusts. Each problem names its key, as `parsePlan` does.
 *
 * @param here where the campaign is started; undefined outside any community.
 */
export function placesOf({ post }: Pick<Plan, 'post'>, all: readonly Community[], here: PostPlace | undefined): Places {
  const places = new Map<string, PostPlace>();
  const problems: string[] = [];
  for (const [index, to] of (post?.to ?? []).entries()) {
    const place = placeOf(readTarget(to), all, here);
    if (typeof place === 'string') problems.push(`post.to.${index}: ${place}`);
    else places.set(`${place.community.id} ${place.thread ?? ''}`, place);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, places: [...places.values()] };
}

function placeOf(
  target: Target | undefined,
  all: readonly Community[],
  here: PostPlace | undefined,
): PostPlace | string {
  if (target === undefined) return 'no place';
  if (target === 'here')
    return here ?? '"here" is the group in which a campaign is started; name the place, such as telegram:<chat>';
  const known = all.filter(({ channel, active }) => channel === target.channel && active);
  let community = known.find(({ chat }) => chat === target.chat);
  let { thread } = target;
  if (!community && target.channel === 'discord' && thread === undefined) {
    // The id of a channel alone says nothing of its server: with one server there is no doubt.
    const servers = known.filter(({ trusted }) => trusted);
    if (servers.length > 1) return 'write discord:<server>/<channel>, as there are several servers';
    community = servers[0];
    thread = target.chat;
  }
  if (!community) return `the bot is in no such community; coursebell community list shows those that it is in`;
  if (!community.trusted) return `not trusted yet: coursebell community trust ${community.id}`;
  return { community, ...(thread !== undefined && { thread }) };
}

/** The post of a campaign in one place: the manager's words, and the button by which who reads it gets a code. */
export function campaignPost(
  { id, plan }: { id: string; plan: Plan },
  { community, thread }: PostPlace,
  defaultTimeZone: string,
): NewPost {
  const { text } = plan.post!;
  return {
    idempotencyKey: `campaign-post:${id}:${community.id}:${thread ?? ''}`,
    communityId: community.id,
    thread,
    campaignId: id,
    reply: {
      text: {
        template: { ...(text.zh && { zh: text.zh }), ...(text.en && { en: text.en }) },
        args: { percent: plan.offer.percent, expires: moment(plan.offer.expires_at, defaultTimeZone) },
      },
      buttons: [[{ id: encodePress({ action: 'join', value: id }), label: { key: 'campaign.join' } }]],
    },
    circumstances: { list: 'campaign', campaign: id },
    notBefore: plan.send_at,
    expiresAt: plan.offer.expires_at,
  };
}

/** With the zone's name, since who reads it may be anywhere. */
function moment(at: Date, zone: string): Localised {
  const { zh, en } = momentText(at, zone);
  return { zh: `${zh}（${zone}）`, en: `${en} (${zone})` };
}
