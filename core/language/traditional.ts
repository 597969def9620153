import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What Taiwan writes otherwise than the converter does. */
const own: readonly (readonly [string, string])[] = [
  ['賬號', '帳號'],
  ['身份組', '身分組'],
];

type Convert = (text: string) => string;

let convert: Convert | undefined;

/** Mainland Chinese in the characters and with the terms of Taiwan. Loads its tables when first used. */
export function traditional(text: string): string {
  convert ??= (require('opencc-js/cn2t') as { Converter(direction: { from: string; to: string }): Convert }).Converter({
    from: 'cn',
    to: 'twp',
  });
  return own.reduce((words, [made, used]) => words.replaceAll(made, used), convert(text));
}
