import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerOpe } from '../../app/commands/ope.ts';
import type { OpeReport } from '../../core/evaluate/ope/ope.ts';

let folder: string;
const file = (name: string): string => path.join(folder, name);
let printed: string[] = [];
let warned: string[] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'coursebell-ope-'));
});
afterAll(() => fs.rm(folder, { recursive: true }));

beforeEach(() => {
  printed = [];
  warned = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void warned.push(text));
  return () => vi.restoreAllMocks();
});

async function run(...args: string[]): Promise<OpeReport> {
  const program = new Command().exitOverride();
  registerOpe(program);
  await program.parseAsync(['ope', '--json', file('report.json'), ...args], { from: 'user' });
  return JSON.parse(await fs.readFile(file('report.json'), 'utf8')) as OpeReport;
}

describe('coursebell ope --file', () => {
  it('reads CSV, leaves out what is no impression, and estimates', async () => {
    const rows = [
      's1,0.25,1,0.5',
      's1,0.5,0,0.25',
      's2,0.5,1,0',
      's3,0.5,1,0.5',
      's4,0,1,0.5',
      's5,0.5,,0.5',
      ',1,1,1',
    ];
    await fs.writeFile(file('a.csv'), `context,propensity,reward,candidate_propensity\n${rows.join('\n')}\n`);
    const { policies } = await run('--file', file('a.csv'));
    expect(policies[0]).toMatchObject({ n: 4, clusters: 3, dr: null, intervals: 'sandwich' });
    expect(policies[0]!.snips!.value).toBeCloseTo(3 / 3.5, 12);
    expect(warned).toEqual(['3 rows left out: a number is missing or out of its range']);
    expect(printed.join('\n')).toContain('too few to go by');
    const clipped = await run('--file', file('a.csv'), '--clip', '1', '--bootstrap', '200');
    expect(clipped.policies[0]!.clipped).toMatchObject({ limit: 1, share: 0.25 });
    expect(printed.at(-1)).toContain('weights end at 1');
    expect(printed.at(-1)).toContain('resampled learners');
  });

  it('reads JSON lines with predictions, and joins the rows of one learner', async () => {
    const row = (learner: string, reward: number) => ({
      ...{ context: `${learner} ${reward}`, learner, propensity: 0.5, reward, candidate_propensity: 0.25 },
      ...{ predicted_reward: 0.5, expected_reward: 0.4 },
    });
    await fs.writeFile(
      file('a.jsonl'),
      [row('u', 0), row('u', 1), row('v', 1)].map((one) => JSON.stringify(one)).join('\n'),
    );
    const { policies } = await run('--file', file('a.jsonl'));
    expect(policies[0]!.clusters).toBe(2);
    // .4 + .5 · mean(r − .5)
    expect(policies[0]!.dr!.value).toBeCloseTo(0.4 + 0.5 * (0.5 / 3), 12);
  });

  it('says plainly that a policy without chance teaches nothing', async () => {
    await fs.writeFile(file('b.csv'), 'context,propensity,reward,candidate_propensity\na,1,1,1\nb,1,0,0\nc,1,0,1\n');
    const report = await run('--file', file('b.csv'));
    expect(report.certain).toBe(1);
    expect(report.policies[0]!.overlap).toBeCloseTo(2 / 3, 12);
    expect(printed.join('\n')).toContain('The logged policy left nothing to chance');
  });

  it('names what it can not read', async () => {
    await fs.writeFile(file('c.csv'), 'context,propensity,reward\na,1,1\n');
    await expect(run('--file', file('c.csv'))).rejects.toThrow(/no column candidate_propensity/);
    await expect(run('--file', file('none.csv'))).rejects.toThrow(/no file/);
    await expect(run('--file', file('a.csv'), '--clip', '0')).rejects.toThrow(/--clip: "0" is not a number above 0/);
    await expect(run('--file', file('a.csv'), '--days', '3')).rejects.toThrow(/--days goes with the database/);
    await expect(run('--until', '2999-01-01')).rejects.toThrow(/--until lies in the future/);
    await expect(run('--policy', 'best')).rejects.toThrow(/--policy/);
  });
});
