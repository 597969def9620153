import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerTune } from '../../app/commands/tune.ts';
import type { Tuned } from '../../core/evaluate/tune/tune.ts';
import { seriesRows } from '../core/recommend/series.ts';

let folder: string;
const file = (name: string): string => path.join(folder, name);
let printed: string[] = [];
let warned: string[] = [];

const lines = (rows: ReturnType<typeof seriesRows>): string =>
  `user_id,course_id,occurred_at\n${rows.map(({ learner, course, time }) => `${learner},${course},${new Date(time * 1000).toISOString()}`).join('\n')}\n`;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'coursebell-tune-'));
  const rows = seriesRows({ learners: 400 });
  await fs.writeFile(file('all.csv'), lines(rows));
  // The same, but for what each learner took last.
  const ids = [...new Set(rows.map(({ course }) => course))];
  const changed = rows.map((row, at) => {
    const own = rows.filter(({ learner }) => learner === row.learner);
    const tested = rows[at + 1]?.learner !== row.learner && own.length > 1;
    const unseen = ids.find((id) => own.every(({ course }) => course !== id))!;
    return tested && own.filter(({ course }) => course === row.course).length === 1 ? { ...row, course: unseen } : row;
  });
  expect(changed.filter((row, at) => row !== rows[at]).length).toBeGreaterThan(200);
  await fs.writeFile(file('other-test.csv'), lines(changed));
});
afterAll(() => fs.rm(folder, { recursive: true }));

beforeEach(() => {
  printed = [];
  warned = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void warned.push(text));
  return () => vi.restoreAllMocks();
});

async function run(out: string, ...args: string[]): Promise<Tuned> {
  const program = new Command().exitOverride();
  registerTune(program);
  await program.parseAsync(['tune', '--trials', '4', '--model', 'markov', '--out', file(out), ...args], {
    from: 'user',
  });
  return JSON.parse(await fs.readFile(file(out), 'utf8')) as Tuned;
}

describe('coursebell tune', () => {
  it('searches files, writes what it recommends, and goes on from its journal', async () => {
    const tuned = await run('a.json', '--train', file('all.csv'));
    expect(tuned).toMatchObject({ model: 'markov', cut: 'last', cutShort: false });
    expect(printed.join('\n')).toContain('Recommended:');
    const again = await run('a.json', '--train', file('all.csv'));
    expect(again).toEqual(tuned);
    expect(warned).toEqual([`Going on after ${tuned.trials.length} fits of a run before`]);
  });

  it('does not look at what the protocol tests', async () => {
    const split = ['--protocol', 'last-out', '--courses', file('courses.csv')];
    await fs.writeFile(
      file('courses.csv'),
      `course_id,title\n${[...new Set(seriesRows({ learners: 400 }).map(({ course }) => course))].map((id) => `${id},${id}`).join('\n')}\n`,
    );
    const known = ({ trials, ...rest }: Tuned) => ({ ...rest, trials: trials.map(({ ndcg }) => ndcg) });
    const one = await run('b.json', '--behavior', file('all.csv'), ...split);
    const other = await run('c.json', '--behavior', file('other-test.csv'), ...split);
    expect(known(other)).toEqual(known(one));
  });

  it('says what it can not do', async () => {
    await expect(run('d.json', '--behavior', file('all.csv'))).rejects.toThrow(/--protocol are given together/);
    await expect(run('d.json', '--train', file('all.csv'), '--model', 'no')).rejects.toThrow(/there is no model "no"/);
    await expect(run('d.json', '--train', file('all.csv'), '--model', 'popular')).rejects.toThrow(
      /no setting to search. Models that have: .*markov.*ease/,
    );
    await expect(run('d.json', '--train', file('all.csv'), '--minutes', 'x')).rejects.toThrow(/--minutes: "x"/);
    await expect(run('f.json', '--train', file('all.csv'), '--model', 'lstm')).rejects.toThrow(
      /at least 5000 interactions/,
    );
    expect(await fs.readdir(folder)).not.toContain('f.json.journal.jsonl');
    await expect(run('.', '--train', file('all.csv'))).rejects.toThrow(/--out: .* is a folder/);
    await run('e.json', '--train', file('all.csv'));
    await expect(run('e.json', '--train', file('all.csv'), '--seed', '2')).rejects.toThrow(/other seed/);
  });
});
