import { beforeEach, describe, expect, test } from 'vitest';
import { judge, type Moment } from '../../core/campaign/capping.ts';
import type { NewMessage } from '../../core/campaign/message/message.ts';
import { markSilent, recordOutcome, writeMessages } from '../../core/campaign/message/store.ts';
import { stopCampaign } from '../../core/campaign/store.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import type { ChannelName } from '../../core/learner/learner.ts';
import { setConsent } from '../../core/learner/store.ts';
import { createDeliver } from '../../queue/delivery/deliver.ts';
import type { Channel, Delivery } from '../../queue/ports.ts';
import { relay } from '../../queue/relay.ts';
import { recordingChannel, unpaced } from '../doubles/channel.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();
const limits = { dailyCap: 2, defaultTimeZone: 'Asia/Shanghai' };
/** Noon in Shanghai. */
const noon = new Date('2027-03-01T04:00:00Z');
const after = (minutes: number, from = noon) => new Date(from.getTime() + minutes * 60_000);
let now = noon;

beforeEach(async () => {
  now = noon;
  await db.pool.query('truncate learners, campaigns, events, orders, communities cascade');
});

async function learner(data = {}, addresses: ChannelName[] = ['web']) {
  const { id } = await db.prisma.learner.create({ data: { messages: true, recording: true, language: 'en', ...data } });
  // The later in the list, the later used.
  for (const [order, channel] of addresses.entries())
    await db.prisma.address.create({
      data: { learnerId: id, channel, chat: `${channel}-${id}`, messages: true, usedAt: after(order) },
    });
  return id;
}

let made = 0;
async function message(learnerId: string, more: Partial<NewMessage> = {}) {
  const key = `test:${made++}`;
  const row: NewMessage = {
    id: eventKey('message', key),
    idempotencyKey: key,
    learnerId,
    kind: 'push',
    campaignId: null,
    reply: { text: { template: { en: 'Hello' } }, course: 'a' },
    circumstances: { list: 'push', slate: 'b7a4f1d2-1111-8111-8111-111111111111', propensity: 0.5, position: 0 },
    notBefore: now,
    expiresAt: after(60 * 24 * 3),
    ...more,
  };
  await writeMessages(db.pool, [row], now);
  return row.id;
}
const row = (id: string) => db.prisma.outboxMessage.findUniqueOrThrow({ where: { id } });

function deliverer(...channels: Channel[]) {
  return createDeliver({ db, channels, pacer: unpaced, limits, clock: () => now });
}
const failing = (answer: Delivery, name: ChannelName = 'web') => recordingChannel(name, [answer]);

