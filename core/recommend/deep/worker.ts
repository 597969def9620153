import type { Progress } from '../../numerics/progress.ts';
import { inThread, serveThread } from '../../numerics/thread/backend.ts';
import type { Dataset } from '../model.ts';
import type { Learned } from './deep-model.ts';
import { fitDeep, refitDeep, type DeepSettings } from './fit.ts';
import { networks, type NetworkName } from './networks.ts';

export interface DeepTask {
  network: NetworkName;
  dataset: Dataset;
  settings: DeepSettings;
  /** Weights to go on from; absent: it begins anew. */
  fitted?: Learned;
}

const MARK = 'coursebell/deep';

/**
 * Trains in a thread of its own, so that two can run side by side and this thread stays free.
 *
 * @throws NoBackend, or what went wrong in the thread; an aborted signal ends it.
 */
export function trainAside(task: DeepTask, progress: Progress, signal?: AbortSignal): Promise<Learned> {
  const entry = new URL('./worker-entry.js', import.meta.url);
  return inThread({ entry, mark: MARK, name: task.network, task, progress, signal });
}

async function run({ network, dataset, settings, fitted }: DeepTask, progress: Progress): Promise<Learned> {
  // In the thread alone: whoever serves, or runs a command, has no use for TensorFlow.js.
  const { loadBackend } = await import('./backend.ts');
  const { tf } = await loadBackend();
  const means = { tf, clock: () => performance.now() / 1000, progress };
  return fitted
    ? refitDeep(networks[network], fitted, dataset, settings, means)
    : fitDeep(networks[network], dataset, settings, means);
}

await serveThread(MARK, run);
