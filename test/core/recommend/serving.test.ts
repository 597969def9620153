import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../core/behaviour/event.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { createCatalogue, type Catalogue } from '../../../core/catalogue/catalogue.ts';
import { deleteCourses, upsertCourses } from '../../../core/catalogue/store.ts';
import { createLearner } from '../../../core/learner/store.ts';
import { silent } from '../../../core/numerics/progress.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import type { Recommender } from '../../../core/recommend/recommender.ts';
import { createServing } from '../../../core/recommend/serving.ts';
import { championId, loadTrainingData, storeVersion } from '../../../core/recommend/store.ts';
import { train } from '../../../core/recommend/worker.ts';
import { testDatabase } from '../../setup/database.ts';
import { catalogue as sampleCourses, course, eventsOfOne, now, stateAfter, event } from './community.ts';

const db = testDatabase();
const courses = sampleCourses(6);
const settings = { explore: 0.1, diversity: 0.3, calibration: 0.1, fit: true };
const learners: string[] = [];
let catalogue: Catalogue;

const ask = (recommender: Recommender) =>
  recommender.recommend({
    state: stateAfter([event('l', 'view', 'python-0')]),
    count: 5,
    now,
    list: 'recommend',
    random: createRandom(1),
  });

async function behave(count: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  const events: NewEvent[] = [];
  for (let i = 0; i < count; i++) {
    const { id } = await createLearner(db, {});
    learners.push(id);
    for (const each of eventsOfOne(id, courses, 30, random))
      events.push({ ...each, idempotencyKey: randomUUID(), channel: 'import' });
  }
  await recordEvents(db, events);
}

const trainNow = () => train(db, { seed: 1, validate: false, progress: silent });
const versions = () => db.prisma.modelVersion.findMany({ orderBy: { number: 'asc' } });

beforeAll(async () => {
  catalogue = await createCatalogue(db);
});

describe('before there is anything', () => {
  it('serves an empty slate, and trains nothing', async () => {
    const serving = await createServing(db, catalogue, settings);
    expect(ask(serving.current()).items).toEqual([]);
    expect(await trainNow()).toMatchObject({ trained: false, window: { events: 0, courses: 0 } });
    expect(await versions()).toEqual([]);
    expect(await serving.reload()).toBe(false);
    await serving.close();
  });
});

describe('training', () => {
  it('runs in a thread, leaves this one free, and makes a champion', async () => {
    await upsertCourses(db, courses);
    await catalogue.refresh();
    await behave(40, 1);
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const shares: number[] = [];
    const training = await train(db, { seed: 1, validate: true, progress: (_, share) => shares.push(share) });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
    expect(shares.length).toBeGreaterThan(1);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(training).toMatchObject({
      trained: true,
      version: { status: 'champion' },
      window: { courses: courses.length },
      validation: { popular: {} },
    });
    const [version] = await versions();
    expect(version).toMatchObject({ status: 'champion', seed: 1 });
    expect(version!.data).toMatchObject({ learners: expect.any(Number) as number });
  });

  it('keeps nobody in the artefact', async () => {
    const [version] = await versions();
    const bytes = Buffer.from(version!.artefact).toString('latin1');
    expect(bytes).toContain('python-0');
    for (const id of learners) {
      expect(bytes).not.toContain(id);
      expect(JSON.stringify([version!.data, version!.metrics, version!.config])).not.toContain(id);
    }
  });

  it('leaves out what cleaning set aside', async () => {
    const before = await loadTrainingData(db, silent);
    const { rows } = await db.pool.query<{ id: string }>(
      `update events set set_aside = 'robot' where learner_id = $1 and type = 'view' returning id`,
      [learners.find((id) => before.dataset.learners.includes(id))],
    );
    const after = await loadTrainingData(db, silent);
    expect(after.window.events).toBe(before.window.events - rows.length);
    await db.pool.query('update events set set_aside = null');
  });

  it('can be stopped, and stores nothing then', async () => {
    const stopping = new AbortController();
    const training = train(db, {
      seed: 1,
      validate: true,
      progress: () => stopping.abort(new Error('enough')),
      signal: stopping.signal,
    });
    await expect(training).rejects.toThrow('enough');
    expect(await versions()).toHaveLength(1);
  });
});

