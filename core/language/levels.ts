import { tokenize } from './tokenize.ts';

type LevelName = 'beginner' | 'intermediate' | 'advanced';

const words: Record<LevelName, string> = {
  beginner:
    'beginner beginners basic basics introduction intro introductory fundamentals starter newbie elementary scratch zero novice 入门 零基础 新手 初级 基础 小白 初学者 初学 启蒙',
  intermediate: 'intermediate 进阶 中级 提高 提升 中阶',
  advanced: 'advanced expert mastery 高级 精通 高阶 专家 深入',
};

let opened: Map<string, LevelName> | undefined;

/** The level that one term (of `tokenize`) names. */
export function levelOfTerm(term: string): LevelName | undefined {
  opened ??= new Map(
    Object.entries(words).flatMap(([level, list]) =>
      list.split(' ').flatMap((word) => tokenize(word).map((each) => [each, level as LevelName] as const)),
    ),
  );
  return opened.get(term);
}

/** The last level named in the terms: in "基础到进阶" and "from zero to advanced" it is the aim. */
export function levelOf(terms: readonly string[]): LevelName | undefined {
  return terms.map(levelOfTerm).findLast((level) => level !== undefined);
}
