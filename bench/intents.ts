/**
 * Understanding of free text, measured.
 *
 *   npm run bench:intents                      our own held-out messages (test/fixtures/language)
 *   npm run bench:intents -- <folder of CLINC150>   the same classifier, trained and tested on data_full.json too
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { trainClassifier } from '../core/language/classifier.ts';
import type { Language } from '../core/language/reply.ts';
import { createSentiment } from '../core/language/sentiment.ts';
import { createUnderstanding } from '../core/language/understanding.ts';
import { quantile } from '../core/numerics/statistics.ts';

type Lists = Record<string, string[]>;
type Pairs = [text: string, label: string][];

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../test/fixtures/language/${name}`, import.meta.url), 'utf8'));
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} % (${part}/${whole})`;
const print = (name: string, value: string) => console.log(name.padEnd(44), value);

ours();
const [folder] = process.argv.slice(2);
if (folder !== undefined) clinc(folder);

function ours(): void {
  const heldOut = fixture('intents.json') as Record<Language, Lists> & { outOfScope: Record<Language, string[]> };
  const optOuts = fixture('opt-outs.json') as { mute: Record<Language, string[]> };
  const feelings = fixture('sentiment.json') as Record<Language, Lists>;
  const before = process.cpuUsage();
  const understanding = createUnderstanding();
  print('Ready to understand (training and all)', `${cpuSince(before)} s of CPU`);
  const sentiment = createSentiment();
  const times: number[] = [];
  const intent = (text: string) => {
    const start = performance.now();
    const { intent: found } = understanding.understand(text);
    times.push(performance.now() - start);
    return found;
  };
  for (const language of ['zh', 'en'] as const) {
    print(`${language}: intents`, rightIn(heldOut[language], intent));
    print(`${language}: out of scope left out`, rightIn({ other: heldOut.outOfScope[language] }, intent));
    print(`${language}: opt-outs heard`, rightIn({ mute: optOuts.mute[language] }, intent));
    print(
      `${language}: sentiment`,
      rightIn(feelings[language], (text) => sentiment.sentiment(text).sentiment),
    );
    const { negative = [] } = feelings[language];
    print(
      `${language}: negatives found`,
      rightIn({ negative }, (text) => sentiment.sentiment(text).sentiment),
    );
  }
  print('Time a message, p50 / p99', `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)} ms`);
}

function rightIn(lists: Lists, read: (text: string) => string): string {
  const all = Object.entries(lists).flatMap(([label, texts]) => texts.map((text) => ({ label, text })));
  return percent(all.filter(({ label, text }) => read(text) === label).length, all.length);
}

/** Trained on `train` and `oos_train`; the threshold is the highest that costs at most 3 points of `val`. */
function clinc(from: string): void {
  const data = JSON.parse(readFileSync(path.join(from, 'data_full.json'), 'utf8')) as Record<string, Pairs>;
  const before = process.cpuUsage();
  const classifier = trainClassifier([
    ...data['train']!.map(([text, label]) => ({ text, label })),
    ...data['oos_train']!.map(([text]) => ({ text, label: undefined })),
  ]);
  print('CLINC150: training', `${cpuSince(before)} s of CPU`);
  const read = (part: string) =>
    data[part]!.map(([text, truth]) => ({ truth, ...classifier.classify(text) })).sort((a, b) => a.margin - b.margin);
  const validation = read('val');
  const spare = Math.floor(0.03 * validation.length);
  const correct = validation.filter(({ truth, label }) => truth === label);
  const threshold = correct[spare]!.margin;
  const test = read('test');
  const right = test.filter(({ truth, label }) => truth === label);
  print('CLINC150: in scope', percent(right.length, test.length));
  const kept = right.filter(({ margin }) => margin >= threshold);
  print(`CLINC150: in scope at margin ≥ ${threshold.toFixed(2)}`, percent(kept.length, test.length));
  const outside = read('oos_test');
  print(
    'CLINC150: out of scope left out there',
    percent(outside.filter(({ margin }) => margin < threshold).length, outside.length),
  );
}

/** Not wall time: other work on the machine does not count. */
function cpuSince(before: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6).toFixed(1);
}