describe('delivery', () => {
  test('sends, keeps the platform’s answer, and logs what was shown with its circumstances', async () => {
    const me = await learner();
    const id = await message(me);
    const { channel, sent } = recordingChannel();
    expect(await deliverer(channel)(id)).toBe('sent');
    expect(sent).toMatchObject([{ messageId: id, language: 'en', address: { learnerId: me, channel: 'web' } }]);
    expect(await row(id)).toMatchObject({ status: 'sent', channel: 'web', platformId: 'p0', sentAt: noon });
    expect(await db.prisma.event.findMany()).toMatchObject([
      {
        type: 'impression',
        learnerId: me,
        courseId: 'a',
        channel: 'web',
        occurredAt: noon,
        circumstances: { list: 'push', propensity: 0.5, message: id },
      },
    ]);
  });

  test('a doubled job sends once, one after the other and at once', async () => {
    const id = await message(await learner());
    const { channel, sent } = recordingChannel();
    const [one, two] = [deliverer(channel), deliverer({ ...channel, repeatable: true })];
    const results = await Promise.all([one(id), one(id), two(id), two(id)]);
    expect(results.filter((result) => result === 'sent')).toHaveLength(1);
    expect(await one(id)).toBe('settled');
    expect(sent).toHaveLength(1);
  });

  test('who opted out between plan and send gets nothing', async () => {
    const me = await learner();
    const id = await message(me);
    await db.prisma.learner.update({ where: { id: me }, data: { messages: false } });
    const { channel, sent } = recordingChannel();
    expect(await deliverer(channel)(id)).toBe('aborted');
    expect([sent, await row(id)]).toMatchObject([[], { status: 'aborted', reason: 'no-consent' }]);
  });

  test('a push of a course that was bought or dismissed meanwhile is not sent', async () => {
    const [buyer, dismisser, other] = [await learner(), await learner(), await learner()];
    const ids = [await message(buyer), await message(dismisser), await message(other)];
    const order = { courseId: 'a', listMinor: 1, paidMinor: 1, currency: 'CNY', status: 'paid', provider: 'sandbox' };
    await db.prisma.order.create({
      data: { ...order, learnerId: buyer, channel: 'web', idempotencyKey: 'o', createdAt: after(1) },
    });
    await db.pool.query(
      `insert into events (idempotency_key, learner_id, course_id, type, occurred_at, channel) values (gen_random_uuid(), $1, 'a', 'dismiss', $2, 'web')`,
      [dismisser, after(1)],
    );
    const deliver = deliverer(recordingChannel().channel);
    expect(await Promise.all(ids.map(deliver))).toEqual(['aborted', 'aborted', 'sent']);
    expect(await row(ids[0]!)).toMatchObject({ reason: 'outdated' });
  });

  test('who did not agree to recording is sent to and not recorded', async () => {
    const id = await message(await learner({ recording: false }));
    expect(await deliverer(recordingChannel().channel)(id)).toBe('sent');
    expect(await db.prisma.event.count()).toBe(0);
  });

  test('the daily cap holds under concurrency; the rest waits for the next day, none is lost', async () => {
    // Makes each decision slow, so that they would overlap if they could.
    await db.pool.query(`
      create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.1); return new; end $$;
      create trigger linger before update on outbox_messages for each row when (new.status = 'sending') execute function linger()`);
    const me = await learner();
    const ids = [];
    for (let i = 0; i < 8; i++) ids.push(await message(me));
    const { channel, sent } = recordingChannel();
    const repeatable = { ...channel, repeatable: true };
    const workers = [deliverer(repeatable), deliverer(repeatable)];
    await Promise.all(ids.map((id, i) => workers[i % 2]!(id)));
    expect(sent).toHaveLength(2);
    const waiting = await db.prisma.outboxMessage.findMany({ where: { status: 'pending' } });
    expect(waiting).toHaveLength(6);
    // 8 o'clock, when the quiet hours end, of the next day in Shanghai.
    expect(waiting[0]).toMatchObject({ reason: 'daily-cap', notBefore: new Date('2027-03-02T00:00:00Z') });
    now = new Date('2027-03-02T00:00:00Z');
    for (const { id } of waiting) await workers[0]!(id);
    expect(sent).toHaveLength(4);
    await db.pool.query('drop trigger linger on outbox_messages; drop function linger');
  });

  test('receipts need no consent, know no cap and no quiet hours', async () => {
    now = new Date('2027-03-01T18:00:00Z'); // 02:00 in Shanghai
    const me = await learner({ messages: false });
    const { channel, sent } = recordingChannel();
    for (let i = 0; i < 3; i++) expect(await deliverer(channel)(await message(me, { kind: 'service' }))).toBe('sent');
    expect(sent).toHaveLength(3);
  });

  test('a reward is told to who never agreed to messages, and not to who refused them', async () => {
    const me = await learner({ messages: false });
    const { channel, sent } = recordingChannel();
    expect(await deliverer(channel)(await message(me, { kind: 'reward' }))).toBe('sent');
    const decide = (granted: boolean, seconds: number) =>
      setConsent(db, {
        ...{ learnerId: me, kind: 'messages', granted, channel: 'web', wording: '1', at: after(seconds) },
      });
    await decide(true, 1);
    await decide(false, 2);
    const refused = await message(me, { kind: 'reward' });
    expect(await deliverer(channel)(refused)).toBe('aborted');
    expect(await row(refused)).toMatchObject({ reason: 'no-consent' });
    await decide(true, 3);
    expect(await deliverer(channel)(await message(me, { kind: 'reward' }))).toBe('sent');
    expect(sent).toHaveLength(2);
  });

  test('in quiet hours a message waits for their end, or expires if that is too late', async () => {
    now = new Date('2027-03-01T15:00:00Z'); // 23:00 in Shanghai
    const me = await learner();
    const [patient, hasty] = [await message(me), await message(me, { expiresAt: new Date('2027-03-01T23:00:00Z') })];
    const { channel, sent } = recordingChannel();
    expect(await deliverer(channel)(patient)).toBe('pending');
    expect(await row(patient)).toMatchObject({ reason: 'quiet-hours', notBefore: new Date('2027-03-02T00:00:00Z') });
    expect(await deliverer(channel)(hasty)).toBe('expired');
    expect(sent).toEqual([]);
  });

  test('a message past its life is not sent', async () => {
    const id = await message(await learner(), { expiresAt: after(5) });
    now = after(5);
    expect(await deliverer(recordingChannel().channel)(id)).toBe('expired');
  });

  test('an unreachable address is marked, and the one used before it is tried', async () => {
    const me = await learner({}, ['web', 'telegram']);
    const id = await message(me);
    const telegram = failing({ ok: false, kind: 'unreachable' }, 'telegram');
    const web = recordingChannel('web');
    expect(await deliverer(web.channel, telegram.channel)(id)).toBe('sent');
    expect(web.sent).toHaveLength(1);
    expect(await db.prisma.address.findMany({ where: { reachable: false } })).toMatchObject([{ channel: 'telegram' }]);
    const alone = await message(await learner({}, ['telegram']));
    expect(await deliverer(web.channel)(alone)).toBe('failed');
    expect(await row(alone)).toMatchObject({ status: 'failed', reason: 'unreachable' });
  });

  test('marketing goes only where it was agreed to, looked at again when its turn has come', async () => {
    const me = await learner({}, ['web', 'telegram']);
    await db.prisma.address.updateMany({ where: { channel: 'telegram' }, data: { messages: false } });
    const [web, telegram] = [recordingChannel('web'), recordingChannel('telegram')];
    expect(await deliverer(web.channel, telegram.channel)(await message(me))).toBe('sent');
    expect([web.sent.length, telegram.sent.length]).toEqual([1, 0]);
    // A receipt goes where they were last.
    expect(await deliverer(web.channel, telegram.channel)(await message(me, { kind: 'service' }))).toBe('sent');
    expect(telegram.sent).toHaveLength(1);
    const late = await message(me);
    const withdrawing = createDeliver({
      db,
      channels: [web.channel],
      limits,
      clock: () => now,
      pacer: {
        async enter(...args) {
          await db.prisma.address.updateMany({ data: { messages: false } });
          await db.prisma.learner.updateMany({ data: { messages: false } });
          return unpaced.enter(...args);
        },
      },
    });
    expect(await withdrawing(late)).toBe('aborted');
    expect([web.sent.length, await row(late)]).toMatchObject([1, { reason: 'no-consent' }]);
  });

  test('a reminder goes where it was asked for, in quiet hours and beyond the cap, and not after it was given up', async () => {
    now = new Date('2027-03-01T18:00:00Z'); // 02:00 in Shanghai
    const me = await learner({ messages: false, reminderHour: 2 }, ['web', 'telegram']);
    await db.prisma.address.updateMany({ where: { channel: 'web' }, data: { reminders: true } });
    const [web, telegram] = [recordingChannel('web'), recordingChannel('telegram')];
    const deliver = deliverer(web.channel, telegram.channel);
    for (let i = 0; i < 3; i++) expect(await deliver(await message(me, { kind: 'reminder' }))).toBe('sent');
    expect([web.sent.length, telegram.sent.length]).toEqual([3, 0]);
    // It speaks of a course that they have: nothing was recommended.
    expect(await db.prisma.event.count()).toBe(0);
    expect(await deliver(await message(me, { kind: 'reminder', expiresAt: now }))).toBe('expired');
    await db.prisma.learner.update({ where: { id: me }, data: { reminderHour: null } });
    const late = await message(me, { kind: 'reminder' });
    expect([await deliver(late), await row(late)]).toMatchObject(['aborted', { reason: 'no-consent' }]);
  });

  test('who blocked us everywhere: the outcome and the event say so at once, and nothing more is tried', async () => {
    const [me, unrecorded] = [await learner({}, ['telegram']), await learner({ recording: false }, ['telegram'])];
    const ids = [await message(me), await message(unrecorded)];
    const { channel } = recordingChannel('telegram', [
      { ok: false, kind: 'unreachable' },
      { ok: false, kind: 'unreachable' },
    ]);
    for (const id of ids) expect(await deliverer(channel)(id)).toBe('failed');
    expect(await row(ids[0]!)).toMatchObject({ reason: 'unreachable', outcome: 'blocked', outcomeAt: noon });
    expect(await db.prisma.event.findMany()).toMatchObject([
      { type: 'block', learnerId: me, channel: 'telegram', circumstances: { message: ids[0] } },
    ]);
    expect(await deliverer(channel)(await message(me))).toBe('failed');
    expect(await db.prisma.event.count()).toBe(1);
  });

  test('a short rate limit is waited for in the chat’s place, and costs no attempt', async () => {
    const id = await message(await learner());
    const { channel, sent } = failing({ ok: false, kind: 'rate-limited', retryAfterMs: 20 });
    expect(await deliverer(channel)(id)).toBe('sent');
    expect([sent.length, await row(id)]).toMatchObject([1, { attempts: 0 }]);
  });

  test('a worker that closes while it waits gives the message back', async () => {
    const id = await message(await learner());
    const stopping = new AbortController();
    const channel: Channel = {
      name: 'web',
      send() {
        setImmediate(() => stopping.abort(new Error('The worker closes')));
        return Promise.resolve({ ok: false, kind: 'rate-limited', retryAfterMs: 9_000 });
      },
    };
    const deliver = createDeliver({
      db,
      channels: [channel],
      pacer: unpaced,
      limits,
      clock: () => now,
      signal: stopping.signal,
    });
    await expect(deliver(id)).rejects.toThrow();
    expect(await row(id)).toMatchObject({ status: 'pending', notBefore: now, attempts: 0 });
  });

  test('a rate limit waits as long as the platform says, and costs no attempt', async () => {
    const id = await message(await learner());
    const { channel } = failing({ ok: false, kind: 'rate-limited', retryAfterMs: 90_000 });
    expect(await deliverer(channel)(id)).toBe('pending');
    expect(await row(id)).toMatchObject({ attempts: 0, notBefore: after(1.5) });
  });

  test('passing failures are tried again, further and further apart, then given up', async () => {
    const id = await message(await learner());
    const pauses = [];
    const channel: Channel = { name: 'web', send: () => Promise.reject(new Error('no route')) };
    let result = await deliverer(channel)(id);
    while (result === 'pending') {
      const { notBefore } = await row(id);
      pauses.push((notBefore.getTime() - now.getTime()) / 1000);
      now = notBefore;
      result = await deliverer(channel)(id);
    }
    expect(pauses).toEqual([3, 15, 75, 375, 1875, 3600]);
    expect(await row(id)).toMatchObject({ status: 'failed', reason: 'Error: no route', attempts: 6 });
  });

  test('a refusal for good is final', async () => {
    const id = await message(await learner());
    expect(await deliverer(failing({ ok: false, kind: 'permanent', cause: 'bad request' }).channel)(id)).toBe('failed');
    expect(await row(id)).toMatchObject({ status: 'failed', reason: 'bad request' });
  });

  test('what a stopped campaign has planned is not sent', async () => {
    const campaign = await db.prisma.campaign.create({
      data: { name: 'c', plan: {}, status: 'sending', sendAt: now },
    });
    const me = await learner();
    const early = await message(me, { kind: 'campaign', campaignId: campaign.id });
    expect(await stopCampaign(db, 'c', now)).toBe(1);
    expect(await row(early)).toMatchObject({ status: 'aborted', reason: 'stopped' });
    const late = await message(me, { kind: 'campaign', campaignId: campaign.id });
    expect(await deliverer(recordingChannel().channel)(late)).toBe('aborted');
  });

  test('a channel that can not tell a repeat sends one message at a time', async () => {
    let [running, most] = [0, 0];
    const channel: Channel = {
      name: 'telegram',
      async send(_address, _reply, _language, messageId) {
        most = Math.max(most, ++running);
        // Long enough for every other one to be made ready meanwhile.
        await db.pool.query('select pg_sleep(0.05)');
        running--;
        return { ok: true, platformId: messageId };
      },
    };
    const ids = await Promise.all(Array.from({ length: 6 }, async () => message(await learner({}, ['telegram']))));
    const deliver = deliverer(channel);
    await Promise.all(ids.map(deliver));
    expect([most, await db.prisma.outboxMessage.count({ where: { status: 'sent' } })]).toEqual([1, 6]);
  });
});

