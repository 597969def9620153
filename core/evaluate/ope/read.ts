import { ColumnError } from '../../behaviour/columns.ts';
import { FileError, openFile } from '../../behaviour/files.ts';
import type { Progress } from '../../numerics/progress.ts';
import { numbering, type Logged } from './logged.ts';

const required = ['context', 'propensity', 'reward', 'candidate_propensity'] as const;
const predictions = ['predicted_reward', 'expected_reward'] as const;

export interface LoggedFile {
  logged: Logged;
  /** Rows that can not be used: a number is missing, or out of its range. */
  unreadable: number;
}

/**
 * Impressions logged elsewhere, CSV or JSON lines, a row for each shown course: `context` (id of the slate or
 * request), `propensity` in (0, 1], `reward`, `candidate_propensity` in [0, 1]; for the doubly robust
 * estimate both of `predicted_reward` (of the shown course) and `expected_reward` (mean over what the
 * candidate would show). With a column `learner` rows of one learner, else those of one context, go together.
 *
 * @throws ColumnError, FileError
 */
export async function readLogged(path: string, progress: Progress): Promise<LoggedFile> {
  const file = await openFile(path);
  const place = (name: string) => file.columns.indexOf(name);
  const lacking = required.filter((name) => place(name) < 0);
  if (lacking.length > 0)
    throw new ColumnError(
      `${file.name} has no column ${lacking.join(', ')}. Its columns are: ${file.columns.join(', ')}`,
    );
  const modelled = predictions.filter((name) => place(name) >= 0);
  if (modelled.length === 1)
    throw new ColumnError(`${file.name} has ${modelled[0]!}: ${predictions.join(' and ')} are given together`);

  const clusterColumn = place('learner') < 0 ? place('context') : place('learner');
  const clusters = numbering();
  const cluster: number[] = [];
  const columns = { propensity: [] as number[], reward: [] as number[], candidate: [] as number[] };
  const model = { predicted: [] as number[], expected: [] as number[] };
  let unreadable = 0;
  for await (const batch of file.batches(undefined, (bytes) => progress(`reading ${file.name}`, bytes / file.bytes))) {
    for (const { fields, malformed } of batch) {
      const number = (name: string) => {
        const text = (fields[place(name)] ?? '').trim();
        return text === '' ? NaN : Number(text);
      };
      const id = fields[clusterColumn]?.trim() ?? '';
      const [propensity, reward, candidate] = [number('propensity'), number('reward'), number('candidate_propensity')];
      const predicted = modelled.map(number);
      const usable =
        !malformed &&
        id !== '' &&
        propensity > 0 &&
        propensity <= 1 &&
        candidate >= 0 &&
        candidate <= 1 &&
        [reward, ...predicted].every(Number.isFinite);
      if (!usable) {
        unreadable++;
        continue;
      }
      cluster.push(clusters.of(id));
      columns.propensity.push(propensity);
      columns.reward.push(reward);
      columns.candidate.push(candidate);
      if (modelled.length === 0) continue;
      model.predicted.push(predicted[0]!);
      model.expected.push(predicted[1]!);
    }
  }
  if (cluster.length === 0) throw new FileError(`${file.name} has no row that can be used`);
  return {
    logged: {
      cluster: Int32Array.from(cluster),
      propensity: Float64Array.from(columns.propensity),
      reward: Float64Array.from(columns.reward),
      candidate: Float64Array.from(columns.candidate),
      ...(modelled.length > 0 && {
        predicted: Float64Array.from(model.predicted),
        expected: Float64Array.from(model.expected),
      }),
    },
    unreadable,
  };
}
