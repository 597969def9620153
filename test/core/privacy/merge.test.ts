import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadTurn, saveState } from '../../../bots/conversation/store.ts';
import { readState } from '../../../bots/conversation/state.ts';
import type { NewEvent } from '../../../core/behaviour/event.ts';
import { eventKey } from '../../../core/behaviour/key.ts';
import { eventsOf, recordEvents } from '../../../core/behaviour/store.ts';
import { recordOutcome, writeMessages } from '../../../core/campaign/message/store.ts';
import { acceptReferral, invitedBy, referralCode } from '../../../core/campaign/referral/store.ts';
import { checkout } from '../../../core/campaign/sale/store.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { emptyState, foldEvent } from '../../../core/interest/state.ts';
import { learnerState } from '../../../core/interest/store.ts';
import type { ConsentKind } from '../../../core/learner/learner.ts';
import { newLinkCode } from '../../../core/learner/link/store.ts';
import {
  addressesOf,
  createLearner,
  findLearner,
  meetLearner,
  resolveExternal,
  setConsent,
  touchAddress,
  updateLearner,
} from '../../../core/learner/store.ts';
import { eraseLearner } from '../../../core/privacy/erase.ts';
import { linkAccounts, mergeLearners } from '../../../core/privacy/merge.ts';
import { sampleCourse } from '../../doubles/recommender.ts';
import { testDatabase } from '../../setup/database.ts';
import { waitingForLock } from '../../setup/locks.ts';
import { rowsOf, somebody, tablesOfLearners } from './somebody.ts';

