import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Language } from '../../../core/language/reply.ts';

const texts = JSON.parse(document.getElementById('texts')!.textContent) as Record<Language, Record<string, string>>;

export const LanguageContext = createContext<Language>('en');

/** The page's own strings in the language of the conversation. */
export function useTexts(): (key: string) => string {
  const language = useContext(LanguageContext);
  return (key) => texts[language][key] ?? key;
}

/** What the browser asks for, until the conversation has a language. */
export function browserLanguage(): Language {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => tag === 'zh' || tag === 'en') === 'zh' ? 'zh' : 'en';
}
