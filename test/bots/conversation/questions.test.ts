import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createLinks } from '../../../bots/conversation/deep-link.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { setCommunitySettings, type Community } from '../../../core/campaign/community/store.ts';
import { answerQuestion, askQuestion, openQuestions } from '../../../core/campaign/question/store.ts';
import { render } from '../../../core/language/render.ts';
import type { Reply } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';
import { member, newCommunity } from './managers.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;
let community: Community;

beforeAll(async () => {
  const links = createLinks();
  links.set('web', (payload) => `https://chat.example/?start=${payload}`);
  services = { ...(await fixtureServices(db, (line) => problems.push(line))), links };
});

beforeEach(async () => {
  await db.pool.query(
    'truncate questions, communities, outbox_messages, learners, conversations restart identity cascade',
  );
  community = await newCommunity(services);
});

const asked = () => db.prisma.question.findMany({ orderBy: { id: 'asc' } });
const outbox = () => db.prisma.outboxMessage.findMany({ where: { kind: 'service' } });

async function hasAsked(words = 'Is there a course on pottery?'): Promise<Person> {
  const person = await Person.arrive(services);
  await person.says('/ask');
  await person.says(words);
  await person.chooses('ask||send');
  return person;
}

test.each([
  ['en', 'talk to a human'],
  ['en', 'I want to speak with someone'],
  ['en', 'customer service'],
  ['zh', '人工'],
  ['zh', '我要转人工客服'],
  ['zh', '我想投诉'],
  ['en', 'I want to complain'],
  ['zh', '找真人'],
] as const)(
  '%s: "%s" asks for the words, shows them, and hands them over on the press alone',
  async (language, words) => {
    const ann = await Person.arrive(services, language);
    const said = await ann.says(words);
    expect(said).toContain(language === 'en' ? '30 days' : '30 天');
    const own = language === 'en' ? 'my invoice is wrong' : '我的发票开错了';
    expect(await ann.says(own)).toContain(own);
    expect(await asked()).toEqual([]);
    await ann.chooses('ask||send');
    const [question, ...more] = await asked();
    expect(more).toEqual([]);
    expect(question).toMatchObject({ learnerId: ann.id, words: own, answeredAt: null, intent: null, sentiment: null });
    expect(question!.expiresAt.getTime() - question!.askedAt.getTime()).toBe(30 * 86_400_000);
  },
);

test('words in the command need only the press; without it nothing is kept', async () => {
  const ben = await Person.arrive(services);
  expect(await ben.says('/ask where is my certificate')).toContain('where is my certificate');
  const { state } = await db.prisma.conversation.findFirstOrThrow({ where: { learnerId: ben.id } });
  expect(JSON.stringify(state)).toContain('certificate');
  await ben.says('help');
  const after = await db.prisma.conversation.findFirstOrThrow({ where: { learnerId: ben.id } });
  expect(JSON.stringify(after.state)).not.toContain('certificate');
  expect(await ben.presses('ask||send')).toContain('Write it in one message');
  expect(await asked()).toEqual([]);
});

test('the press that comes twice asks once', async () => {
  const cem = await Person.arrive(services);
  await cem.says('/ask hello there');
  await Promise.all([cem.presses('ask||send', 'same'), cem.presses('ask||send', 'same')]);
  const now = new Date();
  const twice = [1, 2].map(() => askQuestion(db, { learnerId: cem.id, words: 'x', now }));
  expect(new Set(await Promise.all(twice)).size).toBe(1);
});

test('with consent to recording the tone is noted, without it only the words', async () => {
  const dora = await Person.arrive(services);
  await dora.presses('consent||recording%3Aon');
  await dora.says('/ask this is terrible, I am very disappointed');
  await dora.chooses('ask||send');
  expect(await asked()).toMatchObject([{ sentiment: 'negative' }]);
  // No event holds the words, and none is made.
  expect(await dora.events()).toEqual(['register']);
});

test('five wait at most', async () => {
  const eve = await Person.arrive(services);
  for (let count = 0; count < 6; count++) {
    await eve.says(`/ask question ${count}`);
    await eve.chooses('ask||send');
  }
  expect(eve.replies[0]!.text).toMatchObject({ key: 'ask.full' });
  expect(await asked()).toHaveLength(5);
});

test('an unhappy answer to a push can be handed to a person by its button', async () => {
  const fay = await Person.arrive(services);
  await fay.presses('consent||recording%3Aon');
  await db.prisma.outboxMessage.create({
    data: {
      idempotencyKey: randomUUID(),
      learnerId: fay.id,
      kind: 'push',
      reply: {},
      status: 'sent',
      sentAt: fay.now,
      expiresAt: new Date(fay.now.getTime() + 3_600_000),
    },
  });
  const words = 'this is awful, the worst course I ever had';
  expect(await fay.says(words)).toContain('Would you like a person to read');
  expect(await asked()).toEqual([]);
  await fay.chooses('ask||send');
  expect(await asked()).toMatchObject([{ words, sentiment: 'negative' }]);
  // The next words are no answer to the push.
  expect(await fay.says('awful again')).not.toContain('Would you like a person');
});