describe('serving', () => {
  it('takes up a new champion between requests, and finishes with the old one what was begun with it', async () => {
    const serving = await createServing(db, catalogue, settings);
    const old = serving.current();
    const champion = await championId(db);
    expect(old.version).toBe(champion);
    const answered = new Map<string, number>();
    let asking = true;
    const requests = (async () => {
      while (asking) {
        const slate = ask(serving.current());
        expect(slate.items).toHaveLength(5);
        answered.set(slate.modelVersion, (answered.get(slate.modelVersion) ?? 0) + 1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await behave(10, 2);
    const training = await trainNow();
    // The serving looks by itself, too: which of the looks finds it does not matter.
    await Promise.all([serving.reload(), serving.reload()]);
    ask(serving.current());
    await new Promise((resolve) => setImmediate(resolve));
    asking = false;
    await requests;
    expect(training).toMatchObject({ version: { id: serving.current().version } });
    expect(serving.current().version).not.toBe(champion);
    expect([...answered.keys()]).toContain(champion);
    expect(ask(old).modelVersion).toBe(champion);
    expect((await versions()).map(({ status }) => status)).toEqual(['retired', 'champion']);
    await serving.close();
  });

  it('recommends an imported course at once, and no longer what was deleted', async () => {
    const serving = await createServing(db, catalogue, settings);
    const fresh = course('python-new', {
      title: 'Python pandas code',
      description: 'python code loops pandas',
      topics: ['Python'],
    });
    await upsertCourses(db, [fresh]);
    await catalogue.refresh();
    await serving.reload();
    const found = serving.current().recommend({
      state: stateAfter([event('l', 'view', 'python-0')]),
      count: 40,
      now,
      list: 'recommend',
      random: createRandom(1),
    });
    expect(found.items.map(({ courseId }) => courseId)).toContain('python-new');
    await deleteCourses(db, ['python-new']);
    await catalogue.refresh();
    await serving.reload();
    expect(serving.current().similar('python-new', { count: 3, now, random: createRandom(1) }).items).toEqual([]);
    await serving.close();
  });

  it('keeps what it has when a version is not fit, or can not be read', async () => {
    const serving = await createServing(db, catalogue, settings);
    const champion = await championId(db);
    const data = await loadTrainingData(db, silent);
    const failed = await storeVersion(
      db,
      { packed: Buffer.from('x'), validation: undefined, fault: 'It gives scores that are not finite' },
      { ...data, seed: 1 },
    );
    expect(failed.status).toBe('failed');
    expect(await championId(db)).toBe(champion);
    expect(await serving.reload()).toBe(false);

    const lines: string[] = [];
    const watched = await createServing(db, catalogue, settings, (line) => lines.push(line));
    await storeVersion(db, { packed: Buffer.from('x'), validation: undefined, fault: undefined }, { ...data, seed: 1 });
    await watched.reload();
    expect(watched.current().version).toBe(champion);
    expect(ask(watched.current()).items).toHaveLength(5);
    expect(lines).toHaveLength(1);
    await watched.reload();
    expect(lines).toHaveLength(1);
    await Promise.all([serving.close(), watched.close()]);
  });

  it('keeps the artefacts of the last three versions, and the record of all', async () => {
    await trainNow();
    await trainNow();
    const all = await versions();
    expect(all.filter(({ artefact }) => artefact.length > 0)).toHaveLength(3);
    expect(all.filter(({ status }) => status === 'champion')).toHaveLength(1);
    expect(all.at(-1)!.status).toBe('champion');
    expect(all).toHaveLength(6);
  });
});
