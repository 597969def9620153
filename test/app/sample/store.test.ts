import { expect, test } from 'vitest';
import { loadSample, removeSample, sampleIsDue } from '../../../app/sample/store.ts';
import { silent } from '../../../core/numerics/progress.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const now = new Date('2026-06-01T12:00:00Z');

test('the sample is loaded once, all of it marked, and removed without touching real people', async () => {
  expect(await sampleIsDue(db)).toBe(true);
  const made = await loadSample(db, 1, now, silent);
  expect(await sampleIsDue(db)).toBe(false);
  expect(await db.prisma.event.count()).toBe(made.events);
  expect(await db.prisma.learner.count({ where: { simulated: true } })).toBe(made.learners);
  expect(await db.prisma.course.count({ where: { simulated: true } })).toBe(made.courses);

  expect(await db.prisma.quizQuestion.count({ where: { simulated: true } })).toBe(36);
  await db.prisma.quizQuestion.create({
    data: { id: 'own', topic: 'Excel', level: 'beginner', question: {}, options: [], correct: 0 },
  });

  const real = await db.prisma.learner.create({ data: {} });
  const { id: courseId } = await db.prisma.course.create({ data: { id: 'own', title: 'Our own course' } });
  const event = { type: 'view', channel: 'web', occurredAt: now, learnerId: real.id };
  const key = (last: number) => `00000000-0000-8000-8000-00000000000${last}`;
  await db.prisma.event.create({ data: { ...event, courseId, idempotencyKey: key(1) } });
  await db.prisma.event.create({ data: { ...event, courseId: 'excel-01', idempotencyKey: key(2) } });

  expect(await removeSample(db, now)).toEqual(made);
  expect(await db.prisma.learner.findMany()).toMatchObject([{ id: real.id }]);
  expect(await db.prisma.course.findMany()).toMatchObject([{ id: 'own' }]);
  expect(await db.prisma.quizQuestion.findMany()).toMatchObject([{ id: 'own' }]);
  expect(await db.prisma.event.count()).toBe(2);
  expect(await db.prisma.externalId.count()).toBe(0);
  expect(await sampleIsDue(db)).toBe(false);
});
