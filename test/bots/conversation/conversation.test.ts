import { beforeAll, describe, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { readState } from '../../../bots/conversation/state.ts';
import { saveState } from '../../../bots/conversation/store.ts';
import { finishUpdates } from '../../../bots/update/store.ts';
import { listingRecommender } from '../../doubles/recommender.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

/** Someone who agreed to recording. */
async function regular(locale: 'zh' | 'en' = 'en') {
  const person = await Person.arrive(services, locale);
  await person.presses('consent||recording%3Aon');
  return person;
}

describe('onboarding', () => {
  test('greets, asks one thing after another, and records from the consent on', async () => {
    const ann = await Person.arrive(services);
    expect(await ann.presses('start')).toContain("I'm Coursebell");
    await ann.presses('language||en');
    expect((await ann.learner()).language).toBe('en');
    await ann.chooses('onboard||topic%2B%3APython');
    await ann.chooses('onboard||topic%2B%3AExcel');
    await ann.chooses('onboard||topic-%3AExcel');
    await ann.chooses('onboard||skip%3Atopics');
    expect(await ann.says('I want to work as a data analyst')).toContain('How much');
    await ann.chooses('onboard||level%3Abeginner');
    expect(await ann.events()).toEqual([]);
    expect(await ann.learner()).toMatchObject({ declaredTopics: [], goal: null, level: null });
    await ann.chooses('consent||recording%3Aon');
    expect(await ann.learner()).toMatchObject({
      recording: true,
      messages: false,
      declaredTopics: ['Python'],
      goal: 'I want to work as a data analyst',
      level: 'beginner',
    });
    expect(await ann.events()).toEqual(['register']);
    await ann.chooses('consent||messages%3Aon');
    expect(await ann.learner()).toMatchObject({ messages: true });
    expect((await ann.learner()).onboardedAt).not.toBeNull();
    const consents = await db.prisma.consentRecord.findMany({ where: { learnerId: ann.id }, orderBy: { id: 'asc' } });
    expect(consents.map(({ kind, granted }) => [kind, granted])).toEqual([
      ['recording', true],
      ['messages', true],
    ]);
    expect(await ann.chooses('recommend')).toContain("I'd suggest these for you");
    expect(ann.courses).toHaveLength(3);
    expect(await ann.events()).toEqual(['register', 'unmute', 'impression', 'impression', 'impression']);
  });

  test('offers nothing ticked beforehand', async () => {
    const ida = await Person.arrive(services);
    await ida.presses('start');
    await ida.presses('language||en');
    expect(ida.buttons).toContain('onboard||topic%2B%3AMusic');
    expect(ida.buttons.filter((id) => id.startsWith('onboard||topic-'))).toEqual([]);
    expect(await ida.learner()).toMatchObject({ recording: false, messages: false });
  });

  test('refused, it keeps none of the answers and works on', async () => {
    const eve = await Person.arrive(services);
    await eve.presses('start');
    await eve.presses('language||en');
    await eve.chooses('onboard||topic%2B%3AMusic');
    await eve.chooses('onboard||skip%3Atopics');
    await eve.chooses('onboard||goal%3Aexam');
    await eve.chooses('onboard||skip%3Alevel');
    await eve.says('no');
    expect(await eve.says('no')).toContain('Nothing you do is recorded');
    expect(await eve.learner()).toMatchObject({ recording: false, messages: false, declaredTopics: [], goal: null });
    const { state } = await db.prisma.conversation.findFirstOrThrow({ where: { chat: eve.chat } });
    expect(JSON.stringify(state)).not.toContain('Music');
    await eve.presses('recommend');
    expect(eve.courses).toHaveLength(3);
    expect(await eve.events()).toEqual([]);
  });

  test('can be passed by at any question and gone on with', async () => {
    const bob = await Person.arrive(services);
    await bob.presses('start');
    await bob.presses('language||en');
    const answer = await bob.says('python for beginners');
    expect(answer).toContain('Python from Zero');
    expect(answer).toContain('go on with the questions');
    await bob.says('recommend something');
    expect(bob.courses).toHaveLength(3);
    await bob.presses('course|c1');
    expect(bob.courses).toEqual(['c1']);
    expect(await bob.presses('onboard')).toContain('What would you like to learn?');
    await bob.chooses('onboard||skip%3Atopics');
    await bob.says('python');
    expect(bob.courses).toContain('c0');
    await bob.presses('onboard');
    await bob.chooses('onboard||goal%3Awork');
    expect(await bob.says("I'm a beginner")).toContain('May I remember');
    expect(await bob.events()).toEqual([]);
  });

  test('a course that a link names is shown first', async () => {
    const lee = await Person.arrive(services, 'zh');
    expect(await lee.presses('course|c0')).toContain('Python 零基础入门');
    expect(lee.courses).toEqual(['c0']);
  });
});

describe('consent', () => {
  test('is asked where something has to be kept, and what was asked for is then done', async () => {
    const kim = await Person.arrive(services);
    await kim.presses('course|c8');
    for (const press of ['save|c8', 'rate|c8|4', 'profile', 'saved', 'dismiss|c8', 'progress|c8|50', 'complete|c8']) {
      expect(await kim.presses(press), press).toContain('you have not agreed');
    }
    await kim.presses('rate|c8|4');
    expect(await kim.says('I agree')).toContain('4 of 5 for “Design Basics”');
    expect(await kim.events()).toEqual(['register', 'rate']);
    expect((await kim.log())[1]).toMatchObject({ courseId: 'c8', value: 0.75, channel: 'web' });
  });

  test('withdrawn, nothing more is recorded; given again, it is no second registration', async () => {
    const max = await regular();
    await max.presses('course|c8');
    await max.presses('consent||recording%3Aoff');
    await max.presses('course|c9');
    await max.presses('recommend');
    await max.says('excel');
    expect(await max.events()).toEqual(['register', 'view']);
    await max.presses('consent||recording%3Aon');
    await max.presses('course|c9');
    expect(await max.events()).toEqual(['register', 'view', 'view']);
  });

  test('recommendations without it, and in the non-personal mode, are the same for everybody', async () => {
    const asks = async (person: Person) => {
      await person.says('turn off personalisation');
      await person.presses('recommend', 'the same turn');
      return person.replies[0]!.text;
    };
    const one = await regular();
    await one.presses('rate|c8|5');
    expect(await asks(one)).toMatchObject({ key: 'recommend.general' });
    await one.presses('consent||personalised%3Aon');
    await one.presses('recommend');
    expect(one.replies[0]!.text).toMatchObject({ key: 'recommend.personal' });
  });

  test('an empty catalogue says so, instead of offering topics that there are not', async () => {
    const empty = { ...services.catalogue, all: () => [], topics: () => [], get: () => undefined };
    const { recommender } = listingRecommender([]);
    const zoe = await Person.arrive({ ...services, catalogue: empty, recommender: () => recommender });
    expect(await zoe.says('recommend something')).toContain('no course here yet');
  });

  test('“退订” and “stop” end messages at once, whatever was asked', async () => {
    const pat = await regular('zh');
    await pat.presses('consent||messages%3Aon');
    await pat.presses('code|c8');
    expect(await pat.says('退订')).toContain('已退订');
    expect(await pat.learner()).toMatchObject({ messages: false });
    expect((await pat.events()).filter((type) => type.endsWith('mute'))).toEqual(['unmute', 'mute']);
    await pat.presses('settings||zone');
    await pat.presses('unmute');
    expect(await pat.learner()).toMatchObject({ messages: false });
    await pat.says('好');
    expect(await pat.learner()).toMatchObject({ messages: true });
    await pat.says('stop');
    expect(await pat.learner()).toMatchObject({ messages: false });
  });
});

describe('events', () => {
  test('carry the circumstances of the slate that showed the course', async () => {
    const ray = await regular();
    await ray.presses('recommend');
    const second = ray.courses[1]!;
    await ray.says('the second one');
    await ray.says('save it');
    await ray.says('rate it 5');
    const shown = (await ray.log()).find((event) => event.type === 'impression' && event.courseId === second)!;
    expect(shown.circumstances).toMatchObject({ list: 'recommend', position: 1, modelVersion: 'untrained' });
    for (const type of ['view', 'save', 'rate']) {
      const event = (await ray.log()).find((each) => each.type === type)!;
      expect(event).toMatchObject({ courseId: second, circumstances: shown.circumstances });
    }
  });

  test('the same turn twice counts once, the same wish twice counts twice', async () => {
    const sue = await regular();
    await sue.presses('recommend', 'turn 1');
    await sue.presses('recommend', 'turn 1');
    expect((await sue.events()).filter((type) => type === 'impression')).toHaveLength(3);
    await sue.presses('rate|c8|5', 'turn 2');
    await sue.presses('rate|c8|5', 'turn 2');
    expect((await sue.events()).filter((type) => type === 'rate')).toHaveLength(1);
    await sue.presses('rate|c8|5', 'turn 3');
    expect((await sue.events()).filter((type) => type === 'rate')).toHaveLength(2);
    await sue.presses('pay|c8|-', 'turn 4');
    await sue.presses('pay|c8|-', 'turn 4');
    expect(await db.prisma.order.count({ where: { learnerId: sue.id } })).toBe(1);
    expect((await sue.events()).filter((type) => type === 'purchase')).toHaveLength(1);
  });

  test('the same turn twice counts once even when the first was cut off before its state was kept', async () => {
    const tom = await regular();
    const before = await db.prisma.conversation.findFirstOrThrow({ where: { chat: tom.chat } });
    await tom.presses('recommend', 'turn 1');
    await db.prisma.conversation.update({
      where: { channel_chat: { channel: 'web', chat: tom.chat } },
      data: { state: before.state! },
    });
    await tom.presses('recommend', 'turn 1');
    const slates = (await tom.log()).filter((event) => event.type === 'impression');
    expect(new Set(slates.map((event) => event.circumstances.slate)).size).toBe(1);
  });

  test('another person’s slate says nothing', async () => {
    const [una, vic] = [await regular(), await regular()];
    await una.presses('recommend');
    const press = una.buttons.find((id) => id.startsWith('save|'))!;
    await vic.presses(press);
    expect((await vic.log()).at(-1)).toMatchObject({ type: 'save', circumstances: {} });
  });

  test('a dismissal can be taken back', async () => {
    const wim = await regular();
    await wim.presses('dismiss|c8');
    await wim.presses('recommend||topic%3ADesign');
    expect(wim.courses).not.toContain('c8');
    await wim.presses('undismiss|c8');
    await wim.presses('recommend||topic%3ADesign');
    expect(wim.courses).toContain('c8');
  });
});

test('two people of one chat history each: “it” and “the first one” are one’s own', async () => {
  const [one, two] = [await regular(), await regular()];
  await one.presses('course|c8');
  expect(await two.says('save it')).toContain('Which course');
  expect(await one.says('save it')).toContain('Design Basics');
});

test('the answer is in the language that is written, until one is chosen', async () => {
  const liu = await Person.arrive(services, 'zh');
  expect(await liu.says('excel charts')).toContain('门和“excel charts”有关的课');
  expect(await liu.says('could you please recommend something')).toContain('not personal');
  expect(await liu.says('推荐一门课')).toContain('非个性化');
  await liu.presses('language||zh');
  expect(await liu.says('could you please recommend something')).toContain('非个性化');
});

test('what waited for consent is not done once the person has gone on to something else', async () => {
  const mei = await Person.arrive(services);
  await mei.presses('save|c8');
  await mei.presses('privacy');
  await mei.presses('search||excel');
  await mei.presses('consent||recording%3Aon');
  expect(await mei.events()).toEqual(['register']);
});

test('a recommendation about no topic of the catalogue says that there is none', async () => {
  const oda = await Person.arrive(services);
  expect(await oda.says('recommend knitting')).toContain('nothing about “knitting”');
  expect(await oda.says('can you recommend something for tonight?')).not.toContain('nothing about');
  expect(await oda.says('推荐编织课')).toContain('暂时没有关于“编织”的课');
});

test('saving and dismissing are taken back in words', async () => {
  const pia = await regular();
  await pia.says('save the guitar course');
  await pia.says('unsave the guitar course');
  await pia.says('undo');
  await pia.says('remove it from my saved');
  await pia.presses('dismiss|c8');
  await pia.says('undo');
  expect((await pia.log()).map(({ type, courseId }) => [type, courseId])).toEqual([
    ['register', null],
    ['save', 'c11'],
    ['unsave', 'c11'],
    ['save', 'c11'],
    ['unsave', 'c11'],
    ['dismiss', 'c8'],
    ['undismiss', 'c8'],
  ]);
});

test('a place in the list is understood in many words', async () => {
  const ned = await regular();
  await ned.says('excel');
  const [first, , third] = ned.courses;
  await ned.says('show me the first');
  expect(ned.courses).toEqual([first]);
  await ned.says('3');
  expect(ned.courses).toEqual([third]);
  await ned.says('save it');
  await ned.says('show my saved courses');
  expect(ned.courses).toEqual([third]);
});

test('a failing skill answers with a sentence, and the log has the cause without the words', async () => {
  const lines: string[] = [];
  const broken: Services = {
    ...services,
    log: (line) => lines.push(line),
    search: () => {
      throw new RangeError('secret: python for zoe');
    },
  };
  const zoe = await Person.arrive(broken);
  expect(await zoe.presses('search||python%20for%20zoe')).toContain('Something went wrong');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('RangeError');
  expect(lines[0]).toMatch(/search\.ts/);
  expect(lines[0]).not.toMatch(/zoe/);
  expect(lines[0]).not.toContain(zoe.id);
});

test('a search without hits offers the topics that look most like it', async () => {
  const lea = await regular();
  const topics = services.catalogue.topics();
  const last = topics.at(-1)!;
  await lea.presses(`search||${encodeURIComponent(`${last.slice(0, -1)}zzqx`)}`);
  expect(topics.slice(0, 4)).not.toContain(last);
  expect(lea.buttons[0]).toBe(`recommend||topic%3A${encodeURIComponent(last)}`);
});

test('an update that comes again before it is answered has the answer that it had', async () => {
  const kit = await Person.arrive(services);
  await db.prisma.update.create({ data: { channel: kit.channel, id: 'again', payload: {} } });
  const first = await kit.says('python', 'again');
  const before = kit.replies;
  // The conversation has gone on by then: what a newcomer is offered once would not be offered again.
  expect(first).toContain("I'm Coursebell");
  expect(await kit.says('python', 'again')).toBe(first);
  expect(kit.replies).toEqual(before);
  await finishUpdates(db, kit.channel, ['again']);
  expect(await kit.says('python', 'again')).not.toBe(first);
  expect(await db.prisma.update.findFirst({ where: { id: 'again' } })).toMatchObject({ answer: null, payload: null });
});

test('erasure asks first, then leaves nothing, and the next turn is told so', async () => {
  const gus = await regular();
  await gus.presses('save|c8');
  await gus.says('delete all my data');
  await gus.says('no');
  expect(await gus.events()).toHaveLength(2);
  await gus.says('delete all my data');
  expect(await gus.chooses('erase||yes')).toContain('is erased');
  expect(await gus.events()).toEqual([]);
  expect(await db.prisma.learner.count({ where: { id: gus.id } })).toBe(0);
  // A turn in another process may have been under way meanwhile.
  await saveState(
    db,
    { id: 'gus', channel: 'web', chat: gus.chat, learnerId: gus.id },
    readState({ topics: ['Yoga'] }),
    [],
  );
  expect(await db.prisma.conversation.count({ where: { chat: gus.chat } })).toBe(0);
  expect(await gus.says('hello')).toContain('I keep nothing about you');
});

test('the export holds what was recorded', async () => {
  const hal = await regular();
  await hal.presses('save|c8');
  await hal.says('export my data');
  await hal.chooses('export.json');
  // A chat without downloads gets a file.
  const { file } = hal.replies[0]!;
  expect(file?.name).toBe('coursebell-export.json');
  const exported = JSON.parse(file!.content) as { events: { type: string; courseId: string }[] };
  expect(exported.events.map(({ type }) => type)).toEqual(['register', 'save']);
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
