import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ColumnError } from '../../../../core/behaviour/columns.ts';
import type { Event } from '../../../../core/behaviour/event.ts';
import { FileError } from '../../../../core/behaviour/files.ts';
import { importFiles, type ImportOptions } from '../../../../core/behaviour/import/import.ts';
import { eventsOf } from '../../../../core/behaviour/store.ts';
import { loadCourses } from '../../../../core/catalogue/store.ts';
import { erasureKey, eraseLearner } from '../../../../core/learner/erasure/store.ts';
import { resolveExternal } from '../../../../core/learner/store.ts';
import { silent } from '../../../../core/numerics/progress.ts';
import { testDatabase } from '../../../setup/database.ts';

const db = testDatabase();
const fixtures = path.join(import.meta.dirname, '../../../fixtures/import');
const fixture = (name: string) => path.join(fixtures, name);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-import-'));

beforeEach(async () => {
  await db.pool.query('truncate learners, courses, erased_ids, settings cascade');
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

function run(options: Partial<ImportOptions>) {
  return importFiles(db, {
    ...{ courses: [], learners: [], behavior: [], map: [], types: [], ratingScale: undefined, undated: false },
    ...{ zone: 'UTC', currency: 'CNY', now: new Date('2024-01-01T00:00:00Z'), folder, progress: silent },
    ...options,
  });
}

/** A file of its own, its name part of event keys only where it is undated. */
function file(name: string, text: string | Buffer): string {
  fs.mkdirSync(folder, { recursive: true });
  const made = path.join(folder, name);
  fs.writeFileSync(made, text);
  return made;
}

async function eventsOfExternal(...externalIds: string[]): Promise<Event[]> {
  const found = await resolveExternal(db, externalIds, { create: false });
  const ids = externalIds.flatMap((id) => found.ids.get(id) ?? []);
  const events = await Promise.all(ids.map((id) => eventsOf(db, id)));
  return events.flat();
}

const short = ({ type, courseId, value, occurredAt }: Event) => [type, courseId, value, occurredAt.toISOString()];

/** What is stored of behaviour, whoever's row ids it got. */
async function snapshot() {
  const { rows } = await db.pool.query(
    `select external_id, idempotency_key, course_id, type, value, occurred_at, circumstances, set_aside
     from events join external_ids using (learner_id) order by idempotency_key`,
  );
  return rows as unknown[];
}

test('a catalogue in all its forms', async () => {
  const report = await run({ courses: [fixture('courses.csv')] });
  const courses = new Map((await loadCourses(db)).map((course) => [course.id, course]));
  expect(courses.get('py1')).toEqual({
    id: 'py1',
    title: 'Python, from zero',
    description: 'Two lines:\nthe second "quoted" one.',
    translations: { zh: { title: '零基础学 Python', description: 'Two lines:\nthe second "quoted" one.' } },
    topics: ['Python', 'Data'],
    level: 'beginner',
    language: 'zh',
    priceMinor: 19900,
    currency: 'CNY',
    durationMinutes: 90,
    instructor: 'T. One',
    publishedAt: new Date('2020-01-01T00:00:00Z'),
    archived: false,
    attributes: { format: 'video' },
    simulated: false,
  });
  expect(courses.get('xl1')).toMatchObject({
    ...{ description: '', topics: ['Excel', 'Charts, and more'], level: 'intermediate', language: 'en' },
    ...{ priceMinor: 129950, currency: 'USD', durationMinutes: 45, instructor: null, archived: false },
  });
  expect(courses.get('xl2')).toMatchObject({
    ...{ topics: ['Excel', 'Data', 'Charts'], level: 'advanced', language: 'zh', priceMinor: 0, archived: true },
    ...{ durationMinutes: null, publishedAt: null, attributes: { format: 'article' } },
  });
  expect(courses.get('odd1')).toMatchObject({
    ...{
      level: 'for all',
      language: 'fr',
      priceMinor: null,
      durationMinutes: null,
      publishedAt: null,
      archived: false,
    },
  });
  const [{ rows, kept, findings, rejects }] = report.files as [(typeof report.files)[0]];
  expect([rows, kept]).toEqual([6, { new: 4, changed: 0, unchanged: 0 }]);
  expect(findings.map(({ reason, treatment, lines }) => [reason, treatment, lines]).sort()).toEqual([
    ['bad-archived', 'value left out', [9]],
    ['bad-duration_minutes', 'value left out', [9]],
    ['bad-price', 'value left out', [9]],
    ['bad-published_at', 'value left out', [9]],
    ['missing-course', 'rejected', [7]],
    ['missing-currency', 'filled', [2, 5]],
    ['missing-language', 'filled', [5]],
    ['missing-title', 'rejected', [8]],
  ]);
  expect(fs.readFileSync(rejects!, 'utf8').split('\n').slice(1)).toEqual([
    '7,missing-course,,No id,,,,,,,,,,,,',
    '8,missing-title,bad1,,,,,,,,,,,,,',
    '',
  ]);
});

test('a second catalogue changes only what its columns say', async () => {
  await run({ courses: [fixture('courses.csv')] });
  const before = (await loadCourses(db)).find(({ id }) => id === 'py1')!;
  const prices = file('prices.csv', 'sku,name,price\npy1,Python anew,99\nnew,New,5\n');
  const report = await run({ courses: [prices], map: ['course_id=sku,title=name'] });
  expect(report.files[0]!.kept).toEqual({ new: 1, changed: 1, unchanged: 0 });
  const after = (await loadCourses(db)).find(({ id }) => id === 'py1')!;
  expect(after).toEqual({ ...before, title: 'Python anew', priceMinor: 9900 });
  const again = await run({ courses: [fixture('courses.csv'), prices], map: ['course_id=sku,title=name'] });
  expect(again.files.map(({ kept }) => kept)).toEqual([
    { new: 0, changed: 1, unchanged: 3 },
    { new: 0, changed: 1, unchanged: 1 },
  ]);
});

test('learners from JSON lines', async () => {
  const report = await run({ learners: [fixture('learners.jsonl')] });
  const { ids } = await resolveExternal(db, ['1', 'u2'], { create: false });
  const learner = (id: string) => db.prisma.learner.findUniqueOrThrow({ where: { id: ids.get(id)! } });
  expect(await learner('1')).toMatchObject({
    ...{ language: 'zh', occupation: '会计', level: 'beginner', timeZone: 'Asia/Shanghai', recording: false },
    ...{ joinedAt: new Date('2021-05-05T23:08:09Z'), attributes: { city: "Xi'an" } },
  });
  expect(await learner('u2')).toMatchObject({
    ...{ language: 'en', goal: 'be promoted', timeZone: null, occupation: null, attributes: { tags: '["a","b"]' } },
  });
  const [{ rows, kept, findings }] = report.files as [(typeof report.files)[0]];
  expect([rows, kept]).toEqual([5, { new: 2, changed: 0, unchanged: 0 }]);
  expect(findings.map(({ reason, lines }) => [reason, lines]).sort()).toEqual([
    ['bad-time_zone', [2]],
    ['duplicate', [6]],
    ['malformed', [4]],
    ['missing-user', [5]],
  ]);
});

test('behaviour: every form of time and value, every verdict with its lines, the rest rejected with the reason', async () => {
  const report = await run({ courses: [fixture('courses.csv')], behavior: [fixture('behavior.csv')] });
  expect((await eventsOfExternal('1', 'u2', 'u3', 'u4')).map(short)).toEqual([
    ['enrol', 'py1', null, '2022-01-02T03:04:05.000Z'],
    ['rate', 'py1', 1, '2022-01-03T03:04:05.000Z'],
    ['progress', 'xl1', 0.5, '2022-01-04T03:04:05.000Z'],
    ['purchase', 'xl1', 129950, '2022-01-06T00:00:00.000Z'],
    ['purchase', 'xl1', 120000, '2022-01-06T00:00:00.000Z'],
    ['rate', 'xl1', 0, '2022-01-06T00:00:00.000Z'],
    ['register', null, null, '2022-01-01T00:00:00.000Z'],
  ]);
  const behavior = report.files[1]!;
  expect(behavior).toMatchObject({ rows: 21, events: 21, kept: { new: 7 } });
  expect(behavior.notes).toEqual([
    'ratings are on 1-4 (read from the file, where they are 1 to 4)',
    'progress is in per cent (read from the file)',
  ]);
  expect(
    behavior.findings.map(({ reason, treatment, count, lines }) => [reason, treatment, count, lines]).sort(),
  ).toEqual([
    ['bad-time', 'rejected', 1, [13]],
    ['bad-value', 'rejected', 2, [10, 21]],
    ['before-1990', 'rejected', 1, [15]],
    ['duplicate', 'left out', 1, [4]],
    ['future-time', 'rejected', 1, [14]],
    ['missing-course', 'rejected', 1, [17]],
    ['missing-time', 'rejected', 1, [12]],
    ['missing-type', 'rejected', 1, [18]],
    ['missing-user', 'rejected', 1, [16]],
    ['missing-value', 'filled', 1, [8]],
    ['missing-value', 'rejected', 1, [20]],
    ['out-of-range', 'rejected', 1, [6]],
    ['unknown-course', 'rejected', 1, [7]],
    ['unknown-type', 'rejected', 1, [11]],
  ]);
  const rejected = fs.readFileSync(behavior.rejects!, 'utf8').trimEnd().split('\n');
  expect(rejected).toHaveLength(1 + 13);
  expect(rejected.slice(0, 2)).toEqual([
    'line,reason,user_id,course_id,behavior_type,value,occurred_at',
    '6,out-of-range (progress),u2,xl1,progress,140,1641265446',
  ]);
});

test('half a character in JSON lines is malformed, and stops no other row', async () => {
  const rows = [
    { course_id: 'half', title: 'Half \ud83d', note: 'x' },
    { course_id: 'whole', title: 'Whole 😀', note: '\ude00' },
    { course_id: 'sound', title: 'Sound 😀', note: '\\ud83d' },
  ];
  const report = await run({
    courses: [file('c.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))],
  });
  expect(report.files[0]).toMatchObject({ rows: 3, kept: { new: 1 } });
  expect(report.files[0]!.findings).toMatchObject([{ reason: 'malformed', lines: [1, 2] }]);
});

test('a report names the first lines, also of what a second run finds double', async () => {
  const courses = [file('courses.csv', 'course_id,title\npy1,Python\n')];
  const row = 'u1,py1,view,2023-01-01';
  const rows = ['user_id,course_id,behavior_type,occurred_at', row, row, row, 'u2,py1,view,2023-01-01'];
  const behavior = [file('b.csv', rows.join('\n'))];
  await run({ courses, behavior });
  const again = await run({ behavior });
  expect(again.files[0]!.findings).toMatchObject([{ reason: 'duplicate', count: 4, lines: [2, 3, 4, 5] }]);
});

test('one event of each type from each row, one source under several names, the rating scale read from the file', async () => {
  const courses = file('courses.csv', 'item,name,when\npy1,Python,2019\nxl1,Excel,2020-02-03\n');
  const options = {
    ...{ courses: [courses], behavior: [fixture('watches.csv')] },
    map: ['user_id=who,course_id=item,title=name', 'published_at=when,occurred_at=when'],
    types: ['progress:watched', 'rate:stars', 'view'],
  };
  const report = await run(options);
  expect((await loadCourses(db)).map(({ publishedAt }) => publishedAt?.toISOString())).toEqual([
    '2019-01-01T00:00:00.000Z',
    '2020-02-03T00:00:00.000Z',
  ]);
  expect((await eventsOfExternal('a', 'b')).map(short)).toEqual([
    ['progress', 'py1', 1, '2022-02-01T10:00:00.000Z'],
    ['rate', 'py1', 1, '2022-02-01T10:00:00.000Z'],
    ['view', 'py1', null, '2022-02-01T10:00:00.000Z'],
    ['progress', 'xl1', 0.37, '2022-02-01T11:00:00.000Z'],
    ['view', 'xl1', null, '2022-02-01T11:00:00.000Z'],
    ['progress', 'py1', 0, '2022-02-02T10:00:00.000Z'],
    ['rate', 'py1', 0, '2022-02-02T10:00:00.000Z'],
    ['view', 'py1', null, '2022-02-02T10:00:00.000Z'],
  ]);
  expect(report.files[1]).toMatchObject({
    ...{ rows: 3, events: 9, kept: { new: 8 }, findings: [{ reason: 'missing-value', count: 1, lines: [3] }] },
    notes: expect.arrayContaining(['ratings are on 1-10 (read from the file, where they are 1 to 10)']) as unknown,
  });

  // Another scale makes other values of new events, and no second event of the same fact.
  const wider = await run({ ...options, ratingScale: '0-10' });
  expect(wider.files[1]!.kept.new).toBe(0);
});

test('times without a zone are of --tz, times with one are not', async () => {
  const courses = file('c.csv', 'course_id,title\nc,C\n');
  const behavior = file(
    'b.csv',
    'user_id,course_id,behavior_type,occurred_at\nz,c,view,2022-01-01 08:00:00\nz,c,view,2022-01-01T08:00:00Z\n',
  );
  await run({ courses: [courses], behavior: [behavior], zone: 'Asia/Shanghai' });
  expect((await eventsOfExternal('z')).map(({ occurredAt }) => occurredAt.toISOString())).toEqual([
    '2022-01-01T00:00:00.000Z',
    '2022-01-01T08:00:00.000Z',
  ]);
});

test('files without times keep the order of their rows, count repeats, and change nothing when repeated', async () => {
  const options = { courses: [fixture('courses.csv')], behavior: [fixture('undated.csv')], undated: true };
  const report = await run(options);
  const events = (await eventsOfExternal('z', 'y')).sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  expect(events.map(({ type, courseId }) => [type, courseId])).toEqual([
    ['view', 'py1'],
    ['view', 'xl1'],
    ['view', 'py1'],
    ['enrol', 'xl1'],
  ]);
  expect(events.every(({ circumstances }) => circumstances.undated)).toBe(true);
  expect(events.at(-1)!.occurredAt.getTime()).toBeLessThanOrEqual(fs.statSync(fixture('undated.csv')).mtimeMs);
  expect(report.files[1]!.kept.new).toBe(4);
  expect((await run(options)).files[1]!.kept.new).toBe(0);
  await expect(run({ ...options, undated: false })).rejects.toThrow(
    /undated.csv has no column occurred_at.*--undated/s,
  );
});

test('the same files twice change nothing', async () => {
  const files = {
    ...{ courses: [fixture('courses.csv')], learners: [fixture('learners.jsonl')] },
    behavior: [fixture('behavior.csv'), fixture('behavior.csv')],
  };
  const first = await run(files);
  const before = await snapshot();
  const again = await run(files);
  expect(await snapshot()).toEqual(before);
  expect(first.files.map(({ kept }) => kept.new)).toEqual([4, 2, 7, 0]);
  expect(again.files.map(({ kept }) => kept)).toEqual([
    { new: 0, changed: 0, unchanged: 4 },
    { new: 0, changed: 0, unchanged: 2 },
    { new: 0 },
    { new: 0 },
  ]);
});

test('people erased before are counted, and neither imported nor written anywhere', async () => {
  const files = {
    courses: [fixture('courses.csv')],
    learners: [file('l.csv', 'user_id,goal\nu3,hide\nother,stay\n')],
    behavior: [fixture('behavior.csv')],
  };
  await run(files);
  const { ids } = await resolveExternal(db, ['u3'], { create: false });
  const key = await erasureKey(db);
  await db.prisma.$transaction((tx) => eraseLearner(tx, key, ids.get('u3')!));

  const [, learners, behavior] = (await run(files)).files;
  expect(learners!.findings).toMatchObject([{ reason: 'erased', count: 1, lines: [2] }]);
  expect(behavior!.findings).toContainEqual(
    expect.objectContaining({ reason: 'erased', treatment: 'left out', count: 3, lines: [8, 9, 22] }),
  );
  expect((await resolveExternal(db, ['u3'], { create: false })).ids.size).toBe(0);
});

test('robots and outliers are set aside, and found in the files', async () => {
  const rows = ['user_id,course_id,behavior_type,value,occurred_at'];
  const time = (second: number) => new Date(Date.UTC(2022, 0, 1, 12) + Math.floor(second * 1000)).toISOString();
  for (let person = 0; person < 40; person++)
    rows.push(`p${person},py1,purchase,${180 + person},${time(person * 3600)}`);
  rows.push(`whale,py1,purchase,999999,${time(0)}`);
  for (let act = 0; act < 90; act++) rows.push(`bot,xl1,view,,${time(act / 3)}`);
  const report = await run({ courses: [fixture('courses.csv')], behavior: [file('odd.csv', rows.join('\n'))] });
  expect(report.files[1]!.kept.new).toBe(131);
  expect(report.setAside).toMatchObject([
    {
      reason: 'robot',
      events: 90,
      learners: 1,
      first: [43, 44, 45, 46, 47].map((line) => ({ file: 'odd.csv', line })),
    },
    { reason: 'outlier', events: 1, learners: 1, first: [{ file: 'odd.csv', line: 42 }] },
  ]);
  expect((await eventsOfExternal('bot', 'whale')).map(({ setAside }) => setAside)).toEqual([
    ...Array.from({ length: 90 }, () => 'robot'),
    'outlier',
  ]);
});

test.each<[string, Partial<ImportOptions> & { text?: string | Buffer }, RegExp, new (message: string) => Error]>([
  ['a missing file', { behavior: ['nowhere.csv'] }, /There is no file nowhere.csv/, FileError],
  ['an empty file', { text: '\n' }, /is empty/, FileError],
  ['a file in another encoding', { text: Buffer.from([0x61, 0x2c, 0xc4, 0xe3, 0x0a]) }, /not UTF-8/, FileError],
  [
    'a quote that is not closed',
    { text: 'user_id,course_id,behavior_type,occurred_at\na,py1,view,2020\nb,"py1\nc' },
    /line 3.*not closed/,
    FileError,
  ],
  [
    'a missing column',
    { text: 'who,course_id\n' },
    /no column user_id.*who, course_id.*--map user_id=<column>/,
    ColumnError,
  ],
  [
    'no type',
    { text: 'user_id,course_id,occurred_at\n' },
    /no column behavior_type.*--map behavior_type=.*--type/,
    ColumnError,
  ],
  ['an unknown type', { types: ['fly'], text: 'user_id,course_id,occurred_at\n' }, /no type fly.*view/, ColumnError],
  [
    'an unknown value column',
    { types: ['rate:stars'], text: 'user_id,course_id,occurred_at\n' },
    /no behaviour file has a column stars/,
    ColumnError,
  ],
  ['an unknown canonical name', { map: ['cost=price'], text: 'a,b\n' }, /no column cost/, ColumnError],
  [
    'an unknown source',
    { map: ['value=cost'], text: 'user_id,course_id,behavior_type,occurred_at\n' },
    /no column cost/,
    ColumnError,
  ],
  ['a scale upside down', { ratingScale: '5-1', text: 'a\n' }, /--rating-scale/, ColumnError],
])('%s is explained', async (_, { text, ...options }, message, kind) => {
  await run({ courses: [fixture('courses.csv')] });
  const running = run({ ...options, ...(text !== undefined && { behavior: [file('given.csv', text)] }) });
  await expect(running).rejects.toThrow(message);
  await expect(running).rejects.toBeInstanceOf(kind);
});
