import { beforeAll, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

/** What is typed, what the answer holds, and the events that it leaves beside impressions. */
type Line = [said: string, answered: string, events?: string[]];

const english: Line[] = [
  ['hello', "I'm Coursebell"],
  ['python for beginners', 'Python from Zero'],
  ['recommend something', 'not personal'],
  ['the second one', 'Topics:'],
  ['save it', 'you have not agreed'],
  ['I agree', 'Saved:', ['register', 'save']],
  ['recommend courses about design', 'About Design', []],
  ['the first one', 'Topics: Design', ['view']],
  ['similar courses', 'Like “'],
  ['rate it 4 stars', '4 of 5', ['rate']],
  ['buy it', 'sandbox checkout'],
  ['no', 'nothing has changed'],
  ['buy it', 'To pay'],
  ['yes', 'is yours', ['purchase']],
  ['buy it', 'yours already'],
  ['50% done', '50% done', ['progress']],
  ['my courses', 'You have done 50%'],
  ['I finished the first one', 'You finished', ['complete']],
  ['my profile', 'you finished'],
  ['my coupons', 'no coupons'],
  ['settings', 'Messages: off'],
  ['turn off personalisation', 'are off'],
  ['recommend something', 'not personal'],
  ['more', 'not personal'],
  ['turn on personalised recommendations', 'are on'],
  ['excel', 'courses for “excel”', ['search']],
  ['not interested in the first one', "won't suggest", ['dismiss']],
  ['exel', 'courses for “exel”', ['search']],
  ['search for knitting', 'no course for “knitting”', ['search']],
  ['what do you store', 'What I keep about you'],
  ['export my data', 'JSON'],
  ['turn messages on', 'May I write to you first'],
  ['yes', 'Messages are on', ['unmute']],
  ['stop', 'no more messages', ['mute']],
  ['refund', 'Which purchase'],
  ['help', 'What I can do'],
  ['thanks', "You're welcome"],
  ['what is the meaning of life', "didn't understand"],
  ['speak chinese', '中文'],
  ['speak english', "I'll speak English"],
  ['delete all my data', 'can not be undone'],
  ['no', 'nothing has changed'],
];

const chinese: Line[] = [
  ['你好', '学习助手'],
  ['python 入门', 'Python 零基础入门'],
  ['推荐一门课', '非个性化'],
  ['第二个', '主题：'],
  ['收藏', '还没有同意'],
  ['同意', '已收藏', ['register', 'save']],
  ['推荐设计课', '关于设计', []],
  ['第一个', '主题：设计', ['view']],
  ['类似的课', '类似的课'],
  ['打4分', '4 星', ['rate']],
  ['买这门课', '沙盒'],
  ['不', '什么都没有改变'],
  ['买这门课', '应付'],
  ['好的', '购买成功', ['purchase']],
  ['买这门课', '已经拥有'],
  ['学了一半', '已学 50%', ['progress']],
  ['我的课程', '已学 50%'],
  ['学完了第一个', '恭喜学完', ['complete']],
  ['我的画像', '学完了'],
  ['优惠券', '没有可用的优惠券'],
  ['设置', '消息：已关闭'],
  ['关闭个性化', '已关闭'],
  ['推荐一门课', '非个性化'],
  ['还有吗', '非个性化'],
  ['打开个性化推荐', '已开启'],
  ['excel', '“excel”', ['search']],
  ['不喜欢第一个', '不再推荐', ['dismiss']],
  ['Excel 图表', '图表', ['search']],
  ['搜索编织', '没有找到和“编织”有关的课', ['search']],
  ['你存了我的什么数据', '我保存的内容'],
  ['导出数据', 'JSON'],
  ['开启消息', '可以主动给你发消息吗'],
  ['好', '消息已开启', ['unmute']],
  ['退订', '已退订', ['mute']],
  ['退款', '要退哪一门课'],
  ['帮助', '我能做这些'],
  ['谢谢', '不客气'],
  ['今天天气怎么样', '没太明白'],
  ['说英文', 'English'],
  ['说中文', '中文'],
  ['删除我的数据', '无法恢复'],
  ['不', '什么都没有改变'],
];

test.each([
  ['en', english],
  ['zh', chinese],
] as const)('a long conversation in free text (%s)', async (locale, lines) => {
  const person = await Person.arrive(services, locale);
  let known = 0;
  for (const [said, answered, events] of lines) {
    expect(await person.says(said), said).toContain(answered);
    const types = (await person.events()).filter((type) => type !== 'impression');
    if (events) expect(types.slice(known), said).toEqual(events);
    known = types.length;
  }
  expect(lines.length).toBeGreaterThanOrEqual(40);
});

test('characters that the database refuses do no harm', async () => {
  const person = await Person.arrive(services);
  await person.presses('start');
  await person.presses('onboard||skip%3Atopics');
  for (const press of ['search||pyth%00on', 'search||python%ED%A0%80', 'onboard||goal%3A%00'])
    await person.presses(press);
  await person.presses('consent||recording%3Aon');
  for (const text of ['python \u0000', 'python \ud800', '\u0000', 'my goal \ud800']) await person.says(text);
  await person.presses('search||python%00');
  expect(problems).toEqual([]);
});

test('whatever is typed has an answer', async () => {
  const random = createRandom(7);
  const person = await Person.arrive(services);
  await person.presses('consent||recording%3Aon');
  const pieces = [
    ...[
      '',
      ' ',
      '?',
      '！',
      '👍',
      '🙃',
      '{{',
      '}}',
      '{% if',
      '%}',
      '<b>',
      '\u0000',
      '\ud800',
      '\n',
      '|',
      '%',
      '%zz',
      "'",
    ],
    ...[
      'python',
      '第二个',
      'rate',
      '5',
      '99',
      '收藏',
      'buy',
      'the first one',
      'yes',
      '不',
      'stop',
      '优惠码',
      'AB12-CD34',
    ],
    ...['/start', '/help', '/erase', 'c8', 'x'.repeat(2000), '课'.repeat(800), 'null', '__proto__', 'constructor'],
  ];
  for (let turn = 0; turn < 150; turn++) {
    const text = Array.from({ length: 1 + random.int(4) }, () => random.pick(pieces)).join(random.pick(['', ' ', '|']));
    if (random.next() < 0.3) await person.presses(text);
    else await person.says(text);
    expect(person.replies.length, JSON.stringify(text)).toBeGreaterThan(0);
    expect(problems, JSON.stringify(text)).toEqual([]);
  }
}, 120_000);
