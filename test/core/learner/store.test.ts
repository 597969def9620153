import { describe, expect, it, vi } from 'vitest';
import { erasureKey, eraseLearner, exportLearner } from '../../../core/learner/erasure/store.ts';
import { upsertLearners } from '../../../core/learner/import/store.ts';
import {
  addressesOf,
  createLearner,
  findLearner,
  learnerAt,
  markReachable,
  markUnreachable,
  meetLearner,
  resolveExternal,
  setConsent,
  touchAddress,
  updateLearner,
} from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();

describe('a learner', () => {
  it('begins without consent to recording or messages', async () => {
    const learner = await createLearner(db, { language: 'zh' });
    expect(learner).toMatchObject({ language: 'zh', recording: false, messages: false, personalised: true });
    expect(await findLearner(db, learner.id)).toEqual(learner);
  });

  it('can be changed, and a zone that is none is refused by name', async () => {
    const { id } = await createLearner(db);
    expect(await updateLearner(db, id, { declaredTopics: ['Python'], timeZone: 'Asia/Shanghai' })).toMatchObject({
      declaredTopics: ['Python'],
      timeZone: 'Asia/Shanghai',
    });
    await expect(updateLearner(db, id, { timeZone: 'Mars/Base' })).rejects.toThrow('"Mars/Base" is not a time zone');
    expect((await findLearner(db, id))?.timeZone).toBe('Asia/Shanghai');
  });

  it('is undefined when there is none', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await findLearner(db, nobody)).toBeUndefined();
    expect(await updateLearner(db, nobody, { goal: 'x' })).toBeUndefined();
    const consent = {
      learnerId: nobody,
      kind: 'messages',
      granted: true,
      channel: 'web',
      wording: '1',
      at: new Date(0),
    };
    expect(await setConsent(db, { ...consent, kind: 'messages' })).toBeUndefined();
  });

  it('keeps the proof of each consent beside the current one', async () => {
    const { id } = await createLearner(db);
    const at = new Date('2026-01-02T03:04:05Z');
    const common = { learnerId: id, kind: 'recording', channel: 'web', wording: '1' } as const;
    expect(await setConsent(db, { ...common, granted: true, at })).toMatchObject({ recording: true, messages: false });
    expect(await setConsent(db, { ...common, granted: false, at })).toMatchObject({ recording: false });
    const kept = await exportLearner(db, id);
    expect(kept?.consents).toEqual(
      [true, false].map((granted) => ({ kind: 'recording', granted, channel: 'web', wording: '1', at })),
    );
  });
});

describe('external ids', () => {
  it('become learners without consent, once', async () => {
    const first = await resolveExternal(db, ['a', 'b', 'a'], { create: true });
    expect([...first.ids.keys()].sort()).toEqual(['a', 'b']);
    const again = await resolveExternal(db, ['b', 'a', 'c'], { create: false });
    expect(again.ids).toEqual(first.ids);
    expect(await findLearner(db, first.ids.get('a')!)).toMatchObject({ recording: false, messages: false });
  });

  it('name one learner however many processes ask at once', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `race-${i}`);
    const before = await db.prisma.learner.count();
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) => resolveExternal(db, i % 2 ? names : names.toReversed(), { create: true })),
    );
    for (const { ids } of results) expect(ids).toEqual(new Map(results[0]!.ids));
    expect(await db.prisma.learner.count()).toBe(before + 50);
  });

  it('of an erased person are never made again', async () => {
    const { ids } = await resolveExternal(db, ['gone', 'stays'], { create: true });
    const key = await erasureKey(db);
    await db.prisma.$transaction((tx) => eraseLearner(tx, key, ids.get('gone')!));
    const after = await resolveExternal(db, ['gone', 'stays'], { create: true });
    expect(after).toEqual({ ids: new Map([['stays', ids.get('stays')]]), erased: new Set(['gone']) });
    expect(await upsertLearners(db, [{ externalId: 'gone', goal: 'x' }])).toMatchObject({
      inserted: 0,
      erased: new Set(['gone']),
    });
    expect(await findLearner(db, ids.get('gone')!)).toBeUndefined();
    const hashes = await db.prisma.erasedId.findMany();
    expect(hashes.some(({ hash }) => Buffer.from(hash).toString('utf8').includes('gone'))).toBe(false);
  });

  it('are hashed with one key, whoever makes it first', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => erasureKey(db)));
    for (const key of keys) expect(key).toEqual(keys[0]);
    expect(keys[0]).toHaveLength(32);
  });
});

describe('an import of learners', () => {
  it('inserts, updates what is given, keeps what is not, and does nothing the second time', async () => {
    const joinedAt = new Date('2020-05-06T00:00:00Z');
    const rows = [
      { externalId: 'i1', language: 'zh' as const, occupation: '教师', joinedAt, attributes: { team: '"red", {x}' } },
      { externalId: 'i2', goal: 'learn', timeZone: 'Europe/London' },
    ];
    expect(await upsertLearners(db, rows)).toEqual({ inserted: 2, updated: 0, unchanged: 0, erased: new Set() });
    expect(await upsertLearners(db, rows)).toEqual({ inserted: 0, updated: 0, unchanged: 2, erased: new Set() });
    const change = [{ externalId: 'i1', goal: 'new', occupation: null, attributes: { city: 'x' } }];
    expect(await upsertLearners(db, change)).toEqual({ inserted: 0, updated: 1, unchanged: 0, erased: new Set() });
    const { ids } = await resolveExternal(db, ['i1'], { create: false });
    const stored = await db.prisma.learner.findUniqueOrThrow({ where: { id: ids.get('i1')! } });
    expect(stored).toMatchObject({
      language: 'zh',
      goal: 'new',
      occupation: '教师',
      joinedAt,
      attributes: { team: '"red", {x}', city: 'x' },
    });
  });

  it('refuses a zone that is none', async () => {
    await expect(upsertLearners(db, [{ externalId: 'z', timeZone: 'Nowhere' }])).rejects.toThrow(RangeError);
  });
});

