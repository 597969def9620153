import { beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../../../../core/recommend/registry/promotion.ts';
import {
  championKey,
  championOf,
  listVersions,
  loadChampion,
  promote,
  rollback,
  storeVersion,
} from '../../../../core/recommend/registry/store.ts';
import type { TrainedArtefact } from '../../../../core/recommend/train.ts';
import { testDatabase } from '../../../setup/database.ts';
import { unmeasured } from '../community.ts';

const db = testDatabase();
const window = { from: null, to: '2026-01-02T00:00:00.000Z', learners: 1, courses: 1, events: 1, interactions: 1 };
const readAt = new Date('2026-01-03T00:00:00Z');

/** Stores a version that was compared with whatever serves, unless told otherwise. */
async function store(promoted: boolean, fields: Partial<TrainedArtefact> = {}, comparedTo?: string) {
  const decision: Decision = { promoted, rule: promoted ? 'better' : 'equal', stale: [], champion: null };
  const artefact = {
    packed: Buffer.from('model'),
    config: unmeasured.config,
    validation: undefined,
    leftOut: [],
    decision,
  };
  const against = comparedTo ?? (await championOf(db))?.id;
  return storeVersion(
    db,
    { ...artefact, renewed: undefined, fault: undefined, ...fields },
    { window, readAt, comparedTo: against },
  );
}

/** Number, status, and whether the artefact is kept. */
const standing = async () =>
  (await listVersions(db)).reverse().map(({ status, size }) => `${status}${size > 0 ? '' : ' (dropped)'}`);
const first = async () => (await listVersions(db)).at(-1)!.number;

beforeEach(async () => {
  await db.prisma.modelVersion.deleteMany();
});

describe('storing', () => {
  it('makes what was promoted the champion, and leaves the others beside it', async () => {
    const one = await store(true);
    expect(one).toMatchObject({ status: 'champion', decision: { rule: 'better' }, seed: 1, createdAt: readAt });
    expect(one.config).toEqual({ model: 'hybrid', ...unmeasured.config });
    expect(one.promotedAt).not.toBeNull();
    const two = await store(false);
    expect(two).toMatchObject({ status: 'challenger', promotedAt: null });
    expect((await championOf(db))!.id).toBe(one.id);
    await store(true);
    expect(await standing()).toEqual(['retired', 'challenger', 'champion']);
  });

  it('keeps of what is not fit only the record', async () => {
    await store(true);
    const decision: Decision = { promoted: false, rule: 'unfit', stale: [], champion: 1 };
    expect(await store(true, { fault: 'no scores', decision })).toMatchObject({
      status: 'failed',
      size: 0,
      metrics: { fault: 'no scores' },
      decision: { rule: 'unfit' },
    });
    expect(await standing()).toEqual(['champion', 'failed (dropped)']);
  });

  it('lets only one of two trainings at once win: the other was held against a champion that is gone', async () => {
    const before = await store(true);
    const both = await Promise.all([store(true, {}, before.id), store(true, {}, before.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['challenger', 'champion']);
    expect(both.find(({ status }) => status === 'challenger')!.decision).toMatchObject({
      promoted: false,
      rule: 'overtaken',
    });
    expect((await standing()).filter((status) => status === 'champion')).toHaveLength(1);
  });

  it('lets only one of two first trainings at once win', async () => {
    const run = () =>
      storeVersion(
        db,
        {
          ...{ packed: Buffer.from('m'), config: unmeasured.config, validation: undefined, renewed: undefined },
          ...{ leftOut: [], fault: undefined, decision: { promoted: true, rule: 'first', stale: [], champion: null } },
        },
        { window, readAt, comparedTo: undefined },
      );
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['challenger', 'champion']);
  });

  it('brings the counts of a champion that stays up to date, which serving processes see', async () => {
    const champion = await store(true);
    const before = await championKey(db);
    await store(false, { renewed: Buffer.from('renewed') });
    expect(await championKey(db)).not.toBe(before);
    const loaded = (await loadChampion(db))!;
    expect([loaded.id, Buffer.from(loaded.artefact).toString(), loaded.key]).toEqual([
      champion.id,
      'renewed',
      await championKey(db),
    ]);
    expect((await championOf(db))!.data).toMatchObject({ events: 1, renewedTo: window.to });
  });

  it('renews nothing for a training that was overtaken', async () => {
    const one = await store(true);
    await store(true);
    await store(false, { renewed: Buffer.from('renewed') }, one.id);
    expect(Buffer.from((await loadChampion(db))!.artefact).toString()).toBe('model');
  });
});

describe('artefacts', () => {
  it('are kept of the champion, the two before it, and the newest that did not serve', async () => {
    for (const promoted of [true, true, true, true, false, false]) await store(promoted);
    expect(await standing()).toEqual([
      'retired (dropped)',
      'retired',
      'retired',
      'champion',
      'challenger (dropped)',
      'challenger',
    ]);
  });

  it('of what was taken back stays beside a newer challenger: a rollback can be undone', async () => {
    for (const promoted of [true, true, false]) await store(promoted);
    const one = await first();
    await rollback(db, null);
    expect(await standing()).toEqual(['champion', 'retired', 'challenger']);
    expect(await promote(db, one + 1, 'it was right')).toEqual({ changed: true, from: one, to: one + 1 });
  });
});

describe('by hand', () => {
  it('a rollback goes back, a second one goes further, and the next promotion comes back to where they ended', async () => {
    const one = await aChampion();
    await store(true);
    await store(true);
    expect(await rollback(db, 'odd slates')).toEqual({ changed: true, from: one + 2, to: one + 1 });
    expect(await standing()).toEqual(['retired', 'champion', 'retired']);
    const [three, two] = await listVersions(db);
    expect(three!.decision).toMatchObject({ rule: 'better', byHand: { action: 'rolled-back', note: 'odd slates' } });
    expect(two!.decision).toMatchObject({ rule: 'better', byHand: { action: 'rolled-back-to', from: one + 2 } });
    expect(await rollback(db, null)).toEqual({ changed: true, from: one + 1, to: one });
    expect(await rollback(db, null)).toEqual({ changed: false, why: 'nothing-before' });
    expect(await standing()).toEqual(['champion', 'retired', 'retired (dropped)']);
    await store(true);
    expect(await rollback(db, null)).toMatchObject({ to: one });
  });

  it('any version whose model is kept can be promoted, and says who was there before', async () => {
    const one = await aChampion();
    await store(false);
    expect(await promote(db, one + 1, 'a try')).toEqual({ changed: true, from: one, to: one + 1 });
    expect((await championOf(db))!).toMatchObject({
      number: one + 1,
      decision: { rule: 'equal', byHand: { action: 'promoted', from: one, note: 'a try' } },
    });
    expect(await rollback(db, null)).toMatchObject({ to: one });
  });

  it('refuses what is not there, does not serve, serves already or is not kept', async () => {
    expect(await rollback(db, null)).toEqual({ changed: false, why: 'nothing-before' });
    const one = await aChampion();
    expect(await promote(db, one, null)).toEqual({ changed: false, why: 'champion' });
    expect(await promote(db, one + 99, null)).toEqual({ changed: false, why: 'unknown' });
    await store(false, { fault: 'no scores' });
    expect(await promote(db, one + 1, null)).toEqual({ changed: false, why: 'failed' });
    await store(false);
    await store(false);
    expect(await promote(db, one + 2, null)).toEqual({ changed: false, why: 'dropped' });
    expect((await championOf(db))!.number).toBe(one);
  });

  it('twenty at once leave one champion', async () => {
    const one = await aChampion();
    for (let i = 0; i < 2; i++) await store(true);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? rollback(db, null) : promote(db, one + (i % 3), null))),
    );
    expect((await standing()).filter((status) => status === 'champion')).toHaveLength(1);
  });

  /** A first champion; its number. */
  async function aChampion() {
    await store(true);
    return first();
  }
});
