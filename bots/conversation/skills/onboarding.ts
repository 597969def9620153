import type { Reply } from '../../../core/language/reply.ts';
import { levelOfTerm } from '../../../core/language/levels.ts';
import { tokenize } from '../../../core/language/tokenize.ts';
import { levels, type Level } from '../../../core/learner/learner.ts';
import type { Context } from '../context.ts';
import { ask, draftOf, keepDraft, moveOn } from '../onboarding.ts';
import { say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Said } from '../skill.ts';
import { onboardingSteps, type OnboardingStep, type Question } from '../state.ts';
import { looksLikeSubject } from '../subject.ts';
import { pageOf, toggled } from '../topics.ts';

export const onboarding = defineSkill({
  name: 'onboarding',
  presses: {
    start: begin,
    onboard(context, { value = '' }) {
      const [what = '', ...rest] = value.split(':');
      return take(context, what, rest.join(':'));
    },
  },
  intents: { greet: welcome },
  answers: { onboard: inWords },
});

/** Where people meet it through other commands first, the command to start is still their way in. */
function begin(context: Context): Reply[] {
  const { state, learner } = context;
  const through = learner.onboardedAt !== null || learner.recording;
  if (!through && !state.welcomed) state.met = false;
  return welcome(context);
}

/** A newcomer meets the assistant; who broke off goes on; who is through is welcomed back. */
function welcome(context: Context): Reply[] {
  const { state, learner } = context;
  if (state.onboarding) return [say('welcome.on'), ...ask(context)];
  if (learner.onboardedAt === null && !state.met) {
    state.welcomed = true;
    return [say('welcome'), ...ask(context)];
  }
  return [say('welcome.back', {}, [shortcuts.slice(0, learner.onboardedAt === null ? 4 : 3)])];
}

async function take(context: Context, what: string, value: string): Promise<Reply[]> {
  if (what === 'later') {
    context.state.onboarding = undefined;
    return [say('onboard.later', {}, [shortcuts])];
  }
  const draft = draftOf(context);
  switch (what) {
    case 'topic+':
    case 'topic-': {
      const topics = context.services.catalogue.topics();
      draft.step = 'topics';
      draft.topics = toggled(draft.topics, value, what === 'topic+', topics);
      await keepDraft(context);
      return ask(context, pageOf(topics, value));
    }
    case 'page':
      draft.step = 'topics';
      return ask(context, Number(value));
    case 'goal':
      draft.goal = value.slice(0, 200);
      await keepDraft(context);
      return moveOn(context, 'goal');
    case 'level':
      if (isLevel(value)) draft.level = value;
      await keepDraft(context);
      return moveOn(context, 'level');
    case 'skip':
      return isStep(value) ? moveOn(context, value) : ask(context);
    default:
      return ask(context);
  }
}

/** Below this the reading of words as a request is a guess: then they answer the question. */
const SURE = 0.5;

/** An answer that was typed instead of pressed; undefined when it is rather a request of its own. */
async function inWords(context: Context, said: Said, { value }: Question): Promise<Reply[] | undefined> {
  const { intent, confidence, slots, text } = said;
  if (intent === 'no') return value !== undefined && isStep(value) ? moveOn(context, value) : undefined;
  // One topic alone is as well a wish to see its courses.
  const fewest =
    intent === 'profile' || intent === 'other' ? 1 : intent === 'search' || intent === 'recommend' ? 2 : Infinity;
  if (value === 'topics' && slots.topics && slots.topics.length >= fewest) {
    const draft = draftOf(context);
    draft.topics = [...new Set([...draft.topics, ...slots.topics])];
    await keepDraft(context);
    return ask(context);
  }
  if (value === 'level' && slots.level && namesOnlyLevel(context, text)) return take(context, 'level', slots.level);
  const unclear = intent === 'other' || (intent === 'search' && confidence < SURE);
  if (value === 'goal' && unclear && !looksLikeSubject(context, text)) return take(context, 'goal', text);
  return undefined;
}

/** "A beginner" answers the question; "python for beginners" asks for courses. */
function namesOnlyLevel({ services }: Context, text: string): boolean {
  const others = tokenize(text).filter((term) => levelOfTerm(term) === undefined);
  return !others.some((term) => services.search().knows(term));
}

const isLevel = (word: string): word is Level => (levels as readonly string[]).includes(word);

const isStep = (word: string): word is OnboardingStep => (onboardingSteps as readonly string[]).includes(word);