describe('posts', () => {
  async function community(data = {}) {
    return db.prisma.community.create({
      data: { channel: 'telegram', chat: `-100${made}`, settings: { language: 'en' }, ...data },
    });
  }
  async function post(communityId: string, data = {}) {
    const key = `post:${made++}`;
    const { id } = await db.prisma.outboxMessage.create({
      data: {
        idempotencyKey: key,
        communityId,
        kind: 'post',
        reply: { text: { template: { en: 'Picks' } }, course: 'a' },
        notBefore: now,
        expiresAt: after(60, now),
        ...data,
      },
    });
    return id;
  }

  test('a post goes to its community once, in its language and thread, whatever the hour, and is nobody’s impression', async () => {
    now = new Date('2027-03-01T18:00:00Z'); // 02:00 in Shanghai
    const [group, quiet] = [await community(), await community({ chat: '-2', settings: {} })];
    const id = await post(group.id, { thread: '7' });
    const { channel, posted, sent } = recordingChannel('telegram');
    const [one, two] = [deliverer(channel), deliverer(channel)];
    const results = await Promise.all([one(id), two(id), one(id)]);
    expect(results.filter((result) => result === 'sent')).toHaveLength(1);
    expect(posted).toMatchObject([{ place: { chat: group.chat, thread: '7' }, language: 'en', messageId: id }]);
    expect(await row(id)).toMatchObject({ status: 'sent', channel: 'telegram', platformId: 'p0' });
    expect(await one(await post(quiet.id))).toBe('sent');
    expect(posted[1]).toMatchObject({ language: 'zh', place: { chat: '-2' } });
    expect([sent, await db.prisma.event.count()]).toEqual([[], 0]);
  });

  test('a post is not sent past its life, when its campaign was stopped, or where we can not post', async () => {
    const [group, left] = [await community(), await community({ chat: '-3', active: false })];
    const { channel, posted } = recordingChannel('telegram');
    const campaign = await db.prisma.campaign.create({ data: { name: 'c', plan: {}, status: 'stopped', sendAt: now } });
    const reasonOf = async (id: string, by: Channel) => {
      await deliverer(by)(id);
      const { status, reason } = await row(id);
      return [status, reason];
    };
    expect(await reasonOf(await post(group.id, { expiresAt: now }), channel)).toEqual(['expired', 'expired']);
    expect(await reasonOf(await post(group.id, { campaignId: campaign.id }), channel)).toEqual(['aborted', 'stopped']);
    expect(await reasonOf(await post(left.id), channel)).toEqual(['failed', 'left']);
    const postless: Channel = { name: 'telegram', send: (...args) => channel.send(...args) };
    expect(await reasonOf(await post(group.id), postless)).toEqual(['failed', 'no-posts']);
    const gone = recordingChannel('telegram', [{ ok: false, kind: 'unreachable' }]);
    expect(await reasonOf(await post(group.id), gone.channel)).toEqual(['failed', 'left']);
    expect(await db.prisma.community.findUnique({ where: { id: group.id } })).toMatchObject({ active: false });
    expect(posted).toEqual([]);
  });

  test('passing failures of a post are tried again', async () => {
    const id = await post((await community()).id);
    const { channel, posted } = recordingChannel('telegram', [{ ok: false, kind: 'temporary', cause: 'bad gateway' }]);
    expect(await deliverer(channel)(id)).toBe('pending');
    expect(await row(id)).toMatchObject({ attempts: 1, reason: 'bad gateway' });
    now = after(1);
    expect(await deliverer(channel)(id)).toBe('sent');
    expect(posted).toHaveLength(1);
  });
});

