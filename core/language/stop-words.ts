import { tokenize } from './tokenize.ts';

/** Words that say nothing about a topic. */
const glue =
  'a an the of for to in on at with and or by from as is are be it this that these those i me my we our you your how what which who some any about 的 了 吗 呢 吧 啊 呀 和 与 及 或 在 是 就 也 都 还 这 那 有 我 你 您 我们 关于 一个 一些 一下 什么 哪些 怎么 如何 怎样';

/** Words of every catalogue: they ask for courses, not for a topic. */
const courseWords =
  'course courses class classes lesson lessons tutorial tutorials learn learning study 课 课程 教程 网课 课堂 学 学习 想学 想 要 视频课';

const sets = new Map<string, Set<string>>();

/** A term (of `tokenize`) that no index needs. */
export function isGlue(term: string): boolean {
  return terms(glue).has(term);
}

/** A term that a query means as "course" or "learn". */
export function isCourseWord(term: string): boolean {
  return terms(courseWords).has(term);
}

function terms(words: string): Set<string> {
  let set = sets.get(words);
  if (!set) sets.set(words, (set = new Set(words.split(' ').flatMap((word) => tokenize(word)))));
  return set;
}
