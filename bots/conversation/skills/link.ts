import { encodePress, type Button, type Press, type Reply } from '../../../core/language/reply.ts';
import { channels, type ChannelName } from '../../../core/learner/learner.ts';
import { LINK_MINUTES, newLinkCode, ownerOfLinkCode } from '../../../core/learner/link/store.ts';
import { addressesOf, findLearner } from '../../../core/learner/store.ts';
import { normaliseCode } from '../../../core/numerics/code.ts';
import { linkAccounts, type Linking } from '../../../core/privacy/merge.ts';
import type { Context } from '../context.ts';
import { payloadOf } from '../deep-link.ts';
import { button, named, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { wrongCodesSince } from '../store.ts';

/** Wrong codes that one learner may hand in within an hour. */
const MOST_WRONG = 10;
const HOUR_MS = 3_600_000;

/** Making one account of two: a code from the one chat is handed in in the other, and confirmed there. */
export const link = defineSkill({
  name: 'link',
  presses: {
    link(context, { value = '' }) {
      if (value === '') return offer(context);
      const confirmed = /^yes:(.*)$/.exec(value)?.[1];
      return confirmed === undefined ? ask(context, value) : join(context, confirmed);
    },
  },
  phrases: [
    [
      /^(?:(?:i(?:'d| would)? (?:want|like) to |how (?:do|can) i |can i |please )?(?:link|connect|join|merge) (?:(?:my|our|the|both|two) )*(?:accounts?|telegram|discord)(?: accounts?)?)$/i,
      offer,
    ],
    [
      /^(?:我要?|我想|怎么|如何|可以)*(?:关联|绑定|连接|合并)(?:我的|两个)*(?:账号|帐号|账户|帐户|telegram|discord)(?:吗)?$/i,
      offer,
    ],
  ],
  answers: {
    link: (context, { text: typed }) => (normaliseCode(typed) === undefined ? undefined : ask(context, typed)),
  },
});

/** A new code, and the ways into the other channels that carry it. */
async function offer(context: Context): Promise<Reply[]> {
  const { services, learner, turn, now, state } = context;
  const made = await newLinkCode(services.db, learner.id, now);
  if (!made) return [say('learner.gone')];
  // Who came here for that with a code from elsewhere may as well type it.
  state.question = { kind: 'link' };
  const { code } = made;
  const ways = channels
    .filter((channel) => channel !== turn.channel)
    .flatMap((channel) => wayInto(context, channel, code));
  return [say('link.code', { code, minutes: LINK_MINUTES, ways: ways.length }, ways.length > 0 ? [ways] : [])];
}

function wayInto({ services }: Context, channel: ChannelName, code: string): Button[] {
  const url = services.links.to(channel, payloadOf('link', code));
  if (url === undefined) return [];
  return [{ ...button({ action: 'link' }, text('button.open-channel', { channel: text(`channel.${channel}`) })), url }];
}

/** Says what would become one, and leaves it to a button: it can not be undone. */
async function ask(context: Context, typed: string): Promise<Reply[]> {
  const { services, learner, now, state } = context;
  if (await tooMany(context)) return [say('link.too-many')];
  const owner = await ownerOfLinkCode(services.db.pool, typed, now);
  if (owner.learnerId === learner.id) return [refusal('own')];
  if (!owner.ok) {
    noteWrong(context);
    return [refusal(owner.reason)];
  }
  const confirm: Press = { action: 'link', value: `yes:${normaliseCode(typed) ?? ''}` };
  const cancel: Press = { action: 'cancel' };
  // A yes in passing joins nothing: it asks again.
  state.yes = encodePress({ action: 'link', value: typed });
  state.no = encodePress(cancel);
  const addresses = await addressesOf(services.db, owner.learnerId, { for: 'service' });
  const places = [...new Set(addresses.map(({ channel }) => channel))].map((channel) => text(`channel.${channel}`));
  return [say('link.ask', { places }, [[named('link-confirm', confirm)], [named('cancel', cancel)]])];
}

async function join(context: Context, code: string): Promise<Reply[]> {
  const { services, learner, now, state } = context;
  if (await tooMany(context)) return [say('link.too-many')];
  const linking = await linkAccounts(services.db, { code, learnerId: learner.id, now });
  if (!linking.ok) {
    if (linking.reason !== 'own') noteWrong(context);
    return [refusal(linking.reason)];
  }
  const joined = await findLearner(services.db, linking.learnerId);
  if (!joined) return [say('learner.gone')];
  context.become(joined);
  if (joined.language !== null) state.following = false;
  if (joined.onboardedAt !== null) delete state.onboarding;
  return [say('link.done', {}, [shortcuts.slice(0, 2), [named('profile', { action: 'profile' })]])];
}

const refusal = (reason: Exclude<Linking, { ok: true }>['reason']): Reply =>
  say(`link.${reason}`, {}, [[named('link', { action: 'link' })]]);

async function tooMany({ services, learner, now, state }: Context): Promise<boolean> {
  const since = new Date(now.getTime() - HOUR_MS);
  state.wrongCodes = state.wrongCodes.filter((at) => at >= since.toISOString());
  return (await wrongCodesSince(services.db, learner.id, since)) >= MOST_WRONG;
}

function noteWrong({ state, now }: Context) {
  state.wrongCodes = [...state.wrongCodes, now.toISOString()].slice(-MOST_WRONG);
}
