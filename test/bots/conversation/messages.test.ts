import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

async function regular(locale: 'zh' | 'en' = 'en') {
  const person = await Person.arrive(services, locale);
  await person.presses('consent||recording%3Aon');
  return person;
}

/** A push that was sent to the person a minute ago. */
async function push(person: Person): Promise<string> {
  const sentAt = new Date(person.now.getTime() - 60_000);
  const { id } = await db.prisma.outboxMessage.create({
    data: {
      idempotencyKey: randomUUID(),
      learnerId: person.id,
      kind: 'push',
      reply: {},
      circumstances: { list: 'push', position: 0, propensity: 0.9, modelVersion: 'v1' },
      status: 'sent',
      sentAt,
      expiresAt: new Date(sentAt.getTime() + 3_600_000),
    },
  });
  return id;
}

const outcomeOf = async (id: string) => (await db.prisma.outboxMessage.findUniqueOrThrow({ where: { id } })).outcome;

test('messages come in the language of the chat, also to who never chose one, and follow the writing', async () => {
  const ann = await regular('en');
  expect((await ann.learner()).language).toBeNull();
  await ann.presses('consent||messages%3Aon');
  expect((await ann.learner()).language).toBe('en');
  await ann.says('给我推荐一门课');
  expect((await ann.learner()).language).toBe('zh');
});

test('what comes of a press keeps the message, up to the purchase', async () => {
  const ann = await regular();
  const message = await push(ann);
  await ann.presses(`course|c8||m${message}`);
  expect(await outcomeOf(message)).toBe('pressed');
  const view = (await ann.log()).find((event) => event.type === 'view')!;
  expect(view.circumstances).toEqual({ list: 'push', position: 0, propensity: 0.9, modelVersion: 'v1', message });
  expect(await ann.events()).toEqual(['register', 'view', 'click']);
  await ann.chooses('buy|c8|');
  await ann.chooses('pay|c8|');
  expect(await outcomeOf(message)).toBe('bought');
  expect((await ann.log()).at(-1)).toMatchObject({ type: 'purchase', circumstances: { message, list: 'push' } });
});

test.each([
  ['rate|c8|4', 'rated', 'rate'],
  ['dismiss|c8|', 'dismissed', 'dismiss'],
  ['mute||', 'opted-out', 'mute'],
  ['save|c8|', 'pressed', 'save'],
])('%s makes a message %s', async (press, outcome, type) => {
  const ben = await regular();
  await ben.presses('consent||messages%3Aon');
  const message = await push(ben);
  await ben.presses(`${press}|m${message}`);
  expect(await outcomeOf(message)).toBe(outcome);
  expect((await ben.log()).at(-1)).toMatchObject({ type, circumstances: { message } });
});

test('words soon after are a reply: its intent and tone are kept, not the words', async () => {
  const cem = await regular('zh');
  const message = await push(cem);
  await cem.says('太棒了，很喜欢这个推荐');
  const reply = (await cem.log()).find((event) => event.type === 'reply')!;
  expect(reply.circumstances).toMatchObject({ message, list: 'push', sentiment: 'positive' });
  expect(reply.circumstances.intent).toBeTypeOf('string');
  expect(JSON.stringify(reply.circumstances)).not.toContain('棒');
  expect(await outcomeOf(message)).toBe('replied');
  await cem.says('python');
  expect((await cem.events()).filter((type) => type === 'reply')).toHaveLength(1);
});

test('“stop” to a message is an opt-out; words long after it are no reply', async () => {
  const dan = await regular();
  await dan.presses('consent||messages%3Aon');
  const message = await push(dan);
  await dan.says('stop');
  expect(await outcomeOf(message)).toBe('opted-out');
  expect(await dan.learner()).toMatchObject({ messages: false });

  const eli = await regular();
  const old = await push(eli);
  eli.now = new Date(eli.now.getTime() + 3 * 3_600_000);
  await eli.says('python');
  expect(await outcomeOf(old)).toBeNull();
});

