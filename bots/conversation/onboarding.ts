/** The way through the onboarding: one question after another, each of which can be passed by. */

import { encodePress, languages, type Button, type Press, type Reply } from '../../core/language/reply.ts';
import { levels } from '../../core/learner/learner.ts';
import type { Context } from './context.ts';
import { button, named, rows, say, text } from './say.ts';
import { onboardingSteps, type Draft, type OnboardingStep } from './state.ts';
import { topicPicker } from './topics.ts';
import { levelName } from './wording.ts';

export const goals = ['career', 'work', 'switch', 'exam', 'interest'] as const;

const onboard = (value: string): Press => ({ action: 'onboard', value });
const later = named('later', onboard('later'));
const skip = (step: OnboardingStep): Button => named('skip', onboard(`skip:${step}`));

/** The answers so far; begun where the person stands when there are none. */
export function draftOf({ state, learner }: Context): Draft {
  state.onboarding ??= {
    step: learner.onboardedAt === null ? 'language' : 'topics',
    topics: learner.declaredTopics,
    goal: learner.goal,
    level: learner.level,
    paused: false,
  };
  return state.onboarding;
}

/** Writes the answers to the learner, who has agreed to recording; until then they wait in the conversation. */
export async function keepDraft(context: Context): Promise<void> {
  const draft = context.state.onboarding;
  if (!draft || !context.records) return;
  await context.update({ declaredTopics: draft.topics, goal: draft.goal, level: draft.level });
}

/** The question at which the onboarding stands. */
export function ask(context: Context, page = 0): Reply[] {
  const draft = draftOf(context);
  const { step } = draft;
  if (step !== 'recording' && step !== 'messages') context.state.question = { kind: 'onboard', value: step };
  switch (step) {
    case 'language': {
      const choices = languages.map((one) => button({ action: 'language', value: one }, text(`language.${one}`)));
      return [say('onboard.language', {}, [choices, [skip(step), later]])];
    }
    case 'topics': {
      const topics = context.services.catalogue.topics();
      const done = named(draft.topics.length > 0 ? 'done' : 'skip', onboard('skip:topics'));
      const picker = topicPicker(topics, draft.topics, page, onboard);
      return [say('onboard.topics', { count: draft.topics.length }, [...picker, [done, later]])];
    }
    case 'goal': {
      const choices = goals.map((goal) => button(onboard(`goal:${goal}`), text(`goal.${goal}`)));
      return [say('onboard.goal', {}, [...rows(choices, 2), [skip(step), later]])];
    }
    case 'level': {
      const choices = levels.map((level) => button(onboard(`level:${level}`), levelName(level)));
      return [say('onboard.level', {}, [choices, [skip(step), later]])];
    }
    case 'recording':
    case 'messages':
      return [askConsent(context, step)];
  }
}

function askConsent({ state }: Context, kind: 'recording' | 'messages'): Reply {
  const agree = { action: 'consent', value: `${kind}:on` };
  const refuse = { action: 'consent', value: `${kind}:off` };
  state.yes = encodePress(agree);
  state.no = encodePress(refuse);
  return say(`onboard.${kind}`, {}, [[named('agree', agree), named('refuse', refuse)], [later]]);
}

/** Goes on after `step`: the next question, or the end. */
export async function moveOn(context: Context, step: OnboardingStep): Promise<Reply[]> {
  const draft = draftOf(context);
  const next = onboardingSteps.slice(onboardingSteps.indexOf(step) + 1).find((one) => isOpen(context, one));
  if (next) {
    draft.step = next;
    return ask(context);
  }
  delete context.state.onboarding;
  await context.update({ onboardedAt: context.now });
  return [
    say(context.records ? 'onboard.done' : 'onboard.done-unrecorded', {}, [
      [
        named('recommend', { action: 'recommend' }),
        named('search', { action: 'search' }),
        named('help', { action: 'help' }),
      ],
    ]),
  ];
}

/** Whether a question still needs an answer. */
function isOpen({ learner }: Context, step: OnboardingStep): boolean {
  if (step === 'recording' || step === 'messages') return !learner[step];
  return true;
}
