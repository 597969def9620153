import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { importFiles } from '../../../core/behaviour/import/import.ts';
import { silent } from '../../../core/numerics/progress.ts';
import { connect, type Database } from '../../../prisma/connect.ts';
import { testDatabase } from '../../setup/database.ts';

const ROWS = 30_000;
const clean = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-cli-'));
fs.chmodSync(folder, 0o755);
const data = path.join(folder, 'd');
const [courses, behavior] = [path.join(folder, 'courses.csv'), path.join(folder, 'behavior.csv')];
fs.writeFileSync(courses, 'course_id,title\nc0,Zero\nc1,One\nc2,Two\n');
fs.writeFileSync(behavior, behaviour());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function behaviour(): string {
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const at = new Date(Date.UTC(2022, 0) + row * 60_000).toISOString();
    return `u${row % 700},c${row % 4},${row % 3 === 0 ? 'rate' : 'view'},${1 + (row % 5)},${at}`;
  });
  return `user_id,course_id,behavior_type,value,occurred_at\n${lines.join('\n')}\n`;
}

function command(...args: string[]) {
  const child = spawn(process.execPath, ['app/coursebell.js', ...args], {
    cwd: path.join(import.meta.dirname, '../../..'),
    env: { ...process.env, COURSEBELL_DATA: data, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors }));
  return { child, ended };
}

async function stored(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>('select count(*)::int as n from events');
  return rows[0]!.n;
}

async function snapshot(db: Database): Promise<string> {
  const { rows } = await db.pool.query<{ all: string }>(
    `select md5(string_agg(concat_ws('|', external_id, idempotency_key, course_id, type, value, occurred_at, set_aside), ',' order by idempotency_key)) as all
     from events join external_ids using (learner_id)`,
  );
  return rows[0]!.all;
}

test('killed in the middle, a second run completes it as if nothing had happened', { timeout: 300_000 }, async () => {
  await importFiles(clean, {
    ...{ courses: [courses], learners: [], behavior: [behavior], map: [], types: [], ratingScale: undefined },
    ...{ undated: false, zone: 'UTC', currency: 'CNY', now: new Date(), folder, progress: silent },
  });
  const wanted = await stored(clean);
  const db = await connect({ folder: data });
  try {
    const first = command('import', '--courses', courses, '--behavior', behavior);
    while ((await stored(db)) === 0 && first.child.exitCode === null);
    first.child.kill('SIGKILL');
    expect((await first.ended).code).toBeNull();
    const halfway = await stored(db);
    expect(halfway).toBeGreaterThan(0);
    expect(halfway).toBeLessThan(wanted);

    const second = await command('import', '--courses', courses, '--behavior', behavior, '--json').ended;
    expect(second).toMatchObject({ code: 0 });
    const report = JSON.parse(second.output) as { files: { kept: { new: number }; findings: { reason: string }[] }[] };
    // A batch that was on its way when the process died may have been stored after we looked.
    expect(report.files[1]!.kept.new).toBeLessThanOrEqual(wanted - halfway);
    expect(report.files[1]!.findings.map(({ reason }) => reason).sort()).toEqual(['duplicate', 'unknown-course']);
    expect(await stored(db)).toBe(wanted);
    expect(await snapshot(db)).toBe(await snapshot(clean));
  } finally {
    await db.close();
  }
});

test('a mistake of the caller ends with a sentence and a failing code, nothing on standard output', async () => {
  const { code, output, errors } = await command('import', '--json', '--behavior', courses).ended;
  expect([code, output]).toEqual([1, '']);
  expect(errors).toMatch(/courses.csv has no column user_id. Its columns are: course_id, title/);
  expect(errors).not.toMatch(/\bat .*\.ts/);
});
