import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { isCron } from '../../app/cron.ts';
import { openDatabase } from '../../app/database.ts';
import { UserError } from '../../app/explain.ts';
import { readSettings, SettingsError, settingsFile } from '../../app/settings.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-unusable-'));
  // Root keeps the database of a private folder elsewhere.
  fs.chmodSync(folder, 0o755);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function read(text: string, env: NodeJS.ProcessEnv = {}) {
  fs.writeFileSync(path.join(folder, settingsFile), text);
  return readSettings(env, folder);
}

it('takes a file that was saved with a byte order mark', () => {
  expect(read('\uFEFF{"push": {"defaultTimeZone": "Europe/Oslo"}}').push.defaultTimeZone).toBe('Europe/Oslo');
});

it.each([
  ['{"push": {"defaultTimeZone": "Mars/Olympus"}}', {}, 'push.defaultTimeZone: not an IANA time zone'],
  ['{"train": {"schedule": "nightly"}}', {}, 'train.schedule: not a cron pattern'],
  ['{}', { COURSEBELL_PORT: 'abc' }, 'COURSEBELL_PORT: "abc" is not a port'],
])('names what would fail later: %s %j', (text, env, message) => {
  expect(() => read(text, env)).toThrow(SettingsError);
  expect(() => read(text, env)).toThrow(message);
});

test.each(['0 3 * * *', '*/15 * * * *', '0 3,15 1-7 jan-mar mon', '5 0 * * 7', '0-30/5 8 * * sun'])(
  '%s is a cron pattern',
  (text) => expect(isCron(text)).toBe(true),
);

test.each([
  '',
  'nightly',
  '0 3 * *',
  '60 3 * * *',
  '0 24 * * *',
  '0 3 0 * *',
  '0 3 * 13 *',
  '9-3 * * * *',
  '*/0 * * * *',
])('"%s" is none', (text) => expect(isCron(text)).toBe(false));

it('explains a data folder that can not be used', async () => {
  const file = path.join(folder, 'a file');
  fs.writeFileSync(file, '');
  const opening = openDatabase({ folder: file, databaseUrl: undefined }, () => {}).then(() => 'opened');
  await expect(opening).rejects.toThrow(/data folder .*a file can not be used.*COURSEBELL_DATA/);
  await expect(opening).rejects.toBeInstanceOf(UserError);
});
