import { Liquid, type Template } from 'liquidjs';
import { languages, type Language, type Localised, type Text, type TextArgument } from './reply.ts';
import { en } from './texts/en.ts';
import { zh } from './texts/zh.ts';

const catalogues: Record<Language, Record<string, string>> = { en, zh };
const liquid = new Liquid({ strictVariables: true, strictFilters: true, jsTruthy: true });
const compiled = new Map<string, Template[]>();

/**
 * A text in one language. Arguments are data: they are inserted as they are and never parsed as a
 * template. A language that a template lacks falls back to the other.
 *
 * @throws when the key is in no catalogue, or an argument that the template names is missing.
 */
export function render(text: Text, language: Language): string {
  const source = 'key' in text ? catalogues[language][text.key] : localised(text.template, language);
  if (source === undefined) throw new Error(`No text for ${'key' in text ? text.key : 'template'} in ${language}`);
  let template = compiled.get(source);
  if (!template) compiled.set(source, (template = liquid.parse(source)));
  const scope = Object.fromEntries(
    Object.entries(text.args ?? {}).map(([name, value]) => [name, resolve(value, language)]),
  );
  return liquid.renderSync(template, scope) as string;
}

/** Words in the wanted language, else in any that there is. */
export function localised(words: Localised, language: Language): string | undefined {
  return words[language] ?? languages.map((other) => words[other]).find((found) => found !== undefined);
}

function resolve(value: TextArgument, language: Language): unknown {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: TextArgument) => resolve(item, language));
  if ('key' in value || 'template' in value) return render(value, language);
  return localised(value as Localised, language) ?? '';
}