describe('the moment of sending', () => {
  const moment = (at: string, more: Partial<Moment> = {}): Moment => ({
    kind: 'push',
    expiresAt: new Date('2027-12-31T00:00:00Z'),
    agreed: true,
    learner: { timeZone: 'Europe/Berlin', quietFrom: 22, quietTo: 8 },
    sentToday: 0,
    campaignStopped: false,
    outdated: false,
    now: new Date(at),
    ...more,
  });

  test('quiet hours follow the clock over both daylight saving changes', () => {
    // On 28 March 2027 Berlin's clock jumps from 02:00 to 03:00: 8 o'clock is 06:00 UTC, not 07:00.
    expect(judge(moment('2027-03-27T23:30:00Z'), limits)).toMatchObject({ until: new Date('2027-03-28T06:00:00Z') });
    expect(judge(moment('2027-03-28T06:00:00Z'), limits)).toEqual({ do: 'send' });
    // On 31 October it goes back: 8 o'clock is 07:00 UTC again.
    expect(judge(moment('2027-10-30T22:30:00Z'), limits)).toMatchObject({ until: new Date('2027-10-31T07:00:00Z') });
    expect(judge(moment('2027-10-31T06:30:00Z'), limits)).toMatchObject({ do: 'defer' });
  });

  test('the day that a cap counts is the learner’s, 23 or 25 hours long too', () => {
    const capped = { sentToday: 2, learner: { timeZone: 'Europe/Berlin', quietFrom: 0, quietTo: 0 } };
    expect(judge(moment('2027-03-28T10:00:00Z', capped), limits)).toMatchObject({
      until: new Date('2027-03-28T22:00:00Z'),
    });
    expect(judge(moment('2027-10-31T10:00:00Z', capped), limits)).toMatchObject({
      until: new Date('2027-10-31T23:00:00Z'),
    });
  });

  test('a zone that does not exist is read as the default, and nobody is dropped for it', () => {
    const learner = { timeZone: 'Mars/Olympus', quietFrom: 22, quietTo: 8 };
    expect(judge(moment('2027-03-01T04:00:00Z', { learner }), limits)).toEqual({ do: 'send' });
  });
});

