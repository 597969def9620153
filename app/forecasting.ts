import type { Logger } from 'pino';
import { currentModel } from '../core/insight/behaviour-model/store.ts';
import { targets } from '../core/insight/behaviour-model/targets.ts';
import { trainBehaviourModel } from '../core/insight/behaviour-model/worker.ts';
import { errorText } from '../core/numerics/error-text.ts';
import { silent } from '../core/numerics/progress.ts';
import type { Database } from '../prisma/connect.ts';
import type { Settings } from './settings.ts';

/**
 * Trains the behaviour model and tells the log what it can foretell. Nothing else waits for it or fails with it.
 *
 * @param options.first only where there is none yet.
 */
export async function trainForecasts(
  db: Database,
  { train, push }: Pick<Settings, 'train' | 'push'>,
  { log, signal, first = false }: { log: Logger; signal: AbortSignal; first?: boolean },
): Promise<void> {
  try {
    if (first && (await currentModel(db))) return;
    const options = { seed: train.seed, defaultZone: push.defaultTimeZone, progress: silent, signal };
    const { id, metrics } = await trainBehaviourModel(db, options);
    const found = targets.map((target) => {
      const result = metrics[target];
      if (!result.trained) return `${target} not learned (${result.why})`;
      return `${target} ${result.metrics.useful ? `AUC ${result.metrics.test.model.auc.toFixed(3)}` : 'no better than the base rate'}`;
    });
    log.info(`behaviour model ${id === null ? 'not stored' : 'stored'}: ${found.join(', ')}`);
  } catch (error) {
    if (!signal.aborted) log.warn(`behaviour model: ${errorText(error)}`);
  }
}
