import { eventKey } from '../../../core/behaviour/key.ts';
import { decodePress, encodePress, type Button, type Reply } from '../../../core/language/reply.ts';
import { CONSENT_WORDING } from '../../../core/learner/consent.ts';
import { effectiveHour } from '../../../core/campaign/push.ts';
import { consentKinds, type ConsentKind, type Learner } from '../../../core/learner/learner.ts';
import { addressesOf, setConsent } from '../../../core/learner/store.ts';
import type { Context } from '../context.ts';
import { keepDraft, moveOn } from '../onboarding.ts';
import { circumstancesFor } from '../origin.ts';
import { named, say, text, type Args } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { privateChat } from '../turn.ts';
import { clock, zoneName } from '../wording.ts';

/** Each consent asked, given and withdrawn by itself; and "no more messages", obeyed at once. */
export const consent = defineSkill({
  name: 'consent',
  presses: {
    consent(context, { value = '' }) {
      const [kind = '', choice] = value.split(':');
      if (isKind(kind) && (choice === 'on' || choice === 'off')) return decide(context, kind, choice === 'on');
      return overview(context);
    },
    mute: (context, { ref }) => decide(context, 'messages', false, ref),
    unmute: askMessages,
  },
  intents: {
    consent: overview,
    mute: (context) => decide(context, 'messages', false),
    unmute: askMessages,
    non_personal: (context) => decide(context, 'personalised', false),
    personal: (context) => decide(context, 'personalised', true),
  },
});

async function overview(context: Context): Promise<Reply[]> {
  const { states, buttons } = await choices(context);
  return [say('consent.overview', states, buttons)];
}

/** Where each consent stands, and a switch for each, showing what a press does. Messages are agreed to place by place. */
export async function choices({ services, learner, turn }: Context): Promise<{ states: Args; buttons: Button[][] }> {
  const chat = privateChat(turn);
  const places = learner.messages ? await addressesOf(services.db, learner.id, { for: 'marketing' }) : [];
  const here = places.some((place) => place.channel === turn.channel && place.chat === chat);
  const elsewhere = learner.messages && !here;
  const [state, again] = places.length > 0 ? ['state.elsewhere', 'messages-here'] : ['state.closed', 'messages-again'];
  const states = Object.fromEntries(consentKinds.map((kind) => [kind, text(learner[kind] ? 'state.on' : 'state.off')]));
  const switches = consentKinds.map((kind) => [
    named(`${kind}-${learner[kind] ? 'off' : 'on'}`, {
      action: 'consent',
      value: `${kind}:${learner[kind] ? 'off' : 'on'}`,
    }),
  ]);
  return {
    states: elsewhere ? { ...states, messages: text(state) } : states,
    buttons: elsewhere ? [...switches, [named(again, { action: 'consent', value: 'messages:on' })]] : switches,
  };
}

/** Words alone ask for messages; consent is the answer to what they will be. */
function askMessages({ state }: Context): Reply[] {
  const agree = { action: 'consent', value: 'messages:on' };
  state.yes = encodePress(agree);
  return [say('consent.messages-ask', {}, [[named('agree', agree), named('refuse', { action: 'cancel' })]])];
}

async function decide(context: Context, kind: ConsentKind, granted: boolean, ref?: string): Promise<Reply[]> {
  const { services, turn, now } = context;
  const before = context.learner;
  if (kind === 'messages' && before.messages !== granted) {
    context.record(granted ? 'unmute' : 'mute', { circumstances: await circumstancesFor(context, undefined, ref) });
  }
  if (kind === 'messages' && !granted) context.outcome = 'opted-out';
  const changed = await setConsent(services.db, {
    learnerId: before.id,
    kind,
    granted,
    channel: turn.channel,
    chat: privateChat(turn),
    wording: CONSENT_WORDING,
    at: now,
  });
  if (changed) context.learner = changed;
  if (kind === 'recording' && granted) await begin(context);
  if (kind === 'messages' && granted) await keepPlace(context);
  const key =
    kind === 'recording' && !granted && !before.recording ? 'recording-refused' : `${kind}-${granted ? 'on' : 'off'}`;
  const args = {
    hour: clock(effectiveHour(context.learner)),
    zone: zoneName(context.timeZone),
    recording: context.records,
    reminders: before.reminderHour !== null && context.learner.reminderHour === null,
  };
  return [say(`consent.${key}`, args, followUp(context, kind, before)), ...(await carryOn(context, kind, granted))];
}

/** A message that comes by itself needs a language and an hour when nobody is at the chat to tell them. */
export async function keepPlace(context: Context) {
  const { learner, turn, language, state } = context;
  if (learner.language === null) {
    await context.update({ language });
    state.following = true;
  }
  if (learner.timeZone === null && turn.timeZone) await context.update({ timeZone: turn.timeZone });
}

/** What is stored from now on begins with the registration and the answers of the onboarding. */
async function begin(context: Context) {
  await keepDraft(context);
  context.record('register');
  // Consent given again later is not a second registration.
  context.events.at(-1)!.idempotencyKey = eventKey('register', context.learner.id);
}

/** Where the person was going when the question came up. */
async function carryOn(context: Context, kind: ConsentKind, granted: boolean): Promise<Reply[]> {
  const { state } = context;
  if (kind === 'recording') {
    const waiting = state.waiting === undefined ? undefined : decodePress(state.waiting);
    state.waiting = undefined;
    if (granted && waiting) return context.press(waiting);
  }
  if (state.onboarding && state.onboarding.step === kind) return moveOn(context, kind);
  return [];
}

function followUp({ state, learner }: Context, kind: ConsentKind, before: Learner): Button[][] {
  if ((kind === 'recording' && state.waiting !== undefined && learner.recording) || state.onboarding?.step === kind)
    return [];
  const withdrawn = before.recording && !learner.recording;
  if (withdrawn) return [[named('erase', { action: 'erase' }), named('privacy', { action: 'privacy' })]];
  if (kind !== 'messages') return [shortcuts.slice(0, 2)];
  return learner.messages
    ? [[named('settings', { action: 'settings' })]]
    : [[named('messages-on', { action: 'consent', value: 'messages:on' })]];
}

const isKind = (word: string): word is ConsentKind => (consentKinds as readonly string[]).includes(word);