describe('the relay', () => {
  function fakeQueue() {
    const jobs: string[] = [];
    return {
      jobs,
      add(added: readonly { id?: string }[]) {
        jobs.push(...added.map((job) => job.id!));
        return Promise.resolve();
      },
      setSchedules: () => Promise.resolve(),
      size: () => Promise.resolve(jobs.length),
    };
  }

  test('carries what is due, once, and what waits when its time has come', async () => {
    const me = await learner();
    const [due, waiting] = [await message(me), await message(me, { notBefore: after(10) })];
    const queue = fakeQueue();
    expect([await relay(db, queue, now), await relay(db, queue, now)]).toEqual([1, 0]);
    expect(queue.jobs).toEqual([due]);
    expect(await row(due)).toMatchObject({ status: 'queued' });
    await relay(db, queue, after(10));
    expect(queue.jobs).toContain(waiting);
  });

  test('brings back a message whose job was lost, and one whose sender was killed', async () => {
    const me = await learner();
    const [lost, killed] = [await message(me), await message(me)];
    await relay(db, fakeQueue(), now);
    await db.prisma.outboxMessage.update({ where: { id: killed }, data: { status: 'sending' } });
    const queue = fakeQueue();
    expect(await relay(db, queue, after(0.5))).toBe(0);
    expect(await relay(db, queue, after(2))).toBe(2);
    expect(new Set(queue.jobs)).toEqual(new Set([lost, killed]));
    now = after(2);
    const { channel, sent } = recordingChannel();
    for (const id of queue.jobs) await deliverer(channel)(id);
    expect(sent).toHaveLength(2);
  });

  test('a job without its mark is repeated, not lost', async () => {
    const id = await message(await learner());
    const queue = fakeQueue();
    const broken = {
      ...queue,
      add: async (jobs: readonly { id?: string }[]) => {
        await queue.add(jobs);
        throw new Error('the process ended here');
      },
    };
    await expect(relay(db, broken, now)).rejects.toThrow('ended here');
    await relay(db, queue, now);
    expect(queue.jobs).toEqual([id, id]);
  });
});

