/** What a fit and a score cost as learners and courses grow, on made-up data. */
import { historyAt } from '../../core/recommend/dataset.ts';
import { silent } from '../../core/numerics/progress.ts';
import { modelTypes } from '../../core/recommend/models/index.ts';
import { madeUp } from './data.ts';
import { table } from './table.ts';

const LEARNERS = 5000;
const COURSES = 500;
const SIZES = [
  { learners: 1, courses: 1 },
  { learners: 4, courses: 1 },
  { learners: 16, courses: 1 },
  { learners: 4, courses: 4 },
];
const ASKED = 300;
/** Their training ends by a budget of time, not by the size of the data. */
const BUDGETED: ReadonlySet<string> = new Set(['lstm', 'transformer', 'hybrid']);

export async function growth(): Promise<string> {
  const types = modelTypes.filter(({ name }) => !BUDGETED.has(name));
  const cells = new Map(types.map(({ name }) => [name, [] as string[]]));
  for (const size of SIZES) {
    const dataset = madeUp(size.learners * LEARNERS, size.courses * COURSES);
    for (const type of types) {
      const begun = performance.now();
      const model = await type.fit(dataset, type.config.parse({}), silent);
      const seconds = (performance.now() - begun) / 1000;
      const asking = performance.now();
      for (let learner = 0; learner < ASKED; learner++) model.score(historyAt(dataset, learner), NaN);
      const each = (performance.now() - asking) / ASKED;
      cells.get(type.name)!.push(`${seconds.toFixed(2)} s, ${each.toFixed(2)} ms`);
    }
  }
  const head = SIZES.map((size) => `${size.learners * LEARNERS} × ${size.courses * COURSES}`);
  return table(
    ['fit, one score', ...head],
    [...cells].map(([name, found]) => [name, ...found]),
  );
}
