import { parentPort, Worker, workerData } from 'node:worker_threads';
import { open, type Database } from '../../../prisma/connect.ts';
import { within, type Progress } from '../../numerics/progress.ts';
import { loadPasts, metricsOf, storeModel, type StoredMetrics } from './store.ts';
import { trainOn, type TrainOptions, type Window } from './train.ts';

/** What came of a training. Where nothing could be learned, nothing was stored, and the metrics say why. */
export interface BehaviourTraining {
  /** Of the model that serves now; null where nothing could be learned. */
  id: string | null;
  data: Window;
  metrics: StoredMetrics;
  seconds: number;
}

/**
 * Learns the behaviour model from the log of `db` in a thread of its own with a connection of its own,
 * and stores it: the newest serves. This thread stays free.
 *
 * @throws what went wrong in the thread; an aborted signal ends it and nothing is stored.
 */
export function trainBehaviourModel(
  db: Database,
  { progress, signal, ...options }: TrainOptions & { progress: Progress; signal?: AbortSignal },
): Promise<BehaviourTraining> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const task: Task = { config: db.config, options };
    const worker = new Worker(new URL('./worker-entry.js', import.meta.url), {
      workerData: { [MARK]: task },
      // The loader is registered by the entry; whatever the parent was started with stays out.
      execArgv: [],
      name: 'behaviour-model',
    });
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop);
    const settle = (finish: () => void) => {
      signal?.removeEventListener('abort', stop);
      finish();
    };
    worker.on('message', (message: Message) => {
      if ('progress' in message) progress(...message.progress);
      else if ('result' in message) settle(() => resolve(message.result));
      else settle(() => reject(message.error));
    });
    worker.on('error', (error) => settle(() => reject(error)));
    worker.on('exit', (code) => {
      const cause: unknown = signal?.reason;
      const ended = new Error('The behaviour-model thread ended before its work', { cause: cause ?? `code ${code}` });
      settle(() => reject(cause instanceof Error ? cause : ended));
    });
  });
}

interface Task {
  config: Database['config'];
  options: TrainOptions;
}

type Message = { progress: [what: string, share: number] } | { result: BehaviourTraining } | { error: Error };

/** Tells our thread from others: a test runner may run this file in a thread of its own. */
const MARK = 'coursebell/behaviour-model';
/** Between two reports of progress. */
const REPORT_EVERY_MS = 100;
/** Share of the work that is reading the log. */
const READING = 0.2;

async function run({ config, options }: Task): Promise<BehaviourTraining> {
  const started = performance.now();
  let reportedAt = 0;
  const progress: Progress = (what, share) => {
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    parentPort!.postMessage({ progress: [what, share] } satisfies Message);
  };
  const db = await open(config);
  try {
    const pasts = await loadPasts(db, within(progress, 0, READING));
    const trained = trainOn(pasts, options, within(progress, READING, 1));
    const { data, results, model } = trained;
    const id = model ? await storeModel(db, { ...trained, model }) : null;
    return { id, data, metrics: metricsOf(results), seconds: (performance.now() - started) / 1000 };
  } finally {
    await db.close();
  }
}

const asked = (workerData as Record<string, Task> | null)?.[MARK];
if (parentPort && asked) {
  try {
    parentPort.postMessage({ result: await run(asked) } satisfies Message);
  } catch (error) {
    parentPort.postMessage({ error: error as Error } satisfies Message);
  }
}
