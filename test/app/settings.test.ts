import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readSettings, settingsFile } from '../../app/settings.ts';
import { trainOptions } from '../../app/training.ts';

const folders: string[] = [];
function folderWith(text?: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-settings-'));
  folders.push(folder);
  if (text !== undefined) fs.writeFileSync(path.join(folder, settingsFile), text);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

test('without a file everything has its default, and the data stands beside it', () => {
  const folder = folderWith();
  expect(readSettings({}, folder)).toMatchObject({
    host: '127.0.0.1',
    port: 8787,
    sample: true,
    recommend: { slate: 5, explore: 0.1 },
    folder: path.join(folder, '.coursebell'),
    databaseUrl: undefined,
    redisUrl: undefined,
  });
});

test('the environment comes before the file', () => {
  const folder = folderWith('{"port": 9000, "host": "0.0.0.0"}');
  const env = { COURSEBELL_PORT: '9001', COURSEBELL_DATA: 'elsewhere', REDIS_URL: 'redis://127.0.0.1' };
  expect(readSettings(env, folder)).toMatchObject({
    port: 9001,
    host: '0.0.0.0',
    folder: path.join(folder, 'elsewhere'),
    redisUrl: 'redis://127.0.0.1',
  });
});

test.each([
  ['{"prot": 9000}', 'prot'],
  ['{"recommend": {"slates": 3}}', 'slates'],
  ['{"push": {"dailyCap": 0}}', 'push.dailyCap'],
  ['{"recommend": {"explore": 0.9}}', 'recommend.explore'],
  ['{"port": "yes"}', 'port'],
  ['{port: 1}', 'not valid JSON'],
  ['{"push": {"defaultTimeZone": "Mars/Olympus"}}', 'push.defaultTimeZone'],
  ['{"train": {"schedule": "at night"}}', 'train.schedule'],
  ['{"train": {"budgetMinutes": 0}}', 'train.budgetMinutes'],
  ['{"train": {"config": {"cutt": "last"}}}', 'cutt'],
  ['{"train": {"config": {"cut": "first"}}}', 'train.config.cut'],
  ['{"train": {"config": {"parts": {"eas": {}}}}}', 'train.config.parts.eas: not one of markov'],
  ['{"train": {"config": {"parts": {"ease": {"penalti": 3}}}}}', 'penalti'],
  ['{"train": {"config": {"parts": {"ease": {"cut": "last"}}}}}', 'train.config.parts.ease.cut: not said for one'],
  ['{"train": {"config": {"seed": 3}}}', 'train.config.seed: set train.seed instead'],
])('%s is refused by name', (text, named) => {
  expect(() => readSettings({}, folderWith(text))).toThrow(named);
});

test('a config of the model is kept as it was written, and trained with over its defaults', () => {
  const { train } = readSettings({}, folderWith('{"train": {"seed": 7, "config": {"cut": "random"}}}'));
  expect(train.config).toEqual({ cut: 'random' });
  expect(trainOptions(train, { validate: true })).toMatchObject({
    validate: true,
    config: { cut: 'random', seed: 7, clock: 'asked' },
  });
  expect(trainOptions(train, { validate: true, seed: 9 }).config.seed).toBe(9);
});

test('a byte order mark at the beginning is no hindrance', () => {
  expect(readSettings({}, folderWith('\uFEFF{"port": 9000}'))).toMatchObject({ port: 9000 });
});

test('a port that is not a number is refused', () => {
  expect(() => readSettings({ COURSEBELL_PORT: 'abc' }, folderWith())).toThrow('COURSEBELL_PORT');
});