describe('addresses', () => {
  it('lead to one learner, even when two updates of a new chat come at once', async () => {
    const before = await db.prisma.learner.count();
    const found = await Promise.all(
      Array.from({ length: 6 }, () => meetLearner(db, 'telegram', '42', { reachable: true })),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(await db.prisma.learner.count()).toBe(before + 1);
    expect(await learnerAt(db, 'telegram', '42')).toEqual(found[0]);
    expect(await learnerAt(db, 'telegram', '43')).toBeUndefined();
  });

  it('are met in one statement, once they are known', async () => {
    await meetLearner(db, 'discord', 'known', { reachable: true });
    const query = vi.spyOn(db.pool, 'query');
    await meetLearner(db, 'discord', 'known', { reachable: true });
    const statements = query.mock.calls.length;
    query.mockRestore();
    expect(statements).toBe(1);
  });

  it('of who was seen in a group alone are not written to until they write', async () => {
    const { id } = await meetLearner(db, 'telegram', 'g1', { reachable: false });
    expect(await addressesOf(db, id, { for: 'service' })).toEqual([]);
    expect((await meetLearner(db, 'telegram', 'g1', { reachable: true })).id).toBe(id);
    expect(await addressesOf(db, id, { for: 'service' })).toHaveLength(1);
    await meetLearner(db, 'telegram', 'g1', { reachable: false });
    expect(await addressesOf(db, id, { for: 'service' })).toHaveLength(1);
  });

  it('come latest used first, without those that were blocked', async () => {
    const { id: learnerId } = await createLearner(db);
    const channelsOf = async () => (await addressesOf(db, learnerId, { for: 'service' })).map(({ channel }) => channel);
    await touchAddress(db, { learnerId, channel: 'web', chat: 'w' });
    await touchAddress(db, { learnerId, channel: 'discord', chat: 'd' });
    await db.pool.query(`update addresses set used_at = used_at - interval '1 hour' where learner_id = $1`, [
      learnerId,
    ]);
    await meetLearner(db, 'web', 'w', { reachable: true });
    expect(await channelsOf()).toEqual(['web', 'discord']);
    await markUnreachable(db, { channel: 'web', chat: 'w' });
    expect(await addressesOf(db, learnerId, { for: 'service' })).toEqual([
      { learnerId, channel: 'discord', chat: 'd' },
    ]);
    await markReachable(db, { channel: 'web', chat: 'w' });
    expect(await channelsOf()).toEqual(['web', 'discord']);
    await markUnreachable(db, { channel: 'web', chat: 'w' });
    await touchAddress(db, { learnerId, channel: 'web', chat: 'w' });
    expect(await channelsOf()).toHaveLength(2);
  });

  it('are written to where that was agreed to, and nowhere once it is withdrawn anywhere', async () => {
    const { id: learnerId } = await meetLearner(db, 'telegram', 't1', { reachable: true });
    for (const [channel, chat] of [
      ['telegram', 't2'],
      ['discord', 'd1'],
      ['web', learnerId],
    ] as const)
      await touchAddress(db, { learnerId, channel, chat });
    await db.pool.query('update addresses set reminders = true where learner_id = $1', [learnerId]);
    await updateLearner(db, learnerId, { reminderHour: 20 });
    const consent = { learnerId, kind: 'messages', wording: '1', at: new Date(0) } as const;
    const marketing = async () =>
      (await addressesOf(db, learnerId, { for: 'marketing' })).map(({ chat }) => chat).sort();
    expect(await marketing()).toEqual([]);
    await setConsent(db, { ...consent, granted: true, channel: 'discord', chat: 'd1' });
    expect(await marketing()).toEqual(['d1']);
    await setConsent(db, { ...consent, granted: true, channel: 'telegram', chat: 't1' });
    expect(await marketing()).toEqual(['d1', 't1']);
    await setConsent(db, { ...consent, kind: 'recording', granted: false, channel: 'web' });
    expect(await marketing()).toHaveLength(2);
    expect(await addressesOf(db, learnerId, { for: 'reminder' })).toHaveLength(4);
    await setConsent(db, { ...consent, granted: false, channel: 'web', chat: learnerId });
    expect(await marketing()).toEqual([]);
    expect(await addressesOf(db, learnerId, { for: 'reminder' })).toEqual([]);
    expect(await addressesOf(db, learnerId, { for: 'service' })).toHaveLength(4);
    expect(await findLearner(db, learnerId)).toMatchObject({ messages: false, reminderHour: null });
  });

  it('are not kept of somebody who is gone', async () => {
    const { id: learnerId } = await createLearner(db);
    expect(await touchAddress(db, { learnerId, channel: 'web', chat: 'gone' })).toBe(true);
    await db.prisma.learner.delete({ where: { id: learnerId } });
    expect(await touchAddress(db, { learnerId, channel: 'web', chat: 'gone' })).toBe(false);
    expect(await learnerAt(db, 'web', 'gone')).toBeUndefined();
  });
});
