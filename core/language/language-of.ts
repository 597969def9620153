import type { Language } from './reply.ts';
import { pieces } from './tokenize.ts';

const HAN = /\p{Script=Han}/u;
const LATIN = /[a-z]/;
/** English that people of either language write, and names of things: they tell nothing. */
const neutral = new Set(
  'ok okay k hi hello hey hei yo bye thx thanks 3q no yes td t vip app lol haha wow cool nice mark ppt excel word python java javascript c c++ c# sql html css photoshop ps ai ui ux seo ielts toefl gre pc ios android linux'.split(
    ' ',
  ),
);

/**
 * The language of a message by its script: Han is Chinese. Without Han it is English, unless nothing
 * but names and small words that both languages use stand in it; then the fallback holds.
 */
export function detectLanguage(text: string, fallback: Language = 'en'): Language {
  if (HAN.test(text)) return 'zh';
  const telling = pieces(text).filter((word) => LATIN.test(word) && !neutral.has(word) && !/\d/.test(word));
  return telling.length > 0 ? 'en' : fallback;
}
