import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { MessageFlags } from 'discord-api-types/v10';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { takeUndelivered } from '../../../bots/discord/store.ts';
import { encodePress, type Reply } from '../../../core/language/reply.ts';
import { learnerAt, markUnreachable, setConsent } from '../../../core/learner/store.ts';
import type { Person } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { buttonOf, openPlace, type Place } from './place.ts';

const db = testDatabase();
let place: Place;
let ann: Person;
let learner: string;

beforeAll(async () => {
  place = await openPlace(db);
});
afterAll(() => place.close());

beforeEach(async () => {
  ann = place.discord.person('Ann');
  await place.done(place.discord.slash(ann, 'help'));
  learner = (await learnerAt(db, 'discord', ann.user.id))!.id;
  for (const kind of ['recording', 'messages'] as const) await setConsent(db, { ...agreement(kind), granted: true });
});

const agreement = (kind: 'recording' | 'messages') => ({
  ...{ learnerId: learner, kind, channel: 'discord', chat: ann.user.id, wording: '1', at: new Date() },
});

/** A message that the closed direct messages kept out. */
async function kept(change: object = {}): Promise<string> {
  const id = randomUUID();
  const reply = {
    text: { template: { en: `Have a look (${id.slice(0, 4)})`, zh: '看看' } },
    course: 'c4',
    buttons: [[{ id: encodePress({ action: 'course', course: 'c4', ref: `m${id}` }), label: { en: 'Details' } }]],
  } satisfies Reply;
  await db.prisma.outboxMessage.create({
    data: {
      ...{ id, idempotencyKey: id, learnerId: learner, kind: 'push', reply: reply, status: 'failed' },
      ...{ reason: 'unreachable', expiresAt: new Date(Date.now() + 3_600_000), ...change },
    },
  });
  return id;
}
const row = (id: string) => db.prisma.outboxMessage.findUniqueOrThrow({ where: { id } });
const command = (where: Parameters<Place['discord']['slash']>[3]) =>
  place.done(place.discord.slash(ann, 'help', [], where));

it('what could not be delivered is shown to the person alone with their next command, once', async () => {
  const id = await kept();
  const guild = place.discord.guild('School', ann);
  const shown = await command(guild);
  const [, waited] = shown.messages;
  expect(waited!.content).toContain(id.slice(0, 4));
  expect(waited!.flags & MessageFlags.Ephemeral).not.toBe(0);
  expect(await row(id)).toMatchObject({ status: 'sent', channel: 'discord', platformId: waited!.id, reason: null });
  const impressions = (await eventsOf(db, learner)).filter(({ type }) => type === 'impression');
  expect(impressions).toMatchObject([{ courseId: 'c4', channel: 'discord', circumstances: { message: id } }]);
  expect((await command(guild)).messages).toHaveLength(1);
  // A press on it is feedback to the message.
  await place.done(place.discord.press(ann, ...buttonOf(shown, 'course|')));
  expect(await row(id)).toMatchObject({ outcome: 'pressed' });
});

it.each([
  ['is over', { expiresAt: new Date(Date.now() - 1_000) }],
  ['was sent', { status: 'sent' }],
  ['failed for another reason', { reason: 'left' }],
])('what %s is not', async (_, change) => {
  await kept(change);
  expect((await command('direct')).messages).toHaveLength(1);
});

it('nothing is shown to who takes no messages any more', async () => {
  await kept();
  await setConsent(db, { ...agreement('messages'), granted: false });
  expect((await command('direct')).messages).toHaveLength(1);
});

it('two processes do not show the same', async () => {
  await kept();
  const taken = await Promise.all([1, 2, 3].map(() => takeUndelivered(db, learner, new Date())));
  expect(taken.flat()).toHaveLength(1);
});

it('what Discord does not take then waits on', async () => {
  const id = await kept();
  place.discord.on((call) => /^\/webhooks\/\d+\/[^/]+$/.test(call.path), { status: 400, code: 50_035 }, 1);
  await command('direct');
  expect(await row(id)).toMatchObject({ status: 'failed', reason: 'unreachable' });
  expect((await command('direct')).messages[1]!.content).toContain(id.slice(0, 4));
});

it('who agreed to messages and keeps their direct messages closed is told so', async () => {
  const guild = place.discord.guild('School', ann);
  await markUnreachable(db, { channel: 'discord', chat: ann.user.id });
  const shown = await place.done(place.discord.slash(ann, 'privacy', [], guild));
  expect(shown.messages[0]!.content).toContain('direct messages are closed to me');
  const open = await place.done(place.discord.press(ann, ...buttonOf(shown, 'consent||messages%3Aon')));
  expect(open.messages[0]!.content).toContain('Messages are on');
  const after = await place.done(place.discord.slash(ann, 'privacy', [], guild));
  expect(after.messages[0]!.content).not.toContain('closed to me');
});
