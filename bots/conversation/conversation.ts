import { recordEvents } from '../../core/behaviour/store.ts';
import { recordOutcome } from '../../core/campaign/message/store.ts';
import { decodePress, encodePress, type Button, type Press, type Reply } from '../../core/language/reply.ts';
import type { IntentName } from '../../core/language/understanding.ts';
import type { Learner } from '../../core/learner/learner.ts';
import { findLearner } from '../../core/learner/store.ts';
import { errorText } from '../../core/numerics/error-text.ts';
import { Context } from './context.ts';
import { commandOf } from './commands.ts';
import { offerPerson } from './asking.ts';
import { forEverybody } from './exposed.ts';
import { circumstancesFor, messageOf } from './origin.ts';
import { offeredAs, offeredBy } from './offered.ts';
import { createRegistry, type Registry } from './registry.ts';
import { noteReply } from './replies.ts';
import { named, say, text } from './say.ts';
import type { Services } from './services.ts';
import type { Answer, Said, Skill } from './skill.ts';
import { shortcuts } from './shortcuts.ts';
import { skills } from './skills/index.ts';
import { askToPress } from './unrecorded.ts';
import { forgetState, loadTurn, saveState } from './store.ts';
import type { Turn } from './turn.ts';

export interface Conversation {
  /**
   * What the assistant answers to one turn: always at least one reply, whatever happens. The
   * adapter hands the turns of one chat in one after another, and renders the replies in the learner's
   * language as it is afterwards, else in the turn's locale.
   */
  handle(turn: Turn): Promise<Answered>;
}

export interface Answered {
  replies: Reply[];
  /** As they are after the turn; undefined when they are erased. */
  learner: Learner | undefined;
}

/** Longest message that is read; the rest is cut. */
const MOST_CHARACTERS = 1000;
const LONGEST_WHICH = 30;
/** A platform delivers a turn again soon or not at all. */
const REMEMBERED_TURNS = 10;
/** Words of another language that tell a sentence from a name. */
const FEWEST_WORDS = 3;
/** Below this a yes is a guess: nothing is paid or agreed to on it. */
const SURE_YES = 0.6;

export function createConversation(services: Services, known: readonly Skill[] = skills): Conversation {
  const registry = createRegistry(known);
  return { handle: (turn) => take(services, registry, turn) };
}

/** Never rejects: a failure is logged without the person's data and answered with a sentence. */
async function take(services: Services, registry: Registry, turn: Turn): Promise<Answered> {
  try {
    return await answer(services, registry, turn);
  } catch (error) {
    services.log(`A turn failed: ${errorText(error)}`);
    const learner = await findLearner(services.db, turn.learnerId).catch(() => undefined);
    return { replies: [say('error', {}, [shortcuts.slice(0, 2)])], learner };
  }
}

async function answer(services: Services, registry: Registry, turn: Turn): Promise<Answered> {
  const { db } = services;
  const loaded = await loadTurn(db, turn);
  if (!loaded) return { replies: [say('learner.gone')], learner: undefined };
  const { learner, state } = loaded;
  if (loaded.answer) return { replies: loaded.answer, learner };
  const carryOut = (press: Press) => pressed(registry, context, press);
  const context: Context = new Context(
    services,
    turn,
    learner,
    learner.language ?? turn.locale,
    state,
    carryOut,
    loaded.ordered,
  );
  const input = turn.input;
  const given =
    'press' in input
      ? await button(registry, context, decodePress(input.press))
      : await words(registry, context, input.text);
  if (context.erased) {
    await forgetState(db, turn.channel, turn.chat);
    return { replies: given, learner: undefined };
  }
  const answered = given.length > 0 || silent(turn) ? given : [say('help.short', {}, [shortcuts])];
  const whole = askToPress(context) ?? answered;
  const replies = context.exposed ? forEverybody(context, whole, registry.isOpen) : whole;
  // A reaction is no part of what is being talked about.
  if (!silent(turn)) {
    context.state.met = true;
    context.state.offered = offeredBy(replies, context.language);
  }
  if (context.events.length > 0 && !state.turns.includes(turn.id)) await recordEvents(db, context.events);
  context.state.turns = [...state.turns, turn.id].slice(-REMEMBERED_TURNS);
  await saveState(db, turn, context.state, replies);
  return { replies, learner: context.learner };
}

/** A reaction may pass without an answer. */
function silent({ input }: Turn): boolean {
  return 'press' in input && decodePress(input.press)?.action === 'react';
}

async function button(registry: Registry, context: Context, given: Press | undefined): Promise<Reply[]> {
  const press = given?.value === undefined ? given : { ...given, value: storable(given.value) };
  if (!silent(context.turn)) clearExpectations(context);
  // Words for a person wait for the press that sends them, and for nothing else.
  if (press?.action !== 'ask') delete context.state.asking;
  if (press && !aboutConsent.has(press.action)) context.state.waiting = undefined;
  if (!press || !registry.press(press.action)) return [say('press.unknown', {}, [shortcuts])];
  const replies = await pressed(registry, context, press);
  await noteOutcome(context, press);
  return replies;
}

async function pressed(registry: Registry, context: Context, press: Press): Promise<Reply[]> {
  const handler = registry.press(press.action);
  if (!handler) return [say('press.unknown', {}, [shortcuts])];
  return handler(context, press);
}

