import { languages, type Language, type Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { moveOn } from '../onboarding.ts';
import { button, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';

export const language = defineSkill({
  name: 'language',
  presses: {
    language(context, { value }) {
      if (value !== undefined && isLanguage(value)) return choose(context, value);
      return [
        say('language.ask', {}, [
          languages.map((one) => button({ action: 'language', value: one }, text(`language.${one}`))),
        ]),
      ];
    },
  },
  intents: {
    language: (context, { slots }) =>
      context.press({ action: 'language', ...(slots.language && { value: slots.language }) }),
  },
});

async function choose(context: Context, value: Language): Promise<Reply[]> {
  await context.update({ language: value });
  context.language = value;
  context.state.following = false;
  const draft = context.state.onboarding;
  if (draft?.step === 'language' && !draft.paused) return moveOn(context, 'language');
  if (draft?.step === 'language') draft.step = 'topics';
  return [say('language.chosen', {}, [shortcuts.slice(0, 3)])];
}

const isLanguage = (word: string): word is Language => (languages as readonly string[]).includes(word);
