import { beforeAll, describe, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { createSearch } from '../../../core/catalogue/search.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

const orders = (person: Person) => db.prisma.order.count({ where: { learnerId: person.id } });

describe('what is paid or agreed to', () => {
  test('is not taken from a question or a doubt', async () => {
    for (const words of ['why this course?', 'not sure yet', 'is it safe', 'let me think', 'why']) {
      const ann = await Person.arrive(services);
      await ann.presses('buy|c0');
      await ann.says(words);
      expect(await orders(ann), words).toBe(0);
      await ann.presses('profile');
      await ann.says(words);
      expect((await ann.learner()).recording, words).toBe(false);
    }
  });

  test('is asked once more where a yes is only guessed', async () => {
    const guessing: Services = {
      ...services,
      understanding: { understand: () => ({ intent: 'yes', confidence: 0.1, language: 'en', slots: {} }) },
    };
    const ben = await Person.arrive(guessing);
    await ben.presses('buy|c0');
    expect(await ben.says('hm yeah or so')).toContain('was that a yes?');
    expect(await orders(ben)).toBe(0);
    await ben.chooses('pay|c0');
    expect(await orders(ben)).toBe(1);
  });

  test.each([
    ['en', 'pay now'],
    ['en', 'yes please'],
    ['zh', '付款'],
    ['zh', '确认付款'],
  ] as const)('is done at a clear word (%s: %s)', async (locale, words) => {
    const cat = await Person.arrive(services, locale);
    await cat.presses('buy|c0');
    await cat.says(words);
    expect(await orders(cat)).toBe(1);
  });

  test('erasing takes more than a yes', async () => {
    const dan = await Person.arrive(services);
    await dan.says('erase everything about me');
    expect(await dan.says('yes')).toContain('press “Yes, erase everything”');
    expect(await dan.learner()).toBeTruthy();
    expect(await dan.says('Yes, erase everything!')).toContain('erased');
  });
});

describe('the words on a button', () => {
  test('are as good as a press', async () => {
    const eva = await Person.arrive(services, 'zh');
    await eva.presses('settings');
    expect(await eva.says('消息主题')).toContain('消息可以包含哪些主题');
    const flo = await Person.arrive(services);
    await flo.presses('start');
    expect(await flo.says('skip')).toContain('What would you like to learn?');
    await flo.chooses('onboard||topic%2B%3APython');
    expect(await flo.says('Done')).toContain('What are you learning for?');
    expect(await flo.says('change my field')).toContain('How much do you know');
  });

  test('mean nothing where several courses have them, or once they are gone', async () => {
    const gus = await Person.arrive(services);
    await gus.presses('consent||recording%3Aon');
    await gus.says('excel');
    expect(await gus.says('save')).toContain('Which course');
    await gus.presses('help');
    expect(await gus.says('done')).not.toContain('What are you learning for?');
  });
});

test('interests are taken from a sentence, by the names that the topics go by', async () => {
  const hal = await Person.arrive(services, 'zh');
  await hal.presses('start');
  await hal.presses('language||zh');
  expect(await hal.says('我对音乐和写作感兴趣')).toContain('已选 2 个');
});

test('nothing to take back is said, and refunds nothing', async () => {
  const ida = await Person.arrive(services, 'zh');
  expect(await ida.says('撤销')).toContain('没有可以撤销的操作');
});

test('asked why, it says where the reasons stand', async () => {
  const jon = await Person.arrive(services);
  await jon.says('recommend something');
  expect(await jon.says('why did you recommend that?')).toContain('Under each course');
  expect(await jon.says('为什么推荐这门课？')).toMatch(/推荐它的理由|Under each course/);
});

test('a slip of the keys does not change the language', async () => {
  const kim = await Person.arrive(services, 'zh');
  expect(await kim.says('asdkjfh qwe')).toContain('没太明白');
});

test('a search of an empty catalogue says that it is empty', async () => {
  const none = createSearch([]);
  const bare: Services = {
    ...services,
    search: () => none,
    catalogue: { ...services.catalogue, all: () => [], topics: () => [] },
  };
  const lea = await Person.arrive(bare);
  expect(await lea.says('search excel')).toContain('no course here yet');
});

test('signs are nothing to search for', async () => {
  const max = await Person.arrive(services);
  await max.says('😀😀');
  expect(max.buttons.some((id) => id.startsWith('search|'))).toBe(false);
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