async function words(registry: Registry, context: Context, said: string): Promise<Reply[]> {
  const text = storable(said).trim().slice(0, MOST_CHARACTERS);
  if (text === '') return pressed(registry, context, { action: context.turn.attachment ? 'campaign' : 'start' });
  const command = commandOf(text, (action) => registry.press(action) !== undefined);
  if (command) return button(registry, context, command);
  const typed = offeredAs(context.state.offered, text);
  if (typed) return button(registry, context, decodePress(typed));
  const understood = context.services.understanding.understand(text, context.language);
  const message: Said = { ...understood, text };
  await followLanguage(context, message);
  const feeling = await noteReply(context, message);
  const { question, yes, no } = context.state;
  clearExpectations(context);
  delete context.state.asking;
  const replies = await answerTo(registry, context, message, question, { yes, no });
  return feeling === 'negative' && message.intent !== 'mute' ? [...replies, offerPerson(context, message)] : replies;
}

async function answerTo(
  registry: Registry,
  context: Context,
  message: Said,
  question: Context['state']['question'],
  expected: Partial<Record<IntentName, string | undefined>>,
): Promise<Reply[]> {
  const step = context.state.onboarding?.step;
  if (message.intent === 'yes' && expected.yes !== undefined && message.confidence < SURE_YES)
    return registry.phrase(context, message) ?? [askAgain(context, expected.yes, expected.no)];
  const agreed = expected[message.intent];
  const press = agreed === undefined ? undefined : decodePress(agreed);
  if (press) {
    const replies = await pressed(registry, context, press);
    await noteOutcome(context, press);
    return replies;
  }
  if (!aboutConsent.has(message.intent)) context.state.waiting = undefined;
  const asked = question && (await registry.answer(question.kind)?.(context, message, question));
  if (asked) return asked;
  const newcomer = !context.state.met && context.learner.onboardedAt === null && !context.exposed;
  const replies = await request(registry, context, message);
  const { onboarding } = context.state;
  // A request is answered first; who is speaking, or the way back to the questions, comes after.
  if (newcomer && !onboarding) replies.push(say('onboard.offer', {}, [shortcuts.slice(-2)]));
  if (onboarding && step === onboarding.step && !onboarding.paused && message.intent !== 'greet') {
    onboarding.paused = true;
    replies.push(say('onboard.paused', {}, [[named('continue', { action: 'onboard' })]]));
  }
  return replies;
}

/** What is paid for or agreed to is not left to a guess. */
function askAgain({ state }: Context, yes: string, no = encodePress({ action: 'cancel' })): Reply {
  Object.assign(state, { yes, no });
  const choice = (id: string, name: string): Button => ({ id, label: text(`button.${name}`) });
  return say('yes.unsure', {}, [[choice(yes, 'yes'), choice(no, 'no')]]);
}

function request(registry: Registry, context: Context, message: Said): Answer {
  const phrase = registry.phrase(context, message);
  if (phrase) return phrase;
  if (saysOnlyWhich(message) && context.state.list) return registry.intent('course')(context, message);
  return registry.intent(message.intent)(context, message);
}

/** "The second one", "show me the first": no more than a place in the list. */
function saysOnlyWhich({ intent, slots, text }: Said): boolean {
  return (
    slots.ordinal !== undefined &&
    !slots.topics &&
    (intent === 'other' || intent === 'search') &&
    text.length <= LONGEST_WHICH
  );
}

/** Actions and intents that do not turn away from a question of consent. */
const aboutConsent: ReadonlySet<string> = new Set(['consent', 'privacy']);

function clearExpectations({ state }: Context) {
  delete state.question;
  delete state.yes;
  delete state.no;
}

/** Who has chosen no language is answered in the one they write. */
async function followLanguage(context: Context, { language, intent, text, slots }: Said) {
  const { learner, state } = context;
  if (language === context.language || (learner.language !== null && !state.following)) return;
  // A name or two in Latin letters ("excel charts"), a coupon's code, or a slip of the keys, is no change of language.
  const names = intent === 'search' || intent === 'other' || slots.code !== undefined;
  if (language === 'en' && names && text.split(/\s+/).length < FEWEST_WORDS) return;
  context.language = language;
  state.following = true;
  await context.update({ language });
}

/** What a press on a pushed message, or on what it led to, says about that message. */
async function noteOutcome(context: Context, { action, course, ref }: Press) {
  const message = messageOf(ref);
  if (!message || context.erased || context.turn.recordable === false) return;
  // A reaction that was taken back, or says nothing that may be kept.
  if (action === 'react' && context.outcome === undefined) return;
  const outcome = context.outcome ?? 'pressed';
  if (outcome === 'pressed' && action !== 'save') {
    context.record('click', { ...(course && { course }), circumstances: await circumstancesFor(context, course, ref) });
  }
  // Without consent to recording only what the person or the order needs is kept.
  if (!context.records && outcome !== 'bought' && outcome !== 'opted-out') return;
  const { learner, now, services } = context;
  await recordOutcome(services.db, { messageId: message, learnerId: learner.id, outcome, at: now });
}

/** Control characters and halves of characters, which the database refuses, as spaces. */
function storable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ');
}
