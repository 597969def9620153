import type { IntentName } from '../intents.ts';
import type { Language } from '../reply.ts';
import { accountEn } from './account-en.ts';
import { accountZh } from './account-zh.ts';
import { coursesEn } from './courses-en.ts';
import { coursesZh } from './courses-zh.ts';
import { outOfScope } from './out-of-scope.ts';
import { utterances, type Example, type IntentSeeds } from './seed.ts';

/** What `{t}` is filled with, in turn: each utterance with topics of several kinds. */
const topics: Record<Language, readonly string[]> = {
  en: 'python, excel charts, photography, data analysis, public speaking, yoga, machine learning, video editing, guitar, personal finance, c++, english, cooking, project management, watercolor, pivot tables, parenting, web design, writing, java'.split(
    ', ',
  ),
  zh: 'python、excel图表、摄影、数据分析、演讲、瑜伽、机器学习、视频剪辑、吉他、理财、c++、英语口语、烹饪、项目管理、水彩、数据透视表、育儿、网页设计、写作、ppt'.split(
    '、',
  ),
};
const FILLINGS = 2;

/** Our own labelled utterances, in an order that never changes. */
export function intentExamples(): Example[] {
  const seeds: [Language, IntentSeeds][] = [
    ['en', coursesEn],
    ['en', accountEn],
    ['zh', coursesZh],
    ['zh', accountZh],
  ];
  const examples: Example[] = utterances(outOfScope).map((text) => ({ text, label: undefined }));
  for (const [language, byIntent] of seeds) {
    for (const [label, list] of Object.entries(byIntent)) {
      for (const text of utterances(list)) examples.push(...fill(text, language, label, examples.length));
    }
  }
  return examples;
}

function fill(text: string, language: Language, label: string, turn: number): Example[] {
  if (!text.includes('{t}')) return [{ text, label }];
  const list = topics[language];
  return Array.from({ length: FILLINGS }, (_, copy) => ({
    text: text.replaceAll('{t}', list[(turn + copy * 7) % list.length]!),
    label,
  }));
}

/** The utterances of some intents without their topics: what is left are the words of asking. */
export function carrierTexts(intents: readonly IntentName[]): string[] {
  return [coursesEn, coursesZh, accountEn, accountZh].flatMap((seeds) =>
    intents.flatMap((intent) => utterances(seeds[intent] ?? '').map((text) => text.replaceAll('{t}', ' , '))),
  );
}
