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
import {
  championOf,
  loadChampion,
  promote,
  rollback,
  storeVersion,
  type Version,
} from '../../../core/recommend/registry/store.ts';
import { loadTrainingData } from '../../../core/recommend/store.ts';
import { train } from '../../../core/recommend/worker.ts';
import { open } from '../../../prisma/connect.ts';
import { testDatabase } from '../../setup/database.ts';
import { catalogue as sampleCourses, course, eventsOfOne, now, stateAfter, event, unmeasured } from './community.ts';

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

const measured = { ...unmeasured, validate: true };
const trainNow = () => train(db, { ...unmeasured, progress: silent });
const versions = () => db.prisma.modelVersion.findMany({ orderBy: { number: 'asc' } });
const championId = async () => (await championOf(db))?.id;

/** A version like the champion, or with other bytes. */
async function storeCopy(fields: { packed?: Buffer; fault?: string; promoted?: boolean } = {}): Promise<Version> {
  const champion = (await loadChampion(db))!;
  const { promoted = true, packed = Buffer.from(champion.artefact), fault } = fields;
  return storeVersion(
    db,
    {
      ...{ packed, fault, config: unmeasured.config, validation: undefined, leftOut: [], renewed: undefined },
      decision: { promoted, rule: promoted ? 'better' : 'unfit', stale: [], champion: 1 },
    },
    { ...(await loadTrainingData(db, silent)), comparedTo: champion.id },
  );
}

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
    const training = await train(db, { ...measured, progress: (_, share) => shares.push(share) });
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
    expect(shares.length).toBeGreaterThan(1);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(training).toMatchObject({
      trained: true,
      version: {
        status: 'champion',
        decision: { rule: 'first' },
        data: { courses: courses.length },
        metrics: { validation: { window: 'last', popular: {} } },
      },
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
      ...measured,
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
    const champion = await championId();
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
    if (!training.trained) throw new Error('There was something to learn from');
    expect(training.version).toMatchObject({ status: 'challenger', decision: { rule: 'unmeasured' } });
    expect(await serving.reload()).toBe(false);
    await promote(db, training.version.number, null);
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
    const champion = await championId();
    const failed = await storeCopy({ fault: 'It gives scores that are not finite', promoted: false });
    expect(failed.status).toBe('failed');
    expect(await championId()).toBe(champion);
    expect(await serving.reload()).toBe(false);

    const lines: string[] = [];
    const watched = await createServing(db, catalogue, settings, (line) => lines.push(line));
    await storeCopy({ packed: Buffer.from('x') });
    await watched.reload();
    expect(watched.current().version).toBe(champion);
    expect(ask(watched.current()).items).toHaveLength(5);
    expect(lines).toHaveLength(1);
    await watched.reload();
    expect(lines).toHaveLength(1);
    await Promise.all([serving.close(), watched.close()]);
    await rollback(db, null);
  });

  it('drops no request while the champion changes again and again, in two processes at once', async () => {
    const other = await open(db.config);
    const elsewhere = await createCatalogue(other);
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const servings = [
      await createServing(db, catalogue, settings, log),
      await createServing(other, elsewhere, settings, log),
    ];
    let asking = true;
    const answered = servings.map(() => new Map<string, number>());
    const hammer = servings.map(async (serving, at) => {
      const seen = answered[at]!;
      let held = serving.current();
      for (let turn = 0; asking; turn++) {
        // Every fifth request is a long one: it answers at last with what it began with, whatever came since.
        const long = turn % 5 === 0;
        const slate = ask(long ? held : serving.current());
        expect(slate.items).toHaveLength(5);
        if (long) {
          expect(slate.modelVersion).toBe(held.version);
          held = serving.current();
        }
        seen.set(slate.modelVersion, (seen.get(slate.modelVersion) ?? 0) + 1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    for (let change = 0; change < 12; change++) {
      if (change % 4 === 3) await rollback(db, 'hammering');
      else await storeCopy();
      // Requests go on all the while.
      await Promise.all(servings.map((serving) => serving.reload()));
    }
    asking = false;
    await Promise.all(hammer);
    const ids = new Set((await versions()).map(({ id }) => id));
    for (const seen of answered) {
      expect([...seen.keys()].filter((id) => !ids.has(id))).toEqual([]);
      expect(seen.size).toBeGreaterThan(5);
    }
    for (const serving of servings) {
      await serving.reload();
      expect(serving.current().version).toBe(await championId());
    }
    expect(lines).toEqual([]);
    await Promise.all(servings.map((serving) => serving.close()));
    await other.close();
  });
});

describe('a second training', () => {
  it('is held against the champion: where too little is new it serves, unless a person chose what does', async () => {
    const before = (await championOf(db))!;
    const training = await train(db, { ...measured, progress: silent });
    if (!training.trained) throw new Error('There was something to learn from');
    // The last act before was a rollback.
    expect(training.version).toMatchObject({
      status: 'challenger',
      decision: { promoted: false, rule: 'held', champion: before.number, staleness: { unknown: null } },
    });
    await promote(db, training.version.number, null);
    await storeCopy();
    const chosen = (await championOf(db))!;
    expect(await train(db, { ...measured, progress: silent })).toMatchObject({
      version: { status: 'champion', decision: { promoted: true, rule: 'too-few', champion: chosen.number } },
    });
  });
});