describe('what comes back', () => {
  test('silence is an event after the set time, of who agreed to recording', async () => {
    const [me, unrecorded] = [await learner(), await learner({ recording: false })];
    const ids = [await message(me), await message(unrecorded)];
    for (const id of ids) await deliverer(recordingChannel().channel)(id);
    expect(await markSilent(db, { sentBefore: after(-1), now: after(60) })).toBe(0);
    expect(await markSilent(db, { sentBefore: now, now: after(60) })).toBe(2);
    expect(await markSilent(db, { sentBefore: now, now: after(60) })).toBe(0);
    expect(await db.prisma.event.findMany({ where: { type: 'silent' } })).toMatchObject([
      { learnerId: me, courseId: 'a', occurredAt: after(60), circumstances: { list: 'push', message: ids[0] } },
    ]);
  });

  test('an outcome is kept for the learner’s own message only, and an answer proves silence wrong', async () => {
    const [me, other] = [await learner(), await learner()];
    const id = await message(me);
    const outcome = (learnerId: string, name: Parameters<typeof recordOutcome>[1]['outcome']) =>
      recordOutcome(db, { messageId: id, learnerId, outcome: name, at: now });
    expect(await outcome(other, 'pressed')).toBe(false);
    expect(await outcome(me, 'silent')).toBe(true);
    expect(await outcome(me, 'pressed')).toBe(true);
    expect(await outcome(me, 'rated')).toBe(false);
    expect(await outcome(me, 'bought')).toBe(true);
    expect(await outcome(me, 'replied')).toBe(false);
    expect(await row(id)).toMatchObject({ outcome: 'bought' });
  });
});