test('a happy answer, or no answer to a push, offers nobody', async () => {
  const gus = await Person.arrive(services);
  await gus.presses('consent||recording%3Aon');
  expect(await gus.says('this is awful')).not.toContain('Would you like a person');
});

test('it is said where managers wished it that a question waits, and nothing of what it is', async () => {
  await setCommunitySettings(db, community.id, { questions: '12' });
  const untrusted = await newCommunity(services, { trusted: false });
  await setCommunitySettings(db, untrusted.id, { questions: '' });
  await newCommunity(services);
  await hasAsked('a secret worry');
  const posts = await db.prisma.outboxMessage.findMany({ where: { kind: 'post' } });
  expect(posts).toMatchObject([{ communityId: community.id, thread: '12' }]);
  expect(JSON.stringify(posts[0]!.reply)).not.toContain('secret');
});

test('managers read and answer in private; the learner gets it once, on their latest channel', async () => {
  const learner = await hasAsked();
  const manager = await member(services, community);
  // Where others read, neither the words nor an answer are taken.
  expect(await manager.says('/questions')).not.toContain('pottery');
  expect(manager.replies[0]!.text).toMatchObject({ key: 'questions.private' });
  expect(await manager.says('/answer 1 Yes')).toContain('Others read here');
  expect(await outbox()).toEqual([]);
  manager.leaves();
  expect(await manager.says('/questions')).toContain('pottery');
  await manager.chooses('answer||1');
  expect(await manager.says('Yes, from May on.')).toContain('on its way');
  const [message, ...more] = await outbox();
  expect(more).toEqual([]);
  expect(message).toMatchObject({ learnerId: learner.id, kind: 'service', status: 'pending' });
  expect(render((message!.reply as unknown as Reply).text, 'en')).toContain('Yes, from May on.');
  expect(JSON.stringify(message!.reply)).not.toContain('pottery');
  // The words go with the answer.
  expect(await asked()).toMatchObject([{ words: null }]);
  expect(await manager.says('/questions')).toContain('No question waits');
  expect(await manager.says('/answer 1 again')).toContain('has been answered already');
  expect(await manager.says('/answer 99 what')).toContain('no question number 99');
  expect(await manager.says('/answer')).toContain('Like this');
  expect(await outbox()).toHaveLength(1);
});

test('an admin who is one no more may not read on: at their next command, or a day later', async () => {
  await hasAsked();
  const manager = await member(services, community);
  await manager.says('/questions');
  manager.leaves();
  expect(await manager.says('/questions')).toContain('pottery');
  manager.now = new Date(manager.now.getTime() + 25 * 3_600_000);
  expect(await manager.says('/questions')).toContain('in the community that you manage first');
  const demoted = await member(services, community);
  await demoted.says('/questions');
  demoted.enters({ id: community.id, admin: false, discreet: false }, community.chat);
  await demoted.says('/questions');
  demoted.leaves();
  expect(await demoted.says('/questions')).toContain('in the community that you manage first');
});

test('of two managers who answer at once one is sent', async () => {
  await hasAsked();
  const answers = ['one', 'two', 'three'].map((words) => answerQuestion(db, { number: 1, words, now: new Date() }));
  expect((await Promise.all(answers)).filter(({ ok }) => ok)).toHaveLength(1);
  expect(await outbox()).toHaveLength(1);
});

test('where the platform shows it to the manager alone it may be read in the community', async () => {
  await hasAsked();
  const manager = await member(services, community, { discreet: true });
  expect(await manager.says('/questions')).toContain('pottery');
  expect(await manager.says('/answer 1 Yes')).toContain('on its way');
});

test('nobody else reads or answers', async () => {
  await hasAsked();
  const guest = await member(services, community, { admin: false, discreet: true });
  const strange = await member(services, await newCommunity(services, { trusted: false }), { discreet: true });
  const alone = await Person.arrive(services);
  for (const person of [guest, strange, alone]) {
    for (const words of ['/questions', '/answer 1 ha']) {
      const said = await person.says(words);
      expect(said).not.toContain('pottery');
      expect(person.replies).toHaveLength(1);
    }
    await person.presses('answer||1%20ha');
  }
  expect(await outbox()).toEqual([]);
});

test('questions whose time is over are not listed, and pages go on', async () => {
  const { id } = await Person.arrive(services);
  const now = new Date('2026-11-20T04:00:00Z');
  for (let day = 0; day < 5; day++)
    await askQuestion(db, { learnerId: id, words: `w${day}`, now: new Date(now.getTime() + day * 86_400_000) });
  const other = (await Person.arrive(services)).id;
  for (let day = 0; day < 4; day++)
    await askQuestion(db, { learnerId: other, words: `v${day}`, now: new Date(now.getTime() + day * 86_400_000) });
  const manager = await member(services, community, { discreet: true });
  manager.now = new Date(now.getTime() + 31 * 86_400_000);
  // Of 0 and 1 the 30 days are over.
  expect((await openQuestions(db, { now: manager.now, limit: 100 })).total).toBe(5);
  manager.now = new Date(now.getTime() + 10 * 86_400_000);
  const first = await manager.says('/questions');
  expect(first).toContain('wait for an answer: 9');
  expect(first).toContain('w4');
  expect(first).not.toContain('v0');
  expect(await manager.chooses('questions||5')).toContain('v3');
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
