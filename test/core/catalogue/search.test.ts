import { describe, expect, it } from 'vitest';
import type { Course } from '../../../core/catalogue/course.ts';
import { createSearch, createSearchAside } from '../../../core/catalogue/search.ts';

function course(id: string, title: string, rest: Partial<Course> = {}): Course {
  return {
    id,
    title,
    description: '',
    translations: {},
    topics: [],
    level: null,
    language: null,
    priceMinor: null,
    currency: null,
    durationMinutes: null,
    instructor: null,
    publishedAt: null,
    archived: false,
    attributes: {},
    simulated: false,
    ...rest,
  };
}

const courses = [
  course('excel', 'Excel for the office', { description: 'Tables, formulas and pivot tables.', topics: ['Office'] }),
  course('charts', 'Charts in Excel that people read', { topics: ['Office'], level: 'intermediate' }),
  course('python-1', 'Python 零基础入门', { topics: ['编程'], level: 'beginner', instructor: '林晓' }),
  course('python-2', 'Python 高级编程', { topics: ['编程'], level: 'advanced' }),
  course('data', '数据分析实战', {
    translations: { en: { title: 'Data analysis in practice', description: 'From raw tables to decisions.' } },
    topics: ['数据'],
  }),
  course('photo', 'Photography with a phone', { topics: ['Photography'], description: 'Light and composition.' }),
  course('excellent', 'Excellent presentations', { topics: ['Communication'] }),
  course('cpp', 'Modern C++', { topics: ['编程'], attributes: { software: 'Visual Studio' } }),
  course('csharp', 'C# from scratch', { topics: ['编程'], level: 'beginner' }),
];
const engine = createSearch(courses);
const ids = (query: string) => engine.search(query).map((hit) => hit.course.id);

describe('search', () => {
  it('finds by title, in any case and form of a word', () => {
    expect(ids('PHOTOGRAPHY')[0]).toBe('photo');
    expect(ids('excel charts')[0]).toBe('charts');
    expect(ids('chart')[0]).toBe('charts');
  });

  it('finds in texts, topics, names and attributes', () => {
    expect(ids('composition')).toEqual(['photo']);
    expect(ids('林晓')).toEqual(['python-1']);
    expect(ids('visual studio')).toEqual(['cpp']);
    expect(ids('decisions')).toEqual(['data']);
  });

  it('mends spelling', () => {
    expect(ids('exel').slice(0, 2).sort()).toEqual(['charts', 'excel']);
    expect(ids('pyhton').sort()).toEqual(['python-1', 'python-2']);
    expect(ids('photografy')[0]).toBe('photo');
    expect(ids('excel')).not.toContain('excellent');
  });

  it('finishes the last word', () => {
    expect(ids('photogr')[0]).toBe('photo');
    expect(ids('photogr excel')[0]).not.toBe('photo');
  });

  it('finds in the other language', () => {
    expect(ids('摄影')).toEqual(['photo']);
    expect(ids('攝影課程')).toEqual(['photo']);
    expect(ids('图表')[0]).toBe('charts');
    expect(ids('data analytics')[0]).toBe('data');
    expect(ids('programming')).toEqual(expect.arrayContaining(['python-1', 'python-2', 'cpp']));
  });

  it('reads a level as a wish, not as a word to find', () => {
    expect(ids('python 入门')).toEqual(['python-1', 'python-2']);
    expect(ids('python for beginners')[0]).toBe('python-1');
    expect(ids('advanced python')[0]).toBe('python-2');
  });

  it('tells C++ from C#', () => {
    expect(ids('c++')).toEqual(['cpp']);
    expect(ids('C#')).toEqual(['csharp']);
  });

  it('puts what answers the whole query first', () => {
    expect(ids('excel formulas')).toEqual(['excel', 'charts']);
  });

  it('gives nothing for nothing', () => {
    for (const query of ['', '   ', '的', 'the of', '!!!', 'zzzzqqq', '§3']) expect(engine.search(query)).toEqual([]);
    expect(createSearch([]).search('excel')).toEqual([]);
  });

  it('keeps scores in (0, 1], lower for a mended word and for half a query', () => {
    for (const query of ['excel', 'python 入门', 'exel chart', 'data', '编程']) {
      const scores = engine.search(query).map((hit) => hit.score);
      expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
    expect(engine.search('excel')[0]!.score).toBe(1);
    expect(engine.search('exel')[0]!.score).toBeLessThan(1);
    expect(engine.search('excel kangaroo')[0]!.score).toBeCloseTo(0.5);
  });

  it('takes a limit and a filter', () => {
    expect(engine.search('编程', { limit: 1 })).toHaveLength(1);
    expect(engine.search('编程', { limit: 0 })).toEqual([]);
    expect(
      engine.search('python', { accept: ({ level }) => level === 'advanced' }).map((hit) => hit.course.id),
    ).toEqual(['python-2']);
  });

  it('answers the same whatever the order of courses', () => {
    const reversed = createSearch([...courses].reverse());
    expect(reversed.search('编程').map((hit) => hit.course.id)).toEqual(ids('编程'));
  });
});

describe('an index that is built aside', () => {
  const many = Array.from({ length: 400 }, (_, n) => course(`many-${n}`, `Lesson ${n}`)).concat(courses);

  it('lets others work in between, and answers as one built at once', async () => {
    let turns = 0;
    let next = setImmediate(function turn() {
      turns++;
      next = setImmediate(turn);
    });
    const aside = await createSearchAside(many);
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(10);
    const atOnce = createSearch(many);
    for (const query of ['excel', 'lesson 7', 'pyhton', '编程'])
      expect(aside.search(query)).toEqual(atOnce.search(query));
  });

  it('can be given up', async () => {
    const closing = new AbortController();
    const building = createSearchAside(many, closing.signal);
    closing.abort(new Error('closing'));
    await expect(building).rejects.toThrow('closing');
  });
});

describe('knows', () => {
  it('knows names of the catalogue, nearly and in the other language too', () => {
    for (const term of ['excel', 'exel', 'python', '编程', '摄影', '林晓']) expect(engine.knows(term), term).toBe(true);
    for (const term of ['weather', '天气', 'formula', 'xx']) expect(engine.knows(term), term).toBe(false);
  });
});

describe('suggest', () => {
  it('names the nearest topics', () => {
    expect(engine.suggest('comunicating')).toEqual(['Communication']);
    expect(engine.suggest('zzzz')).toEqual([]);
  });
});
