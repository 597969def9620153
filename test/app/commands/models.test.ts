import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registerModels } from '../../../app/commands/models.ts';
import { registerTrain } from '../../../app/commands/train.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { createLearner } from '../../../core/learner/store.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { listVersions, type Version } from '../../../core/recommend/registry/store.ts';
import { catalogue, eventsOfOne } from '../../core/recommend/community.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-models-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  const { host, port, user, password, database } = db.config as Record<string, string>;
  const socket = encodeURIComponent(host!);
  vi.stubEnv('DATABASE_URL', `postgresql://${user}:${password}@localhost:${port}/${database}?host=${socket}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a command prints. */
async function coursebell(...words: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command('coursebell').exitOverride().configureOutput({ writeErr: () => {} });
  for (const register of [registerModels, registerTrain]) register(program);
  await program.parseAsync(words, { from: 'user' });
  return printed.join('\n');
}

const json = async (...words: string[]) => JSON.parse(await coursebell(...words, '--json')) as Version[];

test('before anything is trained each command says what to do', async () => {
  expect(await coursebell('models')).toContain('coursebell train');
  await expect(coursebell('train')).rejects.toThrow('coursebell import --courses');
  await expect(coursebell('models', 'rollback')).rejects.toThrow('no champion before');
  await expect(coursebell('models', 'promote', '1')).rejects.toThrow('There is no version 1');
  await expect(coursebell('models', 'show', 'x')).rejects.toThrow('not the number of a version');
  await expect(coursebell('models', 'rolback')).rejects.toThrow();
});

test('the first training serves, one that was not measured waits, and a person decides', async () => {
  const courses = catalogue(4);
  await upsertCourses(db, courses);
  const random = createRandom(1);
  for (let i = 0; i < 30; i++) {
    const { id } = await createLearner(db, {});
    const events = eventsOfOne(id, courses, 30, random);
    await recordEvents(
      db,
      events.map((each) => ({ ...each, idempotencyKey: randomUUID(), channel: 'import' })),
    );
  }
  const first = await coursebell('train');
  expect(first).toMatch(/version 1 .* is the champion/);
  expect(first).toMatch(/NDCG@10 0\.\d{3} \(0\.\d{3}–0\.\d{3}\) on held-out last courses of \d+ learners/);
  expect(first).toContain('Decision  promoted: nothing served before it');
  const second = await coursebell('train', '--no-validate');
  expect(second).toMatch(/version 2 .* is a challenger/);
  expect(second).toContain('coursebell models promote 2');

  const listed = await coursebell('models');
  expect(await coursebell('models', 'list')).toBe(listed);
  expect(listed).toMatch(/│ +2 │ challenger .* unmeasured/);
  expect(listed).toMatch(/│ +1 │ champion .* first/);
  expect(await json('models', 'list')).toEqual(await json('models'));
  expect(await json('models')).toMatchObject([
    { number: 2, status: 'challenger' },
    { number: 1, status: 'champion' },
  ]);

  expect(await coursebell('models', 'promote', '2', '--reason', 'a try')).toContain(
    'Version 2 serves instead of version 1',
  );
  await expect(coursebell('models', 'promote', '2')).rejects.toThrow('serves already');
  const shown = await coursebell('models', 'show', '2');
  expect(shown).toContain('promoted by hand from version 1');
  expect(shown).toContain('"a try". At training: not promoted: it was not measured');
  expect(shown).toContain('"model":"hybrid"');
  expect(await json('models', 'show', '1')).toMatchObject({ number: 1, status: 'retired' });

  expect(await coursebell('models', 'rollback', '--reason', 'odd')).toContain('Version 1 serves instead of version 2');
  expect(await coursebell('models', 'show', '1')).toMatch(/back by a rollback from version 2 on .*: "odd"/);
  expect((await listVersions(db)).map(({ status }) => status)).toEqual(['retired', 'champion']);
}, 120_000);
