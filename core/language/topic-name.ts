import { localised } from './render.ts';
import { languages, type Localised } from './reply.ts';
import { en } from './texts/en.ts';
import { zh } from './texts/zh.ts';

/** A topic of the catalogue in both languages where it is a common one (texts `topic.…`), else its own word. */
export function topicName(topic: string): Localised {
  const key = `topic.${topic
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_&/-]+/g, '-')}`;
  const known: Localised = { ...(en[key] && { en: en[key] }), ...(zh[key] && { zh: zh[key] }) };
  return Object.fromEntries(languages.map((language) => [language, localised(known, language) ?? topic]));
}
