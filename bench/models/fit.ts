/** Fits the hybrid with all its parts on one set of data, in a process of its own: `fit.ts <folder> <data> <file>`. */
import { writeFile } from 'node:fs/promises';
import { hybrid } from '../../core/recommend/models/hybrid.ts';
import { pack } from '../../core/recommend/pack.ts';
import { loadData, type DataName } from './data.ts';

export interface FitFigures {
  learners: number;
  courses: number;
  takings: number;
  /** The part's last fit, on everything. */
  seconds: Record<string, number>;
  leftOut: readonly { name: string; why: string }[];
  /** Settings, held-out courses, weights and the last fits together. */
  total: number;
  peakMegabytes: number;
  artefactMegabytes: number;
}

const [folder, name, file] = process.argv.slice(2) as [string, DataName, string];
const dataset = await loadData(folder, name);
const begun = performance.now();
const progress = (what: string, share: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${(100 * share).toFixed(0)} % ${what}\x1b[K`);
};
const model = await hybrid.fit(dataset, hybrid.config.parse({}), progress);
const total = (performance.now() - begun) / 1000;
const packed = pack({ hybrid: model.save() });
await writeFile(file, packed);
console.log(
  JSON.stringify({
    learners: dataset.learners.length,
    courses: dataset.courses.length,
    takings: dataset.items.length,
    seconds: Object.fromEntries([...model.parts].map(([part, { seconds }]) => [part, seconds])),
    leftOut: model.leftOut,
    total,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    artefactMegabytes: packed.length / 1e6,
  } satisfies FitFigures),
);
