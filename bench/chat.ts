/**
 * Latency of a recommendation through POST /api/chat with a real data set loaded:
 *   npm run bench:chat -- <folder of MARS> [--json]
 * Imports the data through the command line, trains, starts the server, and asks for consenting
 * learners who have a history, one request at a time and then eight at a time.
 */
import fs from 'node:fs';
import path from 'node:path';
import { quantile } from '../core/numerics/statistics.ts';
import { createInstallation } from './installation.ts';

const [folder, ...flags] = process.argv.slice(2);
if (!folder) {
  console.error('Give the folder of the MARS files: npm run bench:chat -- <folder>');
  process.exit(2);
}
const LEARNERS = 200;
const REQUESTS = 2_000;

const installation = await createInstallation({ sample: false });
try {
  const file = (name: string) => path.resolve(folder, name);
  const map = ['user_id=user_id', 'course_id=item_id', 'occurred_at=created_at', 'title=name', 'topics=Software']
    .concat(['level=Difficulty', 'duration_seconds=duration', 'published_at=created_at'])
    .join(',');
  await installation.run('import', '--courses', file('items_en.csv'), '--map', map);
  await installation.run('import', '--behavior', file('implicit_ratings_en.csv'), '--map', map, '--type', 'view');
  await installation.run(
    'import',
    '--behavior',
    file('explicit_ratings_en.csv'),
    '--map',
    map,
    '--type',
    'rate:rating',
  );
  await installation.run('train', '--no-validate');
  const key = (await installation.run('key')).trim();
  const server = await installation.start();
  const rows = fs.readFileSync(file('implicit_ratings_en.csv'), 'utf8').trim().split('\n').slice(1);
  const learners = [...new Set(rows.map((row) => row.split(',')[1]!))].slice(0, LEARNERS);
  const chat = async (learner: string, press: string) => {
    const answer = await fetch(`${installation.address}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ learner, press }),
    });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { messages: { course?: string }[] };
  };
  for (const learner of learners) await chat(learner, 'consent||recording:on');
  for (const learner of learners.slice(0, 50)) await chat(learner, 'recommend');

  const result: Record<string, { p50_ms: number; p99_ms: number; requests_per_s: number }> = {};
  for (const concurrency of [1, 8]) {
    const times: number[] = [];
    let next = 0;
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (next < REQUESTS) {
          const learner = learners[next++ % learners.length]!;
          const at = performance.now();
          const { messages } = await chat(learner, 'recommend');
          times.push(performance.now() - at);
          if (!messages.some(({ course }) => course)) throw new Error('An answer without a course');
        }
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    result[`concurrency_${concurrency}`] = {
      p50_ms: Number(quantile(times, 0.5).toFixed(1)),
      p99_ms: Number(quantile(times, 0.99).toFixed(1)),
      requests_per_s: Math.round(REQUESTS / seconds),
    };
  }
  await server.stop();
  if (flags.includes('--json')) console.log(JSON.stringify(result));
  else console.table(result);
} finally {
  installation.remove();
}
