import { randomUUID } from 'node:crypto';
import { recordEvents } from '../../core/behaviour/store.ts';
import { deleteCourses, upsertCourses } from '../../core/catalogue/store.ts';
import { readQuestionFile } from '../../core/insight/placement/files.ts';
import { deleteSimulatedQuestions, upsertQuestions } from '../../core/insight/placement/store.ts';
import type { Progress } from '../../core/numerics/progress.ts';
import type { Database } from '../../prisma/connect.ts';
import { readSampleCatalogue, sampleQuestionsFile } from './catalogue.ts';
import { simulateCommunity } from './simulate.ts';

const FACT = 'sample';
const LEARNERS = 400;
const BATCH = 2_000;

export interface SampleCounts {
  courses: number;
  learners: number;
  events: number;
}

/** Whether a new installation should get the sample: nothing real is there, and it was never removed. */
export async function sampleIsDue(db: Database): Promise<boolean> {
  if (await db.prisma.setting.findUnique({ where: { name: FACT } })) return false;
  const [course, event] = await Promise.all([
    db.prisma.course.findFirst({ where: { simulated: false }, select: { id: true } }),
    db.prisma.event.findFirst({ where: { learner: { simulated: false } }, select: { id: true } }),
  ]);
  return !course && !event;
}

/**
 * Loads the sample catalogue and simulates its community; what an interrupted load left is removed
 * first. Everything it makes carries `simulated`.
 */
export async function loadSample(db: Database, seed: number, now: Date, progress: Progress): Promise<SampleCounts> {
  await deleteSimulated(db);
  const courses = await readSampleCatalogue();
  await upsertCourses(db, courses);
  await upsertQuestions(db, (await readQuestionFile(sampleQuestionsFile, true)).questions);
  progress('Simulating a community', 0);
  const { learners, events } = simulateCommunity(courses, LEARNERS, seed, now);
  const ids = new Map(learners.map(({ externalId }) => [externalId, randomUUID() as string]));
  await db.prisma.learner.createMany({
    data: learners.map(({ externalId, ...learner }) => ({
      ...learner,
      id: ids.get(externalId)!,
      simulated: true,
      recording: true,
    })),
  });
  await db.prisma.externalId.createMany({
    data: learners.map(({ externalId }) => ({ externalId, learnerId: ids.get(externalId)! })),
  });
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH);
    await recordEvents(
      db,
      batch.map((event) => ({ ...event, learnerId: ids.get(event.learnerId)! })),
    );
    progress('Simulating a community', Math.min(1, (from + BATCH) / events.length));
  }
  const counts = { courses: courses.length, learners: learners.length, events: events.length };
  await remember(db, { loadedAt: now.toISOString(), ...counts });
  return counts;
}

/**
 * Removes every simulated learner with all their rows, the sample courses and questions, and the model versions
 * that learned from them. What real people did with sample courses stays in their own log.
 */
export async function removeSample(db: Database, now: Date): Promise<SampleCounts> {
  const counts = await deleteSimulated(db);
  await remember(db, { removedAt: now.toISOString() });
  return counts;
}

async function deleteSimulated(db: Database): Promise<SampleCounts> {
  const events = await db.prisma.event.count({ where: { learner: { simulated: true } } });
  const learners = await db.prisma.learner.deleteMany({ where: { simulated: true } });
  const courses = await db.prisma.course.findMany({ where: { simulated: true }, select: { id: true } });
  await deleteCourses(
    db,
    courses.map(({ id }) => id),
  );
  await deleteSimulatedQuestions(db);
  if (learners.count > 0) {
    await db.prisma.modelVersion.deleteMany();
    await db.prisma.behaviourModel.deleteMany();
  }
  return { courses: courses.length, learners: learners.count, events };
}

async function remember(db: Database, value: Record<string, string | number>): Promise<void> {
  await db.prisma.setting.upsert({ where: { name: FACT }, create: { name: FACT, value }, update: { value } });
}
