/**
 * How long one recommendation takes inside the server's process, over the learners of an installation
 * with a trained model, with their state at hand and with reading it from the database.
 *
 *   node --import tsx bench/recommend-latency.ts [requests] [seed]
 */
import { withDatabase } from '../app/database.ts';
import { createCatalogue } from '../core/catalogue/catalogue.ts';
import { learnerState } from '../core/interest/store.ts';
import { createRandom } from '../core/numerics/random.ts';
import { quantile } from '../core/numerics/statistics.ts';
import { createServing } from '../core/recommend/serving.ts';

const requests = Number(process.argv[2] ?? 2000);
const random = createRandom(Number(process.argv[3] ?? 1));

await withDatabase(async (db, settings) => {
  const catalogue = await createCatalogue(db);
  const opening = performance.now();
  const serving = await createServing(db, catalogue, settings.recommend);
  const openMs = performance.now() - opening;
  const { rows } = await db.pool.query<{ id: string }>('select id from learners order by id limit 500');
  if (rows.length === 0) throw new Error('There are no learners in this installation: import some first');
  const recommender = serving.current();
  const inProcess: number[] = [];
  const withState: number[] = [];
  const sources = new Map<string, number>();
  for (let i = 0; i < requests; i++) {
    const { id } = random.pick(rows);
    const started = performance.now();
    const state = await learnerState(db, id);
    const read = performance.now();
    const slate = recommender.recommend({
      learnerId: id,
      state,
      count: settings.recommend.slate,
      now: new Date(),
      list: 'recommend',
      random,
    });
    const ended = performance.now();
    inProcess.push(ended - read);
    withState.push(ended - started);
    for (const { reason } of slate.items) {
      const key = 'key' in reason ? reason.key : 'template';
      sources.set(key, (sources.get(key) ?? 0) + 1);
    }
  }
  const total = [...sources.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${catalogue.all().length} courses, version ${recommender.version}, opened in ${openMs.toFixed(0)} ms`);
  console.log(`${requests} requests for ${rows.length} learners, slates of ${settings.recommend.slate}`);
  console.log(`recommend()              ${percentiles(inProcess)}`);
  console.log(`with the learner's state ${percentiles(withState)}`);
  for (const [key, count] of [...sources].sort((a, b) => b[1] - a[1]))
    console.log(`  ${key.padEnd(24)} ${((100 * count) / total).toFixed(1)} %`);
  await serving.close();
});

function percentiles(times: number[]): string {
  const at = (share: number) => quantile(times, share).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
}
