import { open, type Database } from '../../../prisma/connect.ts';
import { within, type Progress } from '../../numerics/progress.ts';
import { inThread, serveThread } from '../../numerics/thread/backend.ts';
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
  const entry = new URL('./worker-entry.js', import.meta.url);
  const task: Task = { config: db.config, options };
  return inThread({ entry, mark: MARK, name: 'behaviour-model', task, progress, signal });
}

interface Task {
  config: Database['config'];
  options: TrainOptions;
}

const MARK = 'coursebell/behaviour-model';
/** Share of the work that is reading the log. */
const READING = 0.2;

async function run({ config, options }: Task, progress: Progress): Promise<BehaviourTraining> {
  const started = performance.now();
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

await serveThread(MARK, run);
