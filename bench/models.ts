/**
 * The models, measured side by side in one run:
 *
 *   npm run bench:models -- <folder with mars/ and mooccubex/> [--only inverse,als,fit,serve,growth]
 *
 * `serve` fits first. Figures mean something on a machine that does
 * nothing else; python3 with numpy stands beside the inverse where it is installed.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { factorise } from '../core/numerics/als/backend.ts';
import { createRandom } from '../core/numerics/random.ts';
import { dataNames, loadData, type DataName } from './models/data.ts';
import type { FitFigures } from './models/fit.ts';
import { growth } from './models/growth.ts';
import { inverse } from './models/inverse.ts';
import type { ServeFigures } from './models/serve.ts';
import { table } from './models/table.ts';

const parts = ['inverse', 'als', 'fit', 'serve', 'growth'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, data: { type: 'string', default: dataNames.join() } },
});
const [folder] = positionals;
const wanted = values.only?.split(',') ?? parts;
const names = values.data.split(',') as DataName[];
if (folder === undefined || !wanted.every((part) => parts.some((known) => known === part))) {
  console.error(`npm run bench:models -- <data folder> [--only ${parts.join()}] [--data ${dataNames.join()}]`);
  process.exit(1);
}
const scratch = await mkdtemp(path.join(tmpdir(), 'coursebell-models-'));
const [cpu] = cpus();
console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'unknown'}`);
try {
  if (wanted.includes('inverse')) section('The inverse of EASE', await inverse(3321));
  if (wanted.includes('als')) section('ALS, an iteration on mooccubex', await iterations(folder));
  for (const name of names) {
    const artefact = path.join(scratch, name);
    if (wanted.includes('fit') || wanted.includes('serve')) {
      section(`Fit, ${name}`, fitted(await inProcess<FitFigures>('fit', [folder, name, artefact])));
    }
    if (wanted.includes('serve')) {
      section(`Served, ${name}`, served(await inProcess<ServeFigures>('serve', [folder, name, artefact])));
    }
  }
  if (wanted.includes('growth')) section('Growth', await growth());
} finally {
  await rm(scratch, { recursive: true });
}

function section(title: string, text: string): void {
  console.log(`\n### ${title}\n\n${text}`);
}

async function inProcess<T>(script: string, args: readonly string[]): Promise<T> {
  const file = path.join(import.meta.dirname, 'models', `${script}.ts`);
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file, ...args]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T;
}

async function iterations(from: string): Promise<string> {
  const { learners, courses, starts, items } = await loadData(from, 'mooccubex');
  const confidences = new Float32Array(items.length).fill(10);
  const takings = { rows: learners.length, columns: courses.length, starts, indices: items, values: confidences };
  const rows: string[][] = [];
  for (const factors of [64, 128]) {
    const seconds: string[] = [];
    let since = performance.now();
    await factorise(takings, {
      factors,
      penalty: 30,
      iterations: 5,
      random: createRandom(1),
      onIteration() {
        seconds.push(((performance.now() - since) / 1000).toFixed(2));
        since = performance.now();
        return true;
      },
    });
    rows.push([`${factors}`, seconds.join(' ')]);
  }
  return table(['factors', 'seconds of each iteration'], rows);
}

function fitted({ learners, courses, takings, seconds, leftOut, total, ...memory }: FitFigures): string {
  const rows = Object.entries(seconds).map(([name, took]) => [name, took.toFixed(2)]);
  const missing = leftOut.map(({ name, why }) => `\n${name} left out: ${why}`).join('');
  const peak = `peak memory ${memory.peakMegabytes.toFixed(0)} MB, artefact ${memory.artefactMegabytes.toFixed(0)} MB`;
  return (
    `${learners} learners, ${courses} courses, ${takings} takings\n\n` +
    `${table(['part', 's, its fit on everything'], rows)}\n\n` +
    `hybrid in all ${total.toFixed(0)} s, ${peak}${missing}`
  );
}

function served({ openSeconds, p50, p99, perSecond, megabytes, residentMegabytes, parts: each }: ServeFigures): string {
  const rows = Object.entries(each).map(([name, took]) => [name, took.toFixed(2)]);
  return (
    `a recommendation p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms; ${perSecond.toFixed(0)} learners a second ` +
    `on one core; ${megabytes.toFixed(0)} MB more than before it was loaded, ${residentMegabytes.toFixed(0)} MB in all; opened in ${openSeconds.toFixed(2)} s\n\n` +
    table(['part', 'ms a score, median'], rows)
  );
}
