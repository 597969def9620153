import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../core/language/reply.ts';
import { en } from '../../../core/language/texts/en.ts';
import { zh } from '../../../core/language/texts/zh.ts';

const catalogues = { en, zh };
const liquid = new Liquid();
const keys = Object.keys(en);

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = ['app', 'bots', 'queue', 'core', 'sample']
  .flatMap((room) => files(join(root, room)))
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('/core/language/texts/'))
  .map((path) => readFileSync(path, 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, ''));

/** Literal and partly literal keys, as the sources hand them to the catalogues. */
const asked = sources.flatMap((source) => [
  ...[...source.matchAll(/\b(?:say|text|worded)\(\s*(['`])([^'`]+)\1|\bkey: *(['`])([^'`]+)\3/g)].map(
    (found) => found[2] ?? found[4]!,
  ),
  ...[...source.matchAll(/\bnamed\(\s*(['`])([^'`]+)\1/g)].map((found) => `button.${found[2]!}`),
]);
/** Of a key in back quotes only the part before its first variable tells that it is one of ours. */
const isKey = (key: string) => /^[a-z][a-z-]*\.?/.test(key) && !key.startsWith('$') && !key.startsWith('inbox-');

describe('texts', () => {
  it('stand in every language', () => {
    expect(Object.keys(zh).filter((key) => !(key in en))).toEqual([]);
    expect(keys.filter((key) => !(key in zh))).toEqual([]);
    expect(keys.length).toBeGreaterThan(100);
  });

  it('are never empty, and plain text', () => {
    for (const language of languages) {
      for (const [key, text] of Object.entries(catalogues[language])) {
        expect(text.trim(), `${language} ${key}`).toBe(text);
        expect(text, `${language} ${key}`).not.toBe('');
        expect(text, `${language} ${key}`).not.toMatch(/<\/?[a-z]+>|\*\*|\]\(/);
      }
    }
  });

  it.each(keys)('name the same variables: %s', (key) => {
    expect(variables(zh[key]!)).toEqual(variables(en[key]!));
  });

  it('exist for every key in the code', () => {
    const missing = asked.filter(isKey).filter((key) => !keys.some((known) => pattern(key).test(known)));
    expect(missing).toEqual([]);
    expect(asked.length).toBeGreaterThan(50);
  });

  it('are all used', () => {
    const all = sources.join('\n');
    const literals = new Set([...all.matchAll(/['"]([a-z][\w.-]*)['"]/g)].map((found) => found[1]!));
    const beginnings = new Set([...all.matchAll(/`([a-z][\w.-]*[.-])\$\{/g)].map((found) => found[1]!));
    const ends = new Set([...all.matchAll(/`\$\{[^}]*\}(\.[a-z][\w.-]*)`/g)].map((found) => found[1]!));
    const used = (name: string): boolean =>
      literals.has(name) ||
      [...beginnings].some((beginning) => name.startsWith(beginning)) ||
      [...ends].some((end) => name.endsWith(end));
    // The page and the buttons name theirs without the first part.
    const short = /^(?:button|page)\./;
    const unused = keys.filter(
      (key) =>
        !used(key) &&
        !(short.test(key) && (used(key.replace(short, '')) || all.includes(`.${key.replace(short, '')}`))),
    );
    expect(unused).toEqual([]);
  });
});

function variables(template: string): string[] {
  return liquid.fullVariablesSync(template).sort();
}

/** A key with `${…}` in it stands for all that fit. */
function pattern(key: string): RegExp {
  const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.\-?]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
