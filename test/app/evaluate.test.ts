import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerEvaluate } from '../../app/commands/evaluate.ts';
import type { Report } from '../../core/evaluate/evaluate.ts';
import { seriesCourses, seriesRows } from '../core/recommend/series.ts';

let folder: string;
const file = (name: string): string => path.join(folder, name);
let printed: string[] = [];
let warned: string[] = [];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'coursebell-evaluate-'));
  const rows = seriesRows({ learners: 120, rated: true });
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 19);
  const half = Math.floor(rows.length / 2);
  // One file like a shop's export with a byte order mark, one of JSON lines: other names, other order.
  await fs.writeFile(
    file('views.csv'),
    `\uFEFFitem,person,at\n${rows
      .slice(0, half)
      .map((row) => `${row.course},${row.learner},${time(row.time)}`)
      .join('\n')}\nunknown course,learner 1,2024-03-01 00:00:00\nexcel-1,,2024-03-01 00:00:00\n`,
  );
  await fs.writeFile(
    file('rated.jsonl'),
    rows
      .slice(half)
      .map((row) =>
        JSON.stringify({ person: row.learner, item: row.course, at: row.time, stars: 1 + Math.round(row.rating * 4) }),
      )
      .join('\n'),
  );
  await fs.writeFile(
    file('courses.csv'),
    `item,name,description,topics,teacher\n${seriesCourses
      .map(({ id, title, topics }) => `${id},${title},"two lines\nof ${topics[0]!}","['${topics[0]!}']",Ada`)
      .join('\n')}`,
  );
  await fs.writeFile(file('train.csv'), 'user_id,course_id\nu,a\nu,b\nv,a\nv,c\nw,b\nw,c\n');
  await fs.writeFile(file('header.csv'), 'user_id,course_id\n');
  await fs.writeFile(file('excel.csv'), 'user_id;course_id\nu;a\n');
  await fs.writeFile(file('once.csv'), 'user_id,course_id\nu,a\nv,b\n');
  await fs.writeFile(file('at-once.csv'), `user_id,course_id,occurred_at\nu,a,2024-01-01\nu,b,2024-01-01\n`);
  await fs.writeFile(file('test.csv'), 'user_id,course_id\nu,c\nw,a\nnew,a\nnew,b\n');
});

afterAll(() => fs.rm(folder, { recursive: true }));

beforeEach(() => {
  printed = [];
  warned = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void warned.push(text));
  return () => vi.restoreAllMocks();
});

async function run(...args: string[]): Promise<Report> {
  const program = new Command().exitOverride();
  registerEvaluate(program);
  await program.parseAsync(['evaluate', '--json', file('report.json'), ...args], { from: 'user' });
  return JSON.parse(await fs.readFile(file('report.json'), 'utf8')) as Report;
}

const shop = () => [
  ...['--behavior', file('views.csv'), file('rated.jsonl'), '--courses', file('courses.csv')],
  ...['--map', 'user_id=person,course_id=item,occurred_at=at,title=name,instructor=teacher'],
  ...['--type', 'rate:stars'],
];

