import { beforeEach, expect, test } from 'vitest';
import { eventKey } from '../../core/behaviour/key.ts';
import { eraseLearner } from '../../core/privacy/erase.ts';
import type { Address, ChannelName } from '../../core/learner/learner.ts';
import type { Channel } from '../../queue/ports.ts';
import { grantRewards } from '../../queue/rewards/rewards.ts';
import { recordingChannel } from '../doubles/channel.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();
const noon = new Date('2027-03-01T04:00:00Z');
const minute = 60_000;

beforeEach(async () => {
  await db.pool.query("truncate learners, events cascade; delete from settings where name = 'rewards'");
});

async function learner(...channels: ChannelName[]) {
  const { id } = await db.prisma.learner.create({ data: { recording: true } });
  for (const channel of channels)
    await db.prisma.address.create({ data: { learnerId: id, channel, chat: `${channel}-${id}` } });
  return id;
}
let made = 0;
async function completes(learnerId: string, { type = 'complete', receivedAt = noon } = {}) {
  await db.prisma.event.create({
    data: {
      idempotencyKey: eventKey('reward-test', String(made++)),
      learnerId,
      courseId: 'a',
      type,
      occurredAt: receivedAt,
      receivedAt,
      channel: 'import',
    },
  });
}

function giving(refuse: (address: Address) => boolean = () => false) {
  const given: Address[] = [];
  const log: string[] = [];
  const discord: Channel = {
    name: 'discord',
    send: () => Promise.resolve({ ok: true, platformId: '1' }),
    reward(address) {
      if (refuse(address)) return Promise.reject(new Error('no permission'));
      given.push(address);
      return Promise.resolve();
    },
  };
  let runs = 0;
  const grant = () =>
    grantRewards(
      { db, channels: [recordingChannel('web').channel, discord], log: (line) => log.push(line) },
      new Date(noon.getTime() + ++runs * minute),
    );
  return { given, log, grant };
}

test('each completion is rewarded once, where the learner is on a channel that has rewards', async () => {
  const [mei, webOnly] = [await learner('web', 'discord'), await learner('web')];
  await completes(mei);
  await completes(mei, { type: 'view' });
  await completes(webOnly);
  const { given, grant } = giving();
  expect([await grant(), await grant()]).toEqual([1, 0]);
  expect(given).toEqual([{ learnerId: mei, channel: 'discord', chat: `discord-${mei}` }]);
  await completes(mei);
  expect(await grant()).toBe(1);
});

test('what fails is tried again, without holding up the others, until it is given or its learner is gone', async () => {
  const [mei, noa, tim] = [await learner('discord'), await learner('discord'), await learner('discord')];
  for (const id of [mei, noa, tim]) await completes(id);
  let refused = [mei, noa];
  const { given, log, grant } = giving(({ learnerId }) => refused.includes(learnerId));
  expect(await grant()).toBe(1);
  expect(log).toEqual([expect.stringContaining('no permission'), expect.stringContaining('no permission')]);
  expect(log.join()).not.toContain(mei);
  await eraseLearner(db, noa);
  refused = [];
  expect([await grant(), await grant()]).toEqual([1, 0]);
  expect(given.map(({ learnerId }) => learnerId)).toEqual([tim, mei]);
});

test('an event that came a moment ago waits for those whose ids are lower and not seen yet', async () => {
  await completes(await learner('discord'), { receivedAt: new Date(noon.getTime() + minute - 1_000) });
  const { grant } = giving();
  expect([await grant(), await grant()]).toEqual([0, 1]);
});
