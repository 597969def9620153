/**
 * Search, measured on the MOOC catalogue (English titles; queries in both languages, some misspelt).
 *
 *   npm run bench:search -- <folder of mooccube-catalog>
 *
 * A course counts as relevant to a query when its title matches the pattern beside the query: a rough
 * judgement, the same for every version of the search. Timings use the catalogue repeated to 12,000.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Course } from '../core/catalogue/course.ts';
import { createSearch } from '../core/catalogue/search.ts';

const judged: readonly (readonly [query: string, relevant: RegExp])[] = [
  ['python', /python/i],
  ['python 入门', /python/i],
  ['pyhton', /python/i],
  ['java programming', /java/i],
  ['C++', /c\+\+/i],
  ['数据结构', /data structure/i],
  ['data strucures', /data structure/i],
  ['机器学习', /machine learning/i],
  ['人工智能', /artificial intelligence|\bAI\b/i],
  ['线性代数', /linear algebra/i],
  ['微积分', /calculus/i],
  ['calculus', /calculus/i],
  ['概率论', /probability/i],
  ['statistics', /statistic/i],
  ['会计', /accounting|bookkeeping/i],
  ['acounting', /accounting/i],
  ['经济学', /economics|econom/i],
  ['心理学', /psycholog/i],
  ['physchology', /psycholog/i],
  ['摄影', /photo/i],
  ['电影', /film|movie|cinema/i],
  ['wine', /wine/i],
  ['创业', /entrepreneur|startup/i],
  ['计算机网络', /network/i],
  ['operating system', /operating system/i],
  ['数据库', /database/i],
  ['chinese history', /chin.*histor|histor.*chin/i],
  ['写作', /writing/i],
  ['英语', /english/i],
  ['物理', /physic/i],
  ['有机化学', /organic chemistry/i],
  ['marketing', /marketing/i],
];
const REPEATED = 12_000;
const RUNS = 20;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: npm run bench:search -- <folder of mooccube-catalog>');
const catalogue = readFileSync(path.join(folder, 'courses.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line, index) => courseOf(JSON.parse(line) as { name: string; about?: string }, String(index)));

const small = createSearch(catalogue);
const scored = judged
  .map(([query, relevant]) => {
    const ideal = Math.min(10, catalogue.filter(({ title }) => relevant.test(title)).length);
    const gains = small.search(query, { limit: 10 }).map(({ course }) => (relevant.test(course.title) ? 1 : 0));
    return { query, ideal, gains };
  })
  .filter(({ ideal }) => ideal > 0);
const ndcg = scored.map(({ ideal, gains }) => dcg(gains) / dcg(Array<number>(ideal).fill(1)));
const found = scored.filter(({ gains }) => gains.slice(0, 5).includes(1));
console.log(`Queries ${scored.length}, NDCG@10 ${mean(ndcg).toFixed(3)}, found in the top 5: ${found.length}`);
for (const { query } of scored.filter((each) => !found.includes(each))) console.log(`  not found: ${query}`);

const many = Array.from({ length: REPEATED }, (_, index) => {
  const course = catalogue[index % catalogue.length]!;
  return { ...course, id: String(index), title: `${course.title} ${Math.floor(index / catalogue.length)}` };
});
const before = process.cpuUsage();
const large = createSearch(many);
const { user, system } = process.cpuUsage(before);
console.log(`Index of ${REPEATED} courses: ${((user + system) / 1e6).toFixed(1)} s of CPU`);
// The fastest of many runs of each query: what else the machine does is left out.
const times = judged
  .map(([query]) =>
    Math.min(
      ...Array.from({ length: RUNS }, () => {
        const start = performance.now();
        large.search(query);
        return performance.now() - start;
      }),
    ),
  )
  .sort((a, b) => a - b);
console.log(`A query: median ${times[times.length >> 1]!.toFixed(1)} ms, slowest ${times.at(-1)!.toFixed(1)} ms`);

function courseOf({ name, about = '' }: { name: string; about?: string }, id: string): Course {
  return {
    id,
    title: name,
    description: about,
    translations: {},
    topics: [],
    level: null,
    language: 'en',
    priceMinor: null,
    currency: null,
    durationMinutes: null,
    instructor: null,
    publishedAt: null,
    archived: false,
    attributes: {},
    simulated: false,
  };
}

function dcg(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