test('a message of somebody else, or of nobody, changes nothing and says nothing', async () => {
  const [fay, gil] = [await regular(), await regular()];
  const message = await push(fay);
  for (const ref of [`m${message}`, `m${randomUUID()}`, 'm1', 'mnot-a-uuid', `s${message}`, 's', 'x']) {
    await gil.presses(`save|c8||${ref}`);
    expect((await gil.log()).at(-1), ref).toMatchObject({ type: 'save', circumstances: {} });
  }
  expect(await outcomeOf(message)).toBeNull();
});

test('without consent to recording a purchase still counts for its message, and leaves no event', async () => {
  const hans = await Person.arrive(services);
  const message = await push(hans);
  await hans.presses(`course|c8||m${message}`);
  expect(await outcomeOf(message)).toBeNull();
  expect(await hans.chooses('buy|c8|')).toContain('nothing else is recorded');
  expect(await hans.chooses('pay|c8|')).toContain('no money moved');
  expect(await outcomeOf(message)).toBe('bought');
  expect(await hans.events()).toEqual([]);
  await hans.presses('courses');
  expect(hans.courses).toEqual(['c8']);
  expect(await hans.presses('buy|c8')).toContain('yours already');
  await hans.presses('recommend||topic%3ADesign');
  expect(hans.courses).not.toContain('c8');
});

test('the best coupon is taken off by itself; typed codes are checked; each works once', async () => {
  const [ivy, joe] = [await regular(), await regular()];
  const expiresAt = new Date(ivy.now.getTime() + 86_400_000);
  const code = (start: string) => `${start}-0000-00000`;
  await db.prisma.coupon.createMany({
    data: [
      { code: code('AAAA'), learnerId: ivy.id, percent: 20, expiresAt },
      { code: code('BBBB'), learnerId: ivy.id, percent: 50, expiresAt: new Date(ivy.now.getTime() - 1) },
      { code: code('CCCC'), learnerId: ivy.id, percent: 10, expiresAt },
      { code: code('DDDD'), learnerId: joe.id, percent: 90, expiresAt },
    ],
  });
  const list = await ivy.says('my coupons');
  expect(list).toContain('AAAA-0000-00000 · 20% off');
  expect(list).toContain('BBBB-0000-00000 · expired');
  expect(list).not.toContain('DDDD');
  const used = await ivy.says(`use code ${code('AAAA')}`);
  expect(used).toContain('AAAA-0000-00000 · 20% off');
  expect(used).toContain('Which course');
  expect(await ivy.says(`redeem ${code('DDDD')}`)).toContain('somebody else');

  expect(await ivy.presses('buy|c8')).toContain('Coupon AAAA-0000-00000 (20% off');
  expect(await ivy.chooses('buy|c8|-')).not.toContain('Coupon');
  await ivy.presses('code|c8');
  expect(await ivy.says(code('DDDD'))).toContain('somebody else');
  await ivy.presses('code|c8');
  expect(await ivy.says(code('BBBB'))).toContain('expired');
  await ivy.presses('code|c8');
  expect(await ivy.says('cccc 0000 00000')).toContain('Coupon CCCC-0000-00000');
  expect(await ivy.says('yes')).toContain('is yours');
  expect(await db.prisma.order.findFirst({ where: { learnerId: ivy.id } })).toMatchObject({
    listMinor: 17_900,
    paidMinor: 16_110,
  });
  expect(await ivy.presses(`pay|c9|${code('CCCC')}`)).toContain('used already');

  expect(await ivy.says('refund')).toContain('Give “Design Basics” back for ¥161.1');
  expect(await ivy.says('yes')).toContain('given back');
  expect((await ivy.events()).slice(-2)).toEqual(['purchase', 'refund']);
});

