import { open, type Database } from '../../prisma/connect.ts';
import { silent, within, type Progress } from '../numerics/progress.ts';
import { inThread, serveThread } from '../numerics/thread/backend.ts';
import { fitContent, openArtefact } from './artefact.ts';
import type { Artefact, CourseFacts } from './model.ts';
import { content, type ContentModel } from './models/content.ts';
import { championOf, loadChampion, storeVersion, type Version } from './registry/store.ts';
import { loadTrainingData, type LoadedData } from './store.ts';
import { trainArtefact, type Champion, type TrainOptions } from './train.ts';
import type { DataWindow } from './training-data.ts';

/** What came of a training. */
export type Training =
  | {
      trained: true;
      /** The champion, or a challenger that has not replaced it. */
      version: Version;
      seconds: number;
    }
  /** There is no behaviour, or no course, to learn from; nothing was stored. */
  | { trained: false; window: DataWindow };

/** A version came out that must not serve; it is stored as failed, and the champion stays. */
export class UnfitVersion extends Error {}

/**
 * Trains on the log of `db` in a thread of its own with a connection of its own, stores what comes out, and
 * makes it the champion if it has earned that (`registry/promotion.ts`). This thread stays free.
 *
 * @throws UnfitVersion with the number and the fault, or what went wrong in the thread; an aborted
 *   signal ends it and nothing is stored.
 */
export async function train(
  db: Database,
  { progress, signal, ...options }: TrainOptions & { progress: Progress; signal?: AbortSignal },
): Promise<Training> {
  const training = await aside<Training | Unfit>({ task: 'train', config: db.config, options }, progress, signal);
  if ('fault' in training) throw new UnfitVersion(`Model version ${training.number} does not serve: ${training.fault}`);
  return training;
}

/** Fits the content model of a catalogue in a thread of its own. */
export async function fitContentAside(courses: readonly CourseFacts[], signal?: AbortSignal): Promise<ContentModel> {
  return content.load(await aside<Artefact>({ task: 'content', courses }, silent, signal));
}

interface Unfit {
  number: number;
  fault: string;
}

type Task =
  | { task: 'train'; config: Database['config']; options: TrainOptions }
  | { task: 'content'; courses: readonly CourseFacts[] };

const MARK = 'coursebell/recommend';

function aside<T>(task: Task, progress: Progress, signal?: AbortSignal): Promise<T> {
  const entry = new URL('./worker-entry.js', import.meta.url);
  return inThread({ entry, mark: MARK, name: task.task, task, progress, signal });
}

/** Share of the work that is reading the log. */
const READING = 0.03;

async function run(task: Task, progress: Progress): Promise<unknown> {
  if (task.task === 'content') return fitContent(task.courses).save();
  const started = performance.now();
  const db = await open(task.config);
  try {
    const data = await loadTrainingData(db, within(progress, 0, READING));
    if (data.dataset.items.length === 0) return { trained: false, window: data.window } satisfies Training;
    const serving = await championOf(db);
    const champion = serving && (await opened(db, serving, data));
    const artefact = await trainArtefact(data, task.options, champion, within(progress, READING, 1));
    const version = await storeVersion(db, artefact, { ...data, comparedTo: serving?.id });
    if (artefact.fault !== undefined) return { number: version.number, fault: artefact.fault } satisfies Unfit;
    return { trained: true, version, seconds: (performance.now() - started) / 1000 } satisfies Training;
  } finally {
    await db.close();
  }
}

/** Read with the catalogue of the training, so that both rank the same courses. */
async function opened(
  db: Database,
  { id, number, data, decision }: Version,
  { dataset }: LoadedData,
): Promise<Champion> {
  const courses = new Map(dataset.courses.map((course) => [course.id, course]));
  const stored = await loadChampion(db);
  const open = () => {
    try {
      return stored?.id === id ? openArtefact(id, stored.artefact, (course) => courses.get(course)) : undefined;
    } catch {
      // What can not be read can not be compared with; the decision says so.
      return undefined;
    }
  };
  return {
    number,
    learnedTo: data.to === null ? NaN : Date.parse(data.to) / 1000,
    events: data.events,
    byHand: decision.byHand !== undefined,
    opened: open(),
  };
}

await serveThread(MARK, run);
