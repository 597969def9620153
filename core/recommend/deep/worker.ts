import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Progress } from '../../numerics/progress.ts';
import type { Dataset } from '../model.ts';
import { loadBackend } from './backend.ts';
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

type Message = { progress: [what: string, share: number] } | { learned: Learned } | { error: Error };

/** Tells our threads from others: a test runner may run this file in a thread of its own. */
const MARK = 'coursebell/deep';

/** Between two reports of progress. */
const REPORT_EVERY_MS = 100;

/**
 * Trains in a thread of its own, so that two can run side by side and this thread stays free.
 *
 * @throws NoBackend, or what went wrong in the thread; an aborted signal ends it.
 */
export function trainAside(task: DeepTask, progress: Progress, signal?: AbortSignal): Promise<Learned> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(new URL('./worker-entry.js', import.meta.url), {
      workerData: { [MARK]: task },
      // The loader is registered by the entry; whatever the parent was started with stays out.
      execArgv: [],
      name: task.network,
    });
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop);
    const settle = (finish: () => void) => {
      signal?.removeEventListener('abort', stop);
      finish();
    };
    worker.on('message', (message: Message) => {
      if ('progress' in message) progress(...message.progress);
      else if ('learned' in message) settle(() => resolve(message.learned));
      else settle(() => reject(message.error));
    });
    worker.on('error', (error) => settle(() => reject(error)));
    worker.on('exit', (code) => {
      const cause: unknown = signal?.reason;
      const ended = new Error(`The ${task.network} thread ended before its work`, { cause: cause ?? `code ${code}` });
      settle(() => reject(cause instanceof Error ? cause : ended));
    });
  });
}

async function run({ network, dataset, settings, fitted }: DeepTask): Promise<Learned> {
  const { tf } = await loadBackend();
  let reportedAt = 0;
  const progress: Progress = (what, share) => {
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    parentPort!.postMessage({ progress: [what, share] } satisfies Message);
  };
  const means = { tf, clock: () => performance.now() / 1000, progress };
  return fitted
    ? refitDeep(networks[network], fitted, dataset, settings, means)
    : fitDeep(networks[network], dataset, settings, means);
}

const asked = (workerData as Record<string, DeepTask> | null)?.[MARK];
if (parentPort && asked) {
  try {
    parentPort.postMessage({ learned: await run(asked) } satisfies Message);
  } catch (error) {
    parentPort.postMessage({ error: error as Error } satisfies Message);
  }
}
