import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { requestTraining } from '../../core/recommend/store.ts';
import { trainingIsDue } from '../../queue/store.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();

async function addEvents(learnerId: string, count: number, receivedAt: Date) {
  await db.prisma.event.createMany({
    data: Array.from({ length: count }, () => ({
      idempotencyKey: randomUUID(),
      learnerId,
      type: 'search',
      occurredAt: receivedAt,
      receivedAt,
      channel: 'web',
    })),
  });
}

test('training is due with the first event, after enough new ones, and when asked for', async () => {
  expect(await trainingIsDue(db, 3)).toBe(false);
  const { id } = await db.prisma.learner.create({ data: {} });
  await addEvents(id, 1, new Date('2026-01-01T00:00:00Z'));
  expect(await trainingIsDue(db, 3)).toBe(true);

  const trainedAt = new Date('2026-01-02T00:00:00Z');
  const version = { status: 'champion', seed: 1, config: {}, data: {}, artefact: new Uint8Array() };
  await db.prisma.modelVersion.create({ data: { ...version, createdAt: trainedAt } });
  expect(await trainingIsDue(db, 3)).toBe(false);
  await addEvents(id, 2, new Date('2026-01-03T00:00:00Z'));
  expect(await trainingIsDue(db, 3)).toBe(false);
  await requestTraining(db, new Date('2026-01-03T00:00:00Z'));
  expect(await trainingIsDue(db, 3)).toBe(true);

  await db.prisma.modelVersion.create({ data: { ...version, createdAt: new Date('2026-01-04T00:00:00Z') } });
  expect(await trainingIsDue(db, 3)).toBe(false);
  await addEvents(id, 3, new Date('2026-01-05T00:00:00Z'));
  expect(await trainingIsDue(db, 3)).toBe(true);
});
