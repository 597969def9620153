import { expect, test } from 'vitest';
import { tuningTable } from '../../app/tuning-table.ts';
import { readSettings } from '../../app/settings.ts';
import type { Tuned } from '../../core/evaluate/tune/tune.ts';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const tuned = {
  ...{ model: 'ease', config: { penalty: 80 }, why: 'Better.', best: null, defaults: { ndcg: 0.1 } },
  ...{ window: 'the last course', cut: 'last', search: {}, rungs: [1], trials: [], cutShort: false },
} as unknown as Tuned;

test('what was found for a part of the hybrid is shown as the settings that train with it', () => {
  const line = tuningTable(tuned)
    .split('\n')
    .find((one) => one.startsWith('To train with it: '))!;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-tuning-'));
  fs.writeFileSync(path.join(folder, 'coursebell.config.json'), /\{.*\}/.exec(line)![0]);
  expect(readSettings({}, folder).train.config).toEqual({ parts: { ease: { penalty: 80 } } });
  fs.rmSync(folder, { recursive: true });
});

test('the defaults, and models of which the hybrid takes no settings, are not to be written anywhere', () => {
  expect(tuningTable({ ...tuned, config: {} })).not.toContain('To train');
  expect(tuningTable({ ...tuned, model: 'lstm' })).not.toContain('To train');
});
