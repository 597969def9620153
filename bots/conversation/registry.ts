import type { IntentName } from '../../core/language/understanding.ts';
import { intentNames } from '../../core/language/understanding.ts';
import type { Context } from './context.ts';
import { privately } from './exposed.ts';
import type { Answer, Said, Skill } from './skill.ts';

type Presses = Skill['presses'][string];
type Intents = NonNullable<NonNullable<Skill['intents']>[IntentName]>;
type Answers = NonNullable<Skill['answers']>[string];

export interface Registry {
  press(action: string): Presses | undefined;
  /** Whether the action's skill may answer where others read. */
  isOpen: (action: string) => boolean;
  intent(name: IntentName): Intents;
  answer(question: string): Answers | undefined;
  /** The answer of the first skill that has a phrase for the words. */
  phrase(context: Context, said: Said): Answer | undefined;
}

/** @throws when two skills claim the same action, intent or question, or an intent has no skill. */
export function createRegistry(skills: readonly Skill[]): Registry {
  const presses = new Map<string, Presses>();
  const intents = new Map<string, Intents>();
  const answers = new Map<string, Answers>();
  const open = new Set<string>();
  for (const skill of skills.map(guarded)) {
    if (skill.open) for (const action of Object.keys(skill.presses)) open.add(action);
    claim(presses, skill.presses, 'action', skill.name);
    claim(intents, skill.intents ?? {}, 'intent', skill.name);
    claim(answers, skill.answers ?? {}, 'question', skill.name);
  }
  const phrases = skills.map(guarded).flatMap((skill) => skill.phrases ?? []);
  const lacking = intentNames.filter((name) => !intents.has(name));
  if (lacking.length > 0) throw new Error(`No skill answers the intents ${lacking.join(', ')}`);
  return {
    press: (action) => presses.get(action),
    isOpen: (action) => open.has(action),
    intent: (name) => intents.get(name)!,
    answer: (question) => answers.get(question),
    phrase(context, said) {
      const plain = said.text.replace(/[\s?？!！。.~～]+$/u, '');
      for (const [pattern, answer] of phrases) {
        const found = pattern.exec(plain);
        const given = found && answer(context, said, found);
        if (given) return given;
      }
      return undefined;
    },
  };
}

/** A skill that answers where others read only if it is open. */
function guarded(skill: Skill): Skill {
  if (skill.open) return skill;
  return {
    ...skill,
    presses: mapped(
      skill.presses,
      (handler) => (context, press) => (context.exposed ? [privately(context, press)] : handler(context, press)),
    ),
    ...(skill.intents && {
      intents: mapped(
        skill.intents,
        (handler, intent) => (context, said) =>
          context.exposed
            ? [privately(context, { action: intent === 'greet' ? 'start' : intent })]
            : handler(context, said),
      ),
    }),
    ...(skill.phrases && {
      phrases: skill.phrases.map(
        ([pattern, answer]) =>
          [
            pattern,
            (context, said, found) => (context.exposed ? [privately(context)] : answer(context, said, found)),
          ] as NonNullable<Skill['phrases']>[number],
      ),
    }),
  };
}

/** The same names with other values. */
function mapped<T>(values: Readonly<Record<string, T>>, change: (value: T, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}

function claim<T>(taken: Map<string, T>, claimed: Readonly<Record<string, T>>, what: string, skill: string) {
  for (const [name, handler] of Object.entries(claimed)) {
    if (taken.has(name)) throw new Error(`Two skills claim the ${what} "${name}"; one is ${skill}`);
    taken.set(name, handler);
  }
}