describe('coursebell evaluate', () => {
  it('splits mapped files of both kinds by the last course, and writes table and JSON', async () => {
    const report = await run(...shop(), '--protocol', 'last-out', '--models', 'popular,item-knn,content');
    expect(report.protocol).toBe('last-out');
    expect(report.dataset).toMatchObject({ learners: 120, courses: 36 });
    expect(Object.keys(report.models)).toEqual(['popular', 'item-knn', 'content']);
    expect(report.models['item-knn']!.rmse).toBeLessThan(0.3);
    expect(report.models['content']!.diversity).toBeGreaterThan(0);
    expect(printed.join('\n')).toContain('HR@10');
    expect(warned).toEqual([
      '1 rows left out: no learner, no course, or no readable time',
      '1 rows left out: their course is not in the catalogue',
    ]);
    expect((await fs.readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('splits by time', async () => {
    const report = await run(...shop(), '--protocol', 'time', '--at', '2024-06-01', '--models', 'trending', '--k', '5');
    expect(report).toMatchObject({ protocol: 'time', k: 5 });
    const { by_history, groups } = report.models['trending']!;
    expect(by_history['0']!.n).toBeGreaterThan(0);
    expect(groups['cold']!.n).toBe(by_history['0']!.n);
    expect(groups['newcomers']!.n).toBeLessThanOrEqual(groups['cold']!.n);
  });

  it('splits by the last course unless told otherwise, and draws intervals when asked', async () => {
    const report = await run(...shop(), '--models', 'popular,trending', '--clock', 'asked', '--bootstrap');
    expect(report).toMatchObject({ protocol: 'last-out', clock: 'asked', rounds: 1, left_out: [] });
    const [low, high] = report.models['popular']!.intervals!.hr;
    expect(low).toBeLessThan(report.models['popular']!.hr!);
    expect(high).toBeGreaterThan(report.models['popular']!.hr!);
    expect(report.bootstrap!.pairs).toEqual([]);
    expect(report.baselines!.bias.rmse).toBeLessThan(report.baselines!.global_mean.rmse!);
    expect(printed.join('\n')).toContain('95 % intervals');
  });

  it.each(['first-out', 'rolling'])('evaluates %s in several fits', async (protocol) => {
    const report = await run(...shop(), '--protocol', protocol, '--models', 'popular,trending');
    expect(report).toMatchObject({ protocol, clock: 'asked' });
    expect(report.rounds).toBeGreaterThan(3);
    expect(report.models['trending']!.hr).toBeGreaterThan(0);
  });

  it('takes a split made elsewhere, without times, and several test courses a learner', async () => {
    const report = await run('--train', file('train.csv'), '--test', file('test.csv'), '--models', 'popular,hybrid');
    expect(report.dataset).toEqual({ learners: 4, courses: 3, train: 6, test: 4, asked: 3 });
    expect(report.models['hybrid']!.by_history['0']).toMatchObject({ n: 1 });
    expect(report.models['hybrid']!.hr).toBe(1);
  });

  it('says that rows stand for times where there are none', async () => {
    await run('--train', file('train.csv'), '--test', file('test.csv'), '--models', 'popular');
    expect(warned.join('\n')).toContain('Without times the order');
  });

  it('refuses a report that can not be written before any work', async () => {
    const program = new Command().exitOverride();
    registerEvaluate(program);
    const args = ['evaluate', '--behavior', file('absent.csv'), '--json', folder];
    await expect(program.parseAsync(args, { from: 'user' })).rejects.toThrow('is a folder; name a file in it');
  });

  it('makes the folder of the report', async () => {
    const report = file('new/folder/report.json');
    await run('--train', file('train.csv'), '--test', file('test.csv'), '--models', 'popular', '--json', report);
    expect(JSON.parse(await fs.readFile(report, 'utf8'))).toMatchObject({ protocol: 'pre-split' });
  });

  const views = ['--behavior', 'views.csv', '--map', 'user_id=person,course_id=item,occurred_at=at'];
  it.each([
    [['--protocol', 'last-out'], 'Give either --behavior'],
    [['--behavior', 'train.csv', '--protocol', 'rolling'], '--protocol rolling needs times'],
    [['--behavior', 'train.csv', '--protocol', 'first-out', '--clock', 'last'], 'leave --clock out'],
    [['--behavior', 'train.csv', '--clock', 'asked'], '--clock asked needs times'],
    [['--behavior', 'train.csv', '--every', '30'], '--every says how often'],
    [['--behavior', 'views.csv', '--protocol', 'rolling', '--every', 'month'], '--every: "month"'],
    [['--behavior', 'train.csv', '--protocol', 'time'], 'go together'],
    [['--behavior', 'train.csv', '--protocol', 'time', '--at', 'soon'], '--at: "soon"'],
    [['--behavior', 'train.csv', '--protocol', 'time', '--at', '2024-01-01'], 'needs times'],
    [[...views, '--protocol', 'time', '--at', '2001-01-01'], 'nothing was taken before 2001-01-01'],
    [[...views, '--protocol', 'time', '--at', '2101-01-01'], 'nobody took a new course from 2101-01-01 on'],
    [['--train', 'train.csv'], 'given together'],
    [['--behavior', 'train.csv', '--protocol', 'last-out', '--models', 'magic'], 'no model "magic"'],
    [['--behavior', 'train.csv', '--protocol', 'last-out', '--k', '0'], '--k: "0"'],
    [
      ['--behavior', 'train.csv', '--protocol', 'last-out', '--type', 'rate:stras'],
      'no behaviour file has a column stras',
    ],
    [['--behavior', 'train.csv', '--rating-scale', '5'], '--rating-scale takes MIN-MAX'],
    [['--behavior', 'header.csv'], 'No row of'],
    [['--behavior', 'once.csv'], 'none took two courses'],
    [['--behavior', 'excel.csv'], 'seem to be separated by ;'],
    [['--behavior', 'at-once.csv', '--protocol', 'first-out'], 'Are all times the same?'],
    [
      ['--behavior', 'train.csv', '--courses', 'courses.csv', '--map', 'course_id=item,title=name'],
      'such as a; it has',
    ],
    [['--behavior', 'train.csv', '--rerank', '--models', 'popular'], 'name hybrid in --models'],
    [['--behavior', 'absent.csv', '--protocol', 'last-out'], 'There is no file'],
    [['--behavior', 'train.csv', '--protocol', 'last-out', '--map', 'learner=x'], 'there is no column learner'],
    [['--behavior', 'train.csv', '--protocol', 'last-out', '--map', 'course_id=item'], 'there is no column item'],
    [
      ['--behavior', 'train.csv', '--courses', 'courses.csv', '--protocol', 'last-out', '--map', 'title=nmae'],
      'there is no column nmae',
    ],
    [['--behavior', 'views.csv', '--protocol', 'last-out'], '--map user_id='],
    [['--behavior', 'train.csv', '--courses', 'train.csv'], 'train.csv has learners (user_id) and no titles'],
  ])('explains %j', async (args, message) => {
    await expect(run(...args.map((arg) => (/\.csv$/.test(arg) ? file(arg) : arg)))).rejects.toThrow(message);
  });
});