const db = testDatabase();
const now = new Date('2026-11-20T10:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

let made = 0;
function event(
  learnerId: string,
  type: NewEvent['type'] = 'view',
  course = 'a',
  value: number | null = null,
): NewEvent {
  return {
    idempotencyKey: eventKey('merge test', String(made++)),
    ...{ learnerId, courseId: course, type, value, occurredAt: minutesAgo(made), channel: 'web', circumstances: {} },
  };
}

/** Two people in chats, the first the older; neither is known to a seller. */
async function two(): Promise<[older: string, younger: string]> {
  const ids = [];
  for (const [place, channel] of (['telegram', 'discord'] as const).entries()) {
    const { id } = await meetLearner(db, channel, randomUUID(), { reachable: true });
    await db.prisma.learner.update({ where: { id }, data: { createdAt: minutesAgo(100 - place) } });
    ids.push(id);
  }
  return ids as [string, string];
}

const merge = (one: string, other: string) => mergeLearners(db, one, other, now);
const consent = (learnerId: string, kind: ConsentKind, granted: boolean, channel: string, at: Date) =>
  setConsent(db, { learnerId, kind, granted, channel, wording: '1', at });

describe('two accounts of one person', () => {
  test('become the one that the seller knows, else the older', async () => {
    const [older, younger] = await two();
    expect(await merge(younger, older)).toEqual({ ok: true, learnerId: older });
    const { ids } = await resolveExternal(db, ['known'], { create: true });
    expect(await merge(older, ids.get('known')!)).toEqual({ ok: true, learnerId: ids.get('known') });
    for (const id of [older, younger]) expect((await findLearner(db, id))?.id).toBe(ids.get('known'));
    expect(await merge(younger, older)).toEqual({ ok: true, learnerId: ids.get('known') });
  });

  test('keep every row of both, and are erased together', async () => {
    const [keep, gone] = [await somebody(db, 'Gil'), await somebody(db, 'Hal')];
    expect(await merge(gone, keep)).toEqual({ ok: true, learnerId: keep });
    // The state is folded anew, and the id that went is itself a former one now.
    const expected: Record<string, number> = { learner_states: 0, former_ids: 3 };
    for (const table of await tablesOfLearners(db)) {
      expect([table, await rowsOf(db, table, gone)]).toEqual([table, 0]);
      expect([table, await rowsOf(db, table, keep)]).toEqual([table, expected[table] ?? 2]);
    }
    expect(await eraseLearner(db, gone)).toBe(true);
    for (const table of await tablesOfLearners(db)) expect([table, await rowsOf(db, table, keep)]).toEqual([table, 0]);
    const { erased } = await resolveExternal(db, ['Gil', 'Hal'], { create: true });
    expect(erased).toEqual(new Set(['Gil', 'Hal']));
  });

  test('have the state that both logs together fold to', async () => {
    const [keep, gone] = await two();
    const log = [
      ...[
        event(keep, 'view', 'a'),
        event(gone, 'save', 'a'),
        event(keep, 'rate', 'b', 1),
        event(gone, 'purchase', 'c', 9900),
      ],
      ...[event(gone, 'dismiss', 'b'), event(keep, 'complete', 'c')],
    ];
    for (const one of log) await recordEvents(db, [one]);
    // States that were stored before must not be taken for the whole.
    for (const id of [keep, gone]) {
      await recordEvents(
        db,
        Array.from({ length: 20 }, () => event(id, 'view', 'd')),
      );
      await learnerState(db, id);
    }
    await merge(keep, gone);
    const events = await eventsOf(db, keep);
    expect(events).toHaveLength(46);
    expect(await eventsOf(db, gone)).toEqual([]);
    expect(await learnerState(db, keep)).toEqual(events.reduce(foldEvent, emptyState()));
    expect(await learnerState(db, keep)).toEqual(events.toReversed().reduce(foldEvent, emptyState()));
    expect(await recordEvents(db, log)).toMatchObject({ accepted: new Set(), duplicate: { size: log.length } });
  });

  test('keep the preferences of the one that stays, filled from the other', async () => {
    const [keep, gone] = await two();
    await updateLearner(db, keep, {
      language: 'zh',
      pushHour: 7,
      attributes: { a: 'keep' },
      declaredTopics: ['Excel'],
    });
    await updateLearner(db, gone, {
      ...{ language: 'en', pushHour: 9, quietFrom: 20, quietTo: 10, timeZone: 'Europe/London', goal: 'job' },
      ...{ attributes: { a: 'gone', b: 'gone' }, declaredTopics: ['Python'], messageTopics: ['Python'] },
    });
    await merge(keep, gone);
    expect(await findLearner(db, keep)).toMatchObject({
      ...{ language: 'zh', pushHour: 7, quietFrom: 20, quietTo: 10, timeZone: 'Europe/London', goal: 'job' },
      ...{ declaredTopics: ['Excel'], messageTopics: ['Python'] },
    });
    expect((await db.prisma.learner.findUniqueOrThrow({ where: { id: keep } })).attributes).toEqual({
      a: 'keep',
      b: 'gone',
    });
  });

  test('are never a real and a simulated one', async () => {
    const [real] = await two();
    const { id } = await createLearner(db, { simulated: true });
    expect(await merge(real, id)).toEqual({ ok: false, reason: 'simulated' });
    expect(await merge(real, randomUUID())).toEqual({ ok: false, reason: 'gone' });
    expect((await findLearner(db, id))?.id).toBe(id);
  });

  test('keep one conversation and one address of a chat that is named after its learner', async () => {
    const [keep, gone] = await two();
    for (const [id, at] of [
      [keep, minutesAgo(60)],
      [gone, minutesAgo(5)],
    ] as const) {
      await touchAddress(db, { learnerId: id, channel: 'web', chat: id });
      await db.pool.query('update addresses set used_at = $2 where chat = $1', [id, at]);
      await saveState(
        db,
        { id: 'turn', channel: 'web', chat: id, learnerId: id },
        { ...readState({}), course: id },
        [],
      );
    }
    await merge(keep, gone);
    const web = await db.prisma.address.findMany({ where: { channel: 'web', learnerId: keep } });
    expect(web).toMatchObject([{ chat: keep, usedAt: minutesAgo(5) }]);
    expect(await db.prisma.conversation.findMany({ where: { learnerId: keep } })).toMatchObject([{ chat: keep }]);
    expect(await addressesOf(db, gone, { for: 'service' })).toHaveLength(3);

    // A turn that was under way as the account that went ends in the chat of the one that stayed.
    await saveState(
      db,
      { id: 'turn', channel: 'web', chat: gone, learnerId: gone },
      { ...readState({}), course: 'last' },
      [],
    );
    expect((await loadTurn(db, { id: 'turn', channel: 'web', chat: keep, learnerId: keep }))?.state).toMatchObject({
      course: 'last',
    });
    expect(await db.prisma.conversation.count({ where: { chat: gone } })).toBe(0);
  });
});

describe('consent of two accounts', () => {
  test('is the newest decision of each kind, and none is no', async () => {
    const [keep, gone] = await two();
    await consent(keep, 'recording', true, 'telegram', minutesAgo(9));
    await consent(gone, 'recording', false, 'discord', minutesAgo(8));
    await consent(gone, 'messages', true, 'discord', minutesAgo(7));
    await merge(keep, gone);
    expect(await findLearner(db, keep)).toMatchObject({ recording: false, messages: true, personalised: true });
    expect((await addressesOf(db, keep, { for: 'marketing' })).map(({ channel }) => channel)).toEqual(['discord']);

    const [silentKeep, silentGone] = await two();
    await db.pool.query('update learners set recording = true, messages = true where id = $1', [silentKeep]);
    await updateLearnerPersonalised(silentGone, false);
    await merge(silentKeep, silentGone);
    expect(await findLearner(db, silentKeep)).toMatchObject({ recording: false, messages: false, personalised: false });
  });

  test('withdrawn in one account stops messages and reminders of the other, until it is given again', async () => {
    const [keep, gone] = await two();
    await consent(gone, 'messages', true, 'discord', minutesAgo(9));
    await db.pool.query('update addresses set reminders = true where learner_id = $1', [gone]);
    await updateLearner(db, gone, { reminderHour: 20 });
    await consent(keep, 'messages', false, 'telegram', minutesAgo(8));
    await merge(keep, gone);
    expect(await findLearner(db, keep)).toMatchObject({ messages: false, reminderHour: null });
    for (const purpose of ['marketing', 'reminder'] as const)
      expect(await addressesOf(db, keep, { for: purpose })).toEqual([]);

    const [again, before] = await two();
    await consent(before, 'messages', true, 'discord', minutesAgo(9));
    await consent(again, 'messages', false, 'telegram', minutesAgo(8));
    await consent(again, 'messages', true, 'telegram', minutesAgo(7));
    await merge(again, before);
    expect((await addressesOf(db, again, { for: 'marketing' })).map(({ channel }) => channel)).toEqual(['telegram']);
  });

  test('to reminders holds where nobody withdrew', async () => {
    const [keep, gone] = await two();
    await db.pool.query('update addresses set reminders = true where learner_id = $1', [gone]);
    await updateLearner(db, gone, { reminderHour: 20 });
    await merge(keep, gone);
    expect(await findLearner(db, keep)).toMatchObject({ reminderHour: 20 });
    expect(await addressesOf(db, keep, { for: 'reminder' })).toHaveLength(1);
  });
});

const updateLearnerPersonalised = (id: string, personalised: boolean) =>
  db.pool.query('update learners set personalised = $2 where id = $1', [id, personalised]);

describe('what was planned for both accounts', () => {
  /** A campaign with a place, a coupon and a message for each; what differs is given. */
  async function campaign(places: { id: string; arm?: string; redeemed?: boolean; sent?: boolean }[]) {
    const { id: campaignId } = await db.prisma.campaign.create({
      data: {
        name: `c${made++}`,
        plan: { offer: { expires_at: '2026-12-31T00:00:00Z' } },
        status: 'sending',
        sendAt: now,
      },
    });
    for (const { id, arm = 'treatment', redeemed = false, sent = false } of places) {
      const sentAt = sent ? minutesAgo(3) : null;
      await db.prisma.campaignMember.create({ data: { campaignId, learnerId: id, arm, sentAt } });
      if (arm === 'holdout') continue;
      await db.prisma.coupon.create({
        data: {
          ...{ code: `${campaignId} ${id}`, campaignId, learnerId: id, percent: 20, expiresAt: minutesAgo(-600) },
          ...(redeemed && { redeemedAt: minutesAgo(1) }),
        },
      });
      await message(id, `campaign:${campaignId}:${id}`, { kind: 'campaign', campaignId }, sent ? 'sent' : 'pending');
    }
    return campaignId;
  }

  async function message(
    learnerId: string,
    key: string,
    more: { kind?: 'push' | 'campaign' | 'service'; campaignId?: string } = {},
    status = 'pending',
  ): Promise<string> {
    const id = randomUUID();
    await writeMessages(
      db.pool,
      [
        {
          ...{ id, idempotencyKey: key, learnerId, kind: 'push', campaignId: null, reply: { text: { key: 'help' } } },
          ...{ circumstances: {}, notBefore: now, expiresAt: minutesAgo(-600), ...more },
        },
      ],
      now,
    );
    await db.pool.query(
      `update outbox_messages set status = $2, sent_at = case when $2 = 'sent' then now() end where id = $1`,
      [...[id, status]],
    );
    return id;
  }

  const statuses = async (learnerId: string) =>
    (await db.prisma.outboxMessage.findMany({ where: { learnerId }, orderBy: { id: 'asc' } }))
      .map(({ status }) => status)
      .sort();

  test.each([
    ['the used code', { redeemed: true, sent: true }, { sent: true }, 'gone'],
    ['the code that was sent', { sent: true }, {}, 'gone'],
    ['a code rather than none', {}, { arm: 'holdout' }, 'gone'],
    ['the survivor’s code', { sent: true }, { sent: true }, 'keep'],
  ])('of one campaign a person keeps %s, and totals stay true', async (_, ofGone, ofKeep, whose) => {
    const [keep, gone] = await two();
    const campaignId = await campaign([
      { id: keep, ...ofKeep },
      { id: gone, ...ofGone },
    ]);
    const totals = async () => ({
      members: (await db.prisma.campaignMember.findMany({ where: { campaignId } })).map(({ arm }) => arm).sort(),
      coupons: await db.prisma.coupon.count({ where: { campaignId } }),
      redeemed: await db.prisma.coupon.count({ where: { campaignId, redeemedAt: { not: null } } }),
      sent: await db.prisma.campaignMember.count({ where: { campaignId, sentAt: { not: null } } }),
    });
    const before = await totals();
    await merge(keep, gone);
    expect(await totals()).toEqual(before);
    const code = `${campaignId} ${whose === 'keep' ? keep : gone}`;
    expect(await db.prisma.coupon.findMany({ where: { campaignId, learnerId: keep } })).toMatchObject([{ code }]);
    expect(await db.prisma.campaignMember.count({ where: { campaignId, learnerId: keep } })).toBe(1);
    // Never more than one message of it goes out.
    const living = (await statuses(keep)).filter((status) => status === 'pending');
    expect(living).toHaveLength(whose === 'gone' && !('sent' in ofGone) ? 1 : 0);
  });

  test('the other code of an offer can not be used', async () => {
    await upsertCourses(db, [sampleCourse('paid', 'Data', { priceMinor: 1000, currency: 'CNY' })]);
    const [keep, gone] = await two();
    const campaignId = await campaign([
      { id: keep, sent: true },
      { id: gone, sent: true },
    ]);
    await db.pool.query(
      `update coupons set code = case when learner_id = $1 then '0000-0000-00001' else '0000-0000-00002' end where campaign_id = $2`,
      [...[keep, campaignId]],
    );
    await merge(keep, gone);
    const buy = (couponCode: string) =>
      checkout(db, {
        ...{ learnerId: keep, courseId: 'paid', couponCode, currency: 'CNY', channel: 'web', at: now },
        idempotencyKey: randomUUID(),
      });
    expect(await buy('0000-0000-00002')).toMatchObject({ ok: false, error: 'coupon.not-yours' });
    expect(await buy('0000-0000-00001')).toMatchObject({ ok: true, order: { paidMinor: 800 } });
  });

  test('of one day’s push one goes out, and planning knows it', async () => {
    const [keep, gone] = await two();
    for (const id of [keep, gone]) await message(id, `push:${id}:2026-11-20`);
    await message(gone, `push:${gone}:2026-11-19`, {}, 'sent');
    const service = await Promise.all([keep, gone].map((id) => message(id, `receipt:${id}`, { kind: 'service' })));
    await merge(keep, gone);
    expect(await statuses(keep)).toEqual(['aborted', 'pending', 'pending', 'pending', 'sent']);
    expect(await db.prisma.outboxMessage.count({ where: { id: { in: service }, status: 'pending' } })).toBe(2);
    const keys = (await db.prisma.outboxMessage.findMany({ where: { learnerId: keep } })).map(
      (row) => row.idempotencyKey,
    );
    expect(keys).toContain(`push:${keep}:2026-11-19`);
  });

  test('what was sent to the one, the other does not get as well', async () => {
    const [keep, gone] = await two();
    await message(gone, `push:${gone}:2026-11-20`, {}, 'sent');
    await message(keep, `push:${keep}:2026-11-20`);
    await merge(keep, gone);
    expect(await statuses(keep)).toEqual(['aborted', 'sent']);
  });

  test('an answer to a message of the account that went is still its outcome', async () => {
    const [keep, gone] = await two();
    const id = await message(gone, `push:${gone}:2026-11-20`, {}, 'sent');
    await merge(keep, gone);
    expect(await recordOutcome(db, { messageId: id, learnerId: gone, outcome: 'opted-out', at: now })).toBe(true);
  });

  test('a challenge that both joined has one member and one reward', async () => {
    const [keep, gone] = await two();
    const { id: communityId } = await db.prisma.community.create({ data: { channel: 'telegram', chat: `g${made++}` } });
    const { id: challengeId } = await db.prisma.challenge.create({
      data: {
        ...{
          communityId,
          name: 'x',
          firstDay: now,
          lastDay: now,
          timeZone: 'UTC',
          daysNeeded: 1,
          percent: 10,
          couponDays: 9,
        },
      },
    });
    await db.prisma.challengeMember.createMany({
      data: [
        { challengeId, learnerId: keep, joinedAt: minutesAgo(5) },
        { challengeId, learnerId: gone, joinedAt: minutesAgo(9), shownAs: 'G', rewardedAt: minutesAgo(1) },
      ],
    });
    await merge(keep, gone);
    expect(await db.prisma.challengeMember.findMany({ where: { challengeId } })).toEqual([
      { challengeId, learnerId: keep, joinedAt: minutesAgo(9), shownAs: 'G', rewardedAt: minutesAgo(1) },
    ]);
  });

  test('a person is invited once, and never by themselves', async () => {
    const [inviter] = await two();
    const [keep, gone] = await two();
    await db.prisma.referral.createMany({
      data: [
        { referredId: keep, referrerId: gone, at: minutesAgo(9) },
        { referredId: gone, referrerId: inviter, at: minutesAgo(5), creditedAt: minutesAgo(1) },
      ],
    });
    await merge(keep, gone);
    const referrals = await db.prisma.referral.findMany({ where: { referredId: { in: [keep, gone] } } });
    expect(referrals).toEqual([
      { referredId: keep, referrerId: inviter, at: minutesAgo(5), creditedAt: minutesAgo(1) },
    ]);
    const merging = await merge(inviter, keep);
    // The credit is spent: it can not be earned again.
    expect(
      await db.prisma.referral.findMany({ where: { referredId: merging.ok ? merging.learnerId : '' } }),
    ).toMatchObject([{ referrerId: null, creditedAt: minutesAgo(1) }]);
  });

  test('the invitation links of both go on working', async () => {
    const terms = { now, percent: 10, days: 30 };
    const codes: string[] = [];
    const [keep, gone] = await two();
    for (const id of [keep, gone]) codes.push((await referralCode(db, id))!);
    await merge(keep, gone);
    for (const code of codes) {
      const { id } = await meetLearner(db, 'telegram', randomUUID(), { reachable: true });
      expect(await acceptReferral(db, { referredId: id, code, ...terms })).toMatchObject({ ok: true });
      expect(await acceptReferral(db, { referredId: keep, code, ...terms })).toMatchObject({ error: 'referral.self' });
    }
    expect(await invitedBy(db, keep)).toMatchObject({ came: 2 });
    expect(await referralCode(db, keep)).toBe(codes[0]);
    // Also where their account goes into a third.
    const { ids } = await resolveExternal(db, [`links ${keep}`], { create: true });
    await merge(keep, ids.get(`links ${keep}`)!);
    for (const code of codes) {
      const { id } = await meetLearner(db, 'telegram', randomUUID(), { reachable: true });
      expect(await acceptReferral(db, { referredId: id, code, ...terms })).toMatchObject({ ok: true });
    }
  });
});

describe('at the same moment', () => {
  test('what is recorded for either id is in the one log, once', async () => {
    const [keep, gone] = await two();
    let merging = true;
    const recorded: NewEvent[] = [];
    // Each hands in one after another, before, during and after, and every tenth again.
    const writer = async (id: string) => {
      for (let after = 0; after < 5; after += Number(!merging)) {
        const one = event(id);
        recorded.push(one);
        expect((await recordEvents(db, [one])).accepted.size).toBe(1);
        if (recorded.length % 10 === 0) await recordEvents(db, [one]);
      }
    };
    const writers = [gone, keep, gone, gone].map(writer);
    expect(await merge(keep, gone)).toEqual({ ok: true, learnerId: keep });
    merging = false;
    await Promise.all(writers);
    const log = await eventsOf(db, keep);
    expect(log.map((one) => one.idempotencyKey).sort()).toEqual(recorded.map((one) => one.idempotencyKey).sort());
    expect(await eventsOf(db, gone)).toEqual([]);
    expect(await learnerState(db, keep)).toEqual(log.reduce(foldEvent, emptyState()));
  });

  test('a withdrawal, a preference and a place are not lost', async () => {
    for (let round = 0; round < 5; round++) {
      const [keep, gone] = await two();
      await consent(gone, 'messages', true, 'discord', minutesAgo(9));
      await Promise.all([
        merge(keep, gone),
        consent(gone, 'messages', false, 'discord', now),
        updateLearner(db, gone, { goal: 'job' }),
        saveState(db, { id: 'turn', channel: 'discord', chat: gone, learnerId: gone }, readState({ course: 'x' }), []),
      ]);
      expect(await findLearner(db, gone)).toMatchObject({ id: keep, messages: false, goal: 'job' });
      expect(await addressesOf(db, keep, { for: 'marketing' })).toEqual([]);
      expect(await db.prisma.conversation.count({ where: { learnerId: keep } })).toBe(1);
    }
  });

  test('an erasure of either leaves nothing of what was one by then', async () => {
    for (let round = 0; round < 6; round++) {
      const [keep, gone] = await two();
      await recordEvents(db, [event(keep), event(gone)]);
      const [merging, erased] = await Promise.all([merge(keep, gone), eraseLearner(db, round % 2 ? gone : keep)]);
      expect(erased).toBe(true);
      const left = (await Promise.all([keep, gone].map((id) => findLearner(db, id)))).filter(Boolean);
      expect(left).toHaveLength(merging.ok ? 0 : 1);
      expect((await eventsOf(db, keep)).length + (await eventsOf(db, gone)).length).toBe(merging.ok ? 0 : 1);
    }
  });

  test('merges that cross end in one learner', async () => {
    for (let round = 0; round < 4; round++) {
      const [[a, b], [c, d]] = [await two(), await two()];
      await recordEvents(
        db,
        [a, b, c, d].map((id) => event(id)),
      );
      const merges = await Promise.all([merge(a, b), merge(b, c), merge(c, d), merge(d, a), merge(b, d)]);
      for (const merging of merges) expect(merging.ok).toBe(true);
      const ids = new Set(await Promise.all([a, b, c, d].map(async (id) => (await findLearner(db, id))?.id)));
      expect(ids.size).toBe(1);
      const [id] = ids;
      expect(await eventsOf(db, id!)).toHaveLength(4);
      expect(await eraseLearner(db, d)).toBe(true);
      for (const former of [a, b, c, d]) expect(await findLearner(db, former)).toBeUndefined();
    }
  });

  test('a checkout is before or after, and its order is the person’s', async () => {
    await upsertCourses(db, [sampleCourse('paid', 'Data', { priceMinor: 1000, currency: 'CNY' })]);
    const buy = (learnerId: string, idempotencyKey = randomUUID()) =>
      checkout(db, { learnerId, courseId: 'paid', currency: 'CNY', channel: 'web', at: now, idempotencyKey });
    for (let round = 0; round < 5; round++) {
      const [keep, gone] = await two();
      const key = randomUUID();
      const [, bought] = await Promise.all([merge(keep, gone), buy(gone, key)]);
      expect(bought).toMatchObject({ ok: true, repeated: false });
      expect(await db.prisma.order.count({ where: { learnerId: keep } })).toBe(1);
      // Who buys on as who they were is who they are now.
      expect(await buy(gone, key)).toMatchObject({ ok: true, repeated: true });
      expect(await buy(gone)).toEqual({ ok: false, error: 'course.owned' });
    }
    await expect(buy(randomUUID())).rejects.toThrow('Nobody is there to buy');
  });

  test('a merge that a deadlock ends begins anew', async () => {
    const [keep, gone] = await two();
    const [low, high] = [keep, gone].sort() as [string, string];
    const [holder, rival] = [await db.pool.connect(), await db.pool.connect()];
    try {
      await holder.query('begin');
      await holder.query('select from learners where id = $1 for update', [low]);
      await rival.query('begin');
      // Of the two in the deadlock the merge is the one that looks for it, and so the one that ends.
      await rival.query("set local deadlock_timeout = '1h'");
      await rival.query('select from learners where id = $1 for update', [high]);
      const merging = merge(keep, gone);
      await waitingForLock(db, 'select id from learners');
      const blocked = rival.query("select pg_advisory_xact_lock(hashtextextended('checkout:' || $1::text, 0))", [low]);
      await waitingForLock(db, 'select pg_advisory_xact_lock');
      await holder.query('commit');
      await blocked;
      expect(await findLearner(db, gone)).toMatchObject({ id: gone });
      await rival.query('commit');
      expect(await merging).toEqual({ ok: true, learnerId: keep });
      expect(await findLearner(db, gone)).toMatchObject({ id: keep });
    } finally {
      for (const client of [holder, rival]) client.release(true);
    }
  });
});

describe('a link code', () => {
  const code = async (learnerId: string) => (await newLinkCode(db, learnerId, now))!.code;
  const link = (learnerId: string, typed: string, at = now) => linkAccounts(db, { code: typed, learnerId, now: at });

  test('joins two accounts once, however it is typed', async () => {
    const [keep, gone] = await two();
    const made = await code(keep);
    expect(await link(gone, made.toLowerCase().replaceAll('-', ' '))).toEqual({ ok: true, learnerId: keep });
    // The same press delivered again.
    expect(await link(gone, made)).toEqual({ ok: false, reason: 'own' });
    const [stranger] = await two();
    expect(await link(stranger, made)).toEqual({ ok: false, reason: 'used' });
  });

  test('is refused when it is wrong, too old or one’s own', async () => {
    const [one, other] = await two();
    const made = await code(one);
    expect(await link(other, '0000-0000-00000')).toEqual({ ok: false, reason: 'unknown' });
    expect(await link(other, 'hello')).toEqual({ ok: false, reason: 'unknown' });
    expect(await link(one, made)).toEqual({ ok: false, reason: 'own' });
    expect(await link(other, made, minutesAgo(-10))).toEqual({ ok: false, reason: 'expired' });
    expect(await link(other, made, minutesAgo(-9))).toMatchObject({ ok: true });
    const { rows } = await db.pool.query('select hash from link_codes');
    expect(JSON.stringify(rows)).not.toContain(made);
  });

  test('joins one account of two that hand it in at once', async () => {
    const [owner, first] = await two();
    const [second] = await two();
    const made = await code(owner);
    const results = await Promise.all([link(first, made), link(second, made), link(first, made)]);
    const joined = new Set(
      await Promise.all([owner, first, second].map(async (id) => (await findLearner(db, id))?.id)),
    );
    expect(joined.size).toBe(2);
    expect(results.filter(({ ok }) => !ok).length).toBeGreaterThan(0);
  });

  test('stays unused where nothing comes of it', async () => {
    const [real] = await two();
    const made = await code(real);
    const { id } = await createLearner(db, { simulated: true });
    expect(await link(id, made)).toEqual({ ok: false, reason: 'simulated' });
    const [other] = await two();
    expect(await link(other, made)).toMatchObject({ ok: true });
  });

  test('goes with who made it', async () => {
    const [owner, other] = await two();
    const made = await code(owner);
    await eraseLearner(db, owner);
    expect(await link(other, made)).toEqual({ ok: false, reason: 'unknown' });
    expect(await newLinkCode(db, owner, now)).toBeUndefined();
  });
});