test('the first words after a push are about its course, not about what was spoken of before', async () => {
  const eve = await regular();
  await eve.presses('course|c2');
  const message = await push(eve);
  await db.prisma.outboxMessage.update({ where: { id: message }, data: { reply: { course: 'c8' } } });
  await db.pool.query(`update conversations set updated_at = '2020-01-01' where learner_id = $1`, [eve.id]);
  await eve.says('2 stars');
  expect((await eve.log()).at(-1)).toMatchObject({ type: 'rate', courseId: 'c8', circumstances: { message } });
  // Where something else was opened since, that is meant.
  await eve.presses('course|c2');
  const later = await push(eve);
  await db.prisma.outboxMessage.update({ where: { id: later }, data: { reply: { course: 'c8' } } });
  await eve.says('2 stars');
  expect((await eve.log()).at(-1)).toMatchObject({ type: 'rate', courseId: 'c2' });
});

test.each(['太差劲了', '太烂了'])('%s is no thanks', async (words) => {
  const fay = await regular('zh');
  expect(await fay.says(words)).toContain('抱歉');
  expect(fay.buttons).toContain('ask');
  expect(await fay.says('谢谢')).toContain('不客气');
});

test('settings: hour, quiet time, zone and topics, pressed and typed', async () => {
  const kai = await regular();
  await kai.presses('settings');
  await kai.chooses('settings||hour');
  expect(await kai.says('at 8 am')).toContain('08:00');
  await kai.presses('settings||quiet%3A23-9');
  expect(await kai.presses('settings')).toContain('09:00');
  await kai.presses('settings||zone');
  expect(await kai.says('Atlantis')).toContain("don't know “Atlantis”");
  expect(await kai.says('London')).toContain('Europe/London');
  await kai.presses('settings||topics');
  await kai.chooses('settings||topic%2B%3AMusic');
  await kai.presses('settings||topic%2B%3ANot a topic');
  expect(await kai.learner()).toMatchObject({
    pushHour: 8,
    quietFrom: 23,
    quietTo: 9,
    timeZone: 'Europe/London',
    messageTopics: ['Music'],
  });
  await kai.presses('settings||hour%3A99');
  await kai.presses('settings||quiet%3A1-77');
  await kai.presses('settings||zone%3AAtlantis');
  expect(await kai.learner()).toMatchObject({ pushHour: 8, quietFrom: 23, quietTo: 9, timeZone: 'Europe/London' });
});

test.each([
  ['en', 'set my time zone to London', 'no messages after 9pm'],
  ['zh', '时区改成伦敦', '晚上九点以后别发'],
] as const)('settings in a sentence (%s)', async (locale, zone, quiet) => {
  const lin = await regular(locale);
  await lin.says(zone);
  await lin.says(quiet);
  expect(await lin.learner()).toMatchObject({ timeZone: 'Europe/London', quietFrom: 21, quietTo: 8, pushHour: 19 });
});

test.each([
  ['zh', '免打扰 23:00-07:00'],
  ['zh', '免打扰时间改成23点到7点'],
  ['en', 'quiet hours from 11 pm to 7 am'],
  ['en', 'quiet hours 23:00–07:00'],
] as const)('a quiet time has two ends, and leaves the hour of messages as it is (%s: %s)', async (locale, said) => {
  const lin = await regular(locale);
  await lin.says(said);
  expect(await lin.learner()).toMatchObject({ quietFrom: 23, quietTo: 7, pushHour: 19 });
});

test('messages come in the language of the chat and at the hour of the place where the browser is, kept with the consent to messages', async () => {
  const zoe = await Person.arrive(services);
  zoe.timeZone = 'Europe/London';
  expect(await zoe.presses('settings')).toContain('Europe/London');
  expect((await zoe.learner()).timeZone).toBeNull();
  expect(await zoe.presses('consent||messages%3Aon')).toContain('Europe/London');
  expect(await zoe.learner()).toMatchObject({ timeZone: 'Europe/London', language: 'en' });
  zoe.timeZone = 'Asia/Tokyo';
  await zoe.presses('consent||messages%3Aoff');
  await zoe.presses('consent||messages%3Aon');
  expect((await zoe.learner()).timeZone).toBe('Europe/London');
  expect(await zoe.says('推荐几门课')).toContain('推荐');
  expect((await zoe.learner()).language).toBe('zh');
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
