import type { Database } from '../../prisma/connect.ts';
import { eventsAfter, setAsideOutliers } from '../behaviour/store.ts';
import { loadCourses } from '../catalogue/store.ts';
import type { Progress } from '../numerics/progress.ts';
import { factsOf } from './facts.ts';
import { trainingDataBuilder, trainingTypes, type TrainingData } from './training-data.ts';

export interface LoadedData extends TrainingData {
  /** When reading began: what came later is not in it. */
  readAt: Date;
}

/**
 * Reads the log for training, in pages; events set aside by cleaning are left out, amounts that came in
 * live and only now show as outliers too.
 */
export async function loadTrainingData(db: Database, progress: Progress): Promise<LoadedData> {
  const readAt = new Date();
  await setAsideOutliers(db);
  const builder = trainingDataBuilder((await loadCourses(db)).map(factsOf));
  const { rows } = await db.pool.query<{ last: string }>('select coalesce(max(id), 0) as last from events');
  const last = Number(rows[0]!.last);
  for await (const page of eventsAfter(db, 0n, { types: trainingTypes })) {
    for (const event of page) builder.add(event);
    progress('Reading behaviour', Math.min(1, Number(page.at(-1)!.id) / last));
  }
  return { ...builder.build(), readAt };
}

/** Asks whoever trains to do so soon: the data has changed in a way that counting new events does not show. */
export async function requestTraining(db: Database, at: Date): Promise<void> {
  const value = at.toISOString();
  await db.prisma.setting.upsert({
    where: { name: 'training.requested' },
    create: { name: 'training.requested', value },
    update: { value },
  });
}
