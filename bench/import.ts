/**
 * Rows per second and peak memory of `coursebell import`: writes a file of random behaviour,
 * imports it into a new embedded database in a process of its own, and once more to see that
 * nothing changes.
 *
 *   npm run bench:import -- [rows, 1000000 by default]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../core/numerics/random.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const LEARNERS = Math.ceil(rows / 20);
const COURSES = 2000;
const SAMPLE_EVERY_MS = 20;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-bench-'));
// PostgreSQL runs as nobody when we are root, and must get in.
fs.chmodSync(folder, 0o755);
try {
  const [courses, behavior] = [path.join(folder, 'courses.csv'), path.join(folder, 'behavior.csv')];
  fs.writeFileSync(courses, coursesFile());
  await writeBehavior(behavior);
  console.log(
    `${rows} rows, ${LEARNERS} learners, ${COURSES} courses, ${(fs.statSync(behavior).size / 1e6).toFixed(0)} MB`,
  );
  await run('first courses', ['--courses', courses]);
  const first = await run('import', ['--behavior', behavior]);
  const again = await run('same file again', ['--behavior', behavior]);
  console.table([first, again]);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

function coursesFile(): string {
  const lines = Array.from({ length: COURSES }, (_, id) => `c${id},Course ${id},Topic ${id % 40},99`);
  return `course_id,title,topics,price\n${lines.join('\n')}\n`;
}

async function writeBehavior(file: string): Promise<void> {
  const random = createRandom(1);
  const types = ['view', 'view', 'view', 'view', 'click', 'save', 'enrol', 'progress', 'rate', 'purchase'] as const;
  const stream = fs.createWriteStream(file);
  stream.write('user_id,course_id,behavior_type,value,occurred_at\n');
  const start = Date.UTC(2022, 0);
  for (let row = 0; row < rows; row++) {
    const type = random.pick(types);
    const value = type === 'rate' ? 1 + random.int(5) : type === 'progress' ? random.int(101) : '';
    const at = new Date(start + Math.floor(random.next() * 2 * 365 * 86_400_000))
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
    const line = `u${random.int(LEARNERS)},c${Math.floor(random.next() ** 2 * COURSES)},${type},${value},${at}\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  await new Promise<void>((resolve) => stream.end(resolve));
}

/** Runs the command as a person would, and watches its memory (Linux: the peak as the kernel counts it). */
async function run(what: string, args: string[]) {
  const started = performance.now();
  const child = spawn(process.execPath, ['app/coursebell.js', 'import', ...args, '--json'], {
    env: { ...process.env, COURSEBELL_DATA: path.join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  let peak = 0;
  let code: number | null | undefined;
  child.on('close', (status) => (code = status));
  while (code === undefined) {
    peak = Math.max(peak, peakOf(child.pid!));
    await pause(SAMPLE_EVERY_MS);
  }
  if (code !== 0) throw new Error(`The import ended with ${String(code)}`);
  const seconds = (performance.now() - started) / 1000;
  const report = JSON.parse(output) as { files: { rows: number; kept: { new: number } }[] };
  const [file] = report.files;
  return {
    run: what,
    rows: file!.rows,
    'new events': file!.kept.new,
    seconds: Number(seconds.toFixed(1)),
    'rows/s': Math.round(file!.rows / seconds),
    'peak MB': Math.round(peak / 1024),
  };
}

/** Peak resident memory in kB. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
