import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createUnderstanding, intentNames, type IntentName, type Slots } from '../../../core/language/understanding.ts';

type Lists = Partial<Record<IntentName, string[]>>;
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/language/${name}`, import.meta.url), 'utf8'));
const heldOut = fixture('intents.json') as Record<'zh' | 'en', Lists> & { outOfScope: Record<'zh' | 'en', string[]> };
const optOuts = fixture('opt-outs.json') as { mute: Record<'zh' | 'en', string[]>; notMute: string[] };

const catalogue = new Set(['excel', 'exel', 'python', 'java', '透视表', '摄影']);
const understanding = createUnderstanding({
  knows: (term) => catalogue.has(term),
  topics: () => ['编程', 'Photography', 'Data Analysis'],
});
const intent = (text: string) => understanding.understand(text).intent;
const slots = (text: string): Slots => understanding.understand(text).slots;

describe('intents', () => {
  it.each(['en', 'zh'] as const)('understands unseen messages: %s', (language) => {
    const all = Object.entries(heldOut[language]).flatMap(([name, texts]) => texts.map((text) => ({ name, text })));
    const right = all.filter(({ name, text }) => intent(text) === name);
    expect(new Set(all.map(({ name }) => name)).size).toBe(intentNames.length - 1);
    expect(right.length / all.length).toBeGreaterThan(0.9);
  });

  it.each(['en', 'zh'] as const)('leaves out what it can not do: %s', (language) => {
    const others = heldOut.outOfScope[language].filter((text) => intent(text) === 'other');
    expect(others.length / heldOut.outOfScope[language].length).toBeGreaterThan(0.7);
  });

  it('does not search for the everyday words of a title', () => {
    const titles = new Set(['完', 'done', 'hate']);
    const strict = createUnderstanding({ knows: (term) => titles.has(term) });
    expect(strict.understand('我学完了').intent).toBe('complete');
    expect(strict.understand('i hate this').intent).toBe('dismiss');
  });

  it('knows a topic by its name in the other language', () => {
    const english = createUnderstanding({ topics: () => ['Data', 'Python'] });
    expect(english.understand('数据分析和Python').slots.topics).toEqual(['Data', 'Python']);
  });

  it('says the same each time', () => {
    const again = createUnderstanding();
    for (const text of ['show me something', '有没有别的', 'hmm what']) {
      expect(again.understand(text)).toEqual(createUnderstanding().understand(text));
    }
  });

  it('survives anything', () => {
    for (const text of ['', ' ', '\u0000', '💥', 'a'.repeat(100_000), '停'.repeat(100_000), '%$#{t}|', 'привет', '٣'])
      expect(intentNames).toContain(intent(text));
    expect(understanding.understand('').intent).toBe('other');
  });

  it('has no intent for what nothing points to', () => {
    expect(intent('zxqv plorb')).toBe('other');
  });

  it('takes nothing for agreed that must not be done', () => {
    for (const text of ["don't buy it", "please don't delete my data", '别删我的数据', '先不要买']) {
      expect(intent(text), text).toBe('no');
    }
  });

  it('reads emoji', () => {
    expect([intent('👍🏽'), intent('👎'), intent('🙏')]).toEqual(['yes', 'no', 'thanks']);
  });
});

describe('opt-outs', () => {
  it.each(['en', 'zh'] as const)('hears every one: %s', (language) => {
    expect(optOuts.mute[language].filter((text) => intent(text) !== 'mute')).toEqual([]);
  });

  it('hears none where there is none', () => {
    expect(optOuts.notMute.filter((text) => intent(text) === 'mute')).toEqual([]);
  });

  it('does not let the catalogue hide one', () => {
    const everything = createUnderstanding({ knows: () => true });
    for (const text of ['stop', 'unsubscribe', '退订', '停止推送', 'TD']) {
      expect(everything.understand(text).intent, text).toBe('mute');
    }
  });
});

describe('rights', () => {
  it.each([
    ['erase', ['delete my data', 'forget me', '注销账号', '把我的数据都删了', '請刪除我的資料']],
    ['export', ['export my data', 'can I have a copy of my data', '导出我的数据', '下載我的數據']],
    ['privacy', ['privacy', 'what about my privacy?', '隐私', '你存了我什么']],
    ['non_personal', ['turn off personalised recommendations', '关闭个性化推荐']],
    ['personal', ['turn off non-personal mode', '关闭非个性化模式', 'personalise again']],
  ] as const)('are understood: %s', (name, texts) => {
    for (const text of texts) expect(intent(text), text).toBe(name);
  });
});

describe('search', () => {
  it.each([
    ['搜一下 python 入门', 'python 入门'],
    ['find excel charts', 'excel charts'],
    ['any courses about 数据分析?', '数据分析'],
    ['有没有摄影的课', '摄影'],
    ['Do you have anything on public speaking?', 'public speaking'],
    ['我想学机器学习', '机器学习'],
    ['search for basket weaving', 'basket weaving'],
    ['find learning skills courses', 'learning skills'],
  ])('finds the query: %s', (text, query) => {
    const understood = understanding.understand(text);
    expect(understood).toMatchObject({ intent: 'search', slots: { query } });
  });

  it('takes bare words of the catalogue for a search', () => {
    for (const text of [
      'python 入门',
      'excel charts',
      'exel',
      '透视表',
      '数据分析',
      'photography',
      'beginner python',
    ]) {
      expect(intent(text), text).toBe('search');
    }
    expect(slots('exel').query).toBe('exel');
  });

  it('does not take every word that a title has for a search', () => {
    const everything = createUnderstanding({ knows: () => true });
    expect(['thanks', 'hello', 'my coupons', '帮助', '好的'].map((text) => everything.understand(text).intent)).toEqual(
      ['thanks', 'greet', 'coupons', 'help', 'yes'],
    );
  });
});

describe('slots', () => {
  it.each<[string, Partial<Slots>]>([
    ['给它打4分', { rating: 4 }],
    ['rate it 5 stars', { rating: 5 }],
    ['五星', { rating: 5 }],
    ['8/10', { rating: 4 }],
    ["I'd give it 4 out of 5", { rating: 4 }],
    ['⭐⭐⭐', { rating: 3 }],
    ['满分', { rating: 5 }],
    ['rate the second one 3', { rating: 3, ordinal: 2 }],
    ['第二个给4星', { rating: 4, ordinal: 2 }],
    ['晚上8点提醒我', { hour: 20 }],
    ['send at 7pm', { hour: 19 }],
    ['改成21:30', { hour: 21 }],
    ['下午三点', { hour: 15 }],
    ['早上9点半', { hour: 9 }],
    ['at 9 in the morning', { hour: 9 }],
    ['晚上十二点', { hour: 0 }],
    ['12am', { hour: 0 }],
    ['noon please', { hour: 12 }],
    ['set the hour to 21', { hour: 21 }],
    ['use code save20', { code: 'SAVE20' }],
    ['优惠码：CB-7F3K-99XQ', { code: 'CB-7F3K-99XQ' }],
    ['CB-7F3K-99XQ', { code: 'CB-7F3K-99XQ' }],
    ['the second one', { ordinal: 2 }],
    ['第二个', { ordinal: 2 }],
    ['the last one please', { ordinal: -1 }],
    ['#3', { ordinal: 3 }],
    ['最后一门', { ordinal: -1 }],
    ['30% done', { progress: 0.3 }],
    ['学到百分之四十', { progress: 0.4 }],
    ['学了一半', { progress: 0.5 }],
    ['七成了', { progress: 0.7 }],
    ['推荐摄影课', { topics: ['Photography'] }],
    ['some programming courses', { topics: ['编程'] }],
    ['想学数据分析，零基础', { topics: ['Data Analysis'], level: 'beginner' }],
    ['advanced python', { level: 'advanced' }],
    ['说英文', { language: 'en' }],
    ["I don't understand English", { language: 'zh' }],
  ])('%s', (text, expected) => {
    expect(slots(text)).toMatchObject(expected);
  });

  it('finds none that was not said', () => {
    expect(slots('hello there')).toEqual({});
    expect(slots('watched the first chapter')).not.toHaveProperty('ordinal');
    expect(slots('rate it 9 stars')).not.toHaveProperty('rating');
    expect(slots('只要5分钟')).not.toHaveProperty('rating');
    expect(slots('有一点难')).not.toHaveProperty('hour');
    expect(slots('use my coupon please')).not.toHaveProperty('code');
  });

  it('finds the course that is meant', () => {
    expect(slots('buy Python 零基础入门').courseQuery).toMatch(/python/);
    expect(slots('购买《我的第一堂课》').courseQuery).toBe('我的第一堂课');
    expect(slots('tell me more about the excel charts course').courseQuery).toBe('excel charts');
    expect(slots('buy it')).not.toHaveProperty('courseQuery');
    expect(slots('save the second one')).not.toHaveProperty('courseQuery');
  });
});

describe('language', () => {
  it('is that of the script, else the fallback', () => {
    const language = (text: string, fallback: 'zh' | 'en') => understanding.understand(text, fallback).language;
    expect(language('Python入门', 'en')).toBe('zh');
    expect(language('refund please', 'zh')).toBe('en');
    for (const text of ['ok', 'Python', '👍', '3', 'Excel VIP', 'td']) {
      expect([language(text, 'zh'), language(text, 'en')], text).toEqual(['zh', 'en']);
    }
  });
});
