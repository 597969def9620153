import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventKey } from '../../../core/behaviour/key.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { resolveExternal } from '../../../core/learner/store.ts';
import { eraseLearner } from '../../../core/privacy/erase.ts';
import { exportLearner } from '../../../core/privacy/export.ts';
import { testDatabase } from '../../setup/database.ts';
import { rowsOf, somebody, tablesOfLearners } from './somebody.ts';

const db = testDatabase();

test('the test people have a row in every table that can name a learner', async () => {
  const id = await somebody(db, 'Everywhere');
  for (const table of await tablesOfLearners(db)) expect([table, await rowsOf(db, table, id)]).toEqual([table, 1]);
});

test('an export holds what is stored about a person, and nothing of others', async () => {
  const [id] = [await somebody(db, 'Ada'), await somebody(db, 'Bob')];
  const text = JSON.stringify(await exportLearner(db, id));
  const marks = [
    ...['goal', 'chat', 'words', 'query', 'state', 'code', 'order', 'push', 'inbox', 'conversation'],
    ...['invoice', 'page', 'poll', 'question', 'shown'],
  ];
  for (const mark of marks) expect(text).toContain(`${mark} Ada`);
  expect(JSON.parse(text)).toMatchObject({ learner: { externalIds: ['Ada'] }, events: [{ type: 'search' }] });
  expect(text).not.toContain('Bob');
  // Rows that carry no words of their own.
  const sections = JSON.parse(text) as Record<string, unknown[]>;
  expect(sections['campaigns']).toHaveLength(1);
  expect(sections['sessions']).toHaveLength(1);
  expect(sections['linkCodes']).toHaveLength(1);
  for (const secret of ['session Ada', 'link Ada']) expect(text).not.toContain(secret);
  expect(await exportLearner(db, randomUUID())).toBeUndefined();
});

test('an export has a section for every table that can name a learner', async () => {
  const id = await somebody(db, 'Sections');
  const { learner, ...sections } = (await exportLearner(db, id))!;
  const rows = Object.values(sections).reduce((sum, section) => sum + section.length, 0);
  const own = ['externalIds', 'addresses', 'consents'].reduce(
    (sum, part) => sum + (learner[part] as unknown[]).length,
    0,
  );
  // One row in each.
  expect(rows + own).toBe((await tablesOfLearners(db)).length);
});

test('an export says that somebody was invited and invited others, not whom', async () => {
  const [inviter, invited] = [await somebody(db, 'Inga'), await somebody(db, 'Ida')];
  await db.prisma.referral.create({ data: { referredId: invited, referrerId: inviter, at: new Date(0) } });
  const at = { at: new Date(0).toISOString().replace('.000Z', '+00:00'), creditedAt: null };
  expect(await exportLearner(db, inviter)).toMatchObject({ invited: [at], invitedBy: [] });
  const text = JSON.stringify(await exportLearner(db, invited));
  expect(JSON.parse(text)).toMatchObject({ invited: [], invitedBy: [at] });
  expect(text).not.toContain(inviter);
  expect(await eraseLearner(db, inviter)).toBe(true);
  expect(await db.prisma.referral.findMany()).toMatchObject([{ referredId: invited, referrerId: null }]);
  expect(await eraseLearner(db, invited)).toBe(true);
  expect(await db.prisma.referral.count()).toBe(0);
});

test('erasure leaves no row that names the person, and totals without them', async () => {
  const [id, other] = [await somebody(db, 'Cleo'), await somebody(db, 'Dan')];
  expect(await eraseLearner(db, id)).toBe(true);
  for (const table of await tablesOfLearners(db)) expect([table, await rowsOf(db, table, id)]).toEqual([table, 0]);
  for (const table of await tablesOfLearners(db)) expect([table, await rowsOf(db, table, other)]).toEqual([table, 1]);
  expect(await db.prisma.conversation.findMany({ where: { chat: 'chat Cleo' } })).toEqual([]);
  expect(await exportLearner(db, id)).toBeUndefined();

  const order = await db.prisma.order.findUniqueOrThrow({
    where: { idempotencyKey: 'order Cleo' },
    include: { coupon: true },
  });
  expect(order).toMatchObject({ learnerId: null, paidMinor: 80, coupon: { learnerId: null, code: 'code Cleo' } });
  const campaign = await db.prisma.campaign.findUniqueOrThrow({
    where: { name: 'campaign Cleo' },
    include: { members: true },
  });
  expect(campaign.members).toMatchObject([{ learnerId: null, arm: 'treatment' }]);
  expect(await eraseLearner(db, id)).toBe(false);
});

test('an erased external id never becomes a person again, and is not kept in clear', async () => {
  const id = await somebody(db, 'Eve Externalid');
  await eraseLearner(db, id);
  const { ids, erased } = await resolveExternal(db, ['Eve Externalid'], { create: true });
  expect([ids.size, erased]).toEqual([0, new Set(['Eve Externalid'])]);
  const { rows } = await db.pool.query<{ text: string }>(
    `select string_agg(t::text, '') as text from (select encode(hash, 'escape') as t from erased_ids) as e`,
  );
  expect(rows[0]!.text).not.toContain('Eve');
});

test('behaviour that arrives during an erasure does not bring the person back', async () => {
  const id = await somebody(db, 'Fay');
  const arriving = Array.from({ length: 40 }, (_, index) => ({
    idempotencyKey: eventKey('late', String(index)),
    ...{ learnerId: id, courseId: 'c', type: 'view' as const, value: null, occurredAt: new Date(), channel: 'api' },
    circumstances: {},
  }));
  await Promise.all([eraseLearner(db, id), ...arriving.map((event) => recordEvents(db, [event]))]);
  for (const table of await tablesOfLearners(db)) expect([table, await rowsOf(db, table, id)]).toEqual([table, 0]);
});
