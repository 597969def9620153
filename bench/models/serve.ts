/** Serves a fitted hybrid, in a process of its own that holds nothing else: `serve.ts <folder> <data> <file>`. */
import { readFile } from 'node:fs/promises';
import { topK } from '../../core/numerics/ranking.ts';
import { quantile } from '../../core/numerics/statistics.ts';
import { historyAt } from '../../core/recommend/dataset.ts';
import type { History } from '../../core/recommend/model.ts';
import { hybrid } from '../../core/recommend/models/hybrid.ts';
import { unpack } from '../../core/recommend/pack.ts';
import { loadData, type DataName } from './data.ts';

export interface ServeFigures {
  openSeconds: number;
  /** One recommendation of ten courses, the history at hand. */
  p50: number;
  p99: number;
  /** Learners a second, all asked about at the same moment, as a campaign asks. */
  perSecond: number;
  /** Of the process with the model loaded, without the behaviour that the histories are drawn from. */
  megabytes: number;
  /** Of the whole process, that behaviour with it. */
  residentMegabytes: number;
  /** Median milliseconds of each part's score. */
  parts: Record<string, number>;
}

const WARM = 200;
const ASKED = 2000;

const [folder, name, file] = process.argv.slice(2) as [string, DataName, string];
const dataset = await loadData(folder, name);
const before = process.memoryUsage().rss;
const opening = performance.now();
const model = hybrid.load(unpack(await readFile(file))['hybrid']!, dataset.courses);
const openSeconds = (performance.now() - opening) / 1000;

const excluded = new Uint8Array(dataset.courses.length);
const stride = dataset.learners.length / (WARM + ASKED);
const histories = Array.from({ length: WARM + ASKED }, (_, nth) => historyAt(dataset, Math.floor(nth * stride)));
const timed = (ask: (at: number) => void): number[] =>
  histories
    .map((_, at) => {
      const begun = performance.now();
      ask(at);
      return performance.now() - begun;
    })
    .slice(WARM);

const recommend = (history: History, now: number): void => {
  for (const item of history.items) excluded[item] = 1;
  topK(model.score(history, now), 10, excluded);
  for (const item of history.items) excluded[item] = 0;
};
const milliseconds = timed((at) => recommend(histories[at]!, histories[at]!.times.at(-1) ?? NaN));
const newest = dataset.times.reduce((last, time) => (time <= last ? last : time), NaN);
const together = timed((at) => recommend(histories[at]!, newest));
const parts: Record<string, number> = {};
for (const [part, { model: one }] of model.parts) {
  parts[part] = quantile(
    timed((at) => one.score(histories[at]!, histories[at]!.times.at(-1) ?? NaN)),
    0.5,
  );
}
console.log(
  JSON.stringify({
    openSeconds,
    p50: quantile(milliseconds, 0.5),
    p99: quantile(milliseconds, 0.99),
    perSecond: (1000 * together.length) / together.reduce((sum, one) => sum + one, 0),
    residentMegabytes: process.memoryUsage().rss / 2 ** 20,
    megabytes: (process.memoryUsage().rss - before) / 2 ** 20,
    parts,
  } satisfies ServeFigures),
);
