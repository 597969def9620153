import { beforeAll, describe, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { upsertQuestions } from '../../../core/insight/placement/store.ts';
import type { QuizQuestion } from '../../../core/insight/placement/question.ts';
import { decodePress } from '../../../core/language/reply.ts';
import { levels } from '../../../core/learner/learner.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
let services: Services;
const questions: QuizQuestion[] = ['Python', 'Excel'].flatMap((topic) =>
  levels.flatMap((level) =>
    [1, 2].map((number) => ({
      id: `${topic}-${level}-${number}`,
      topic,
      level,
      question: { en: `${topic} ${level} ${number}?`, zh: `${topic}${level}${number}？` },
      options: [
        { en: 'right', zh: '正确答案' },
        { en: 'wrong', zh: '错误答案' },
        { en: 'worse', zh: '更错的答案' },
      ],
      correct: 0,
      simulated: false,
    })),
  ),
);

beforeAll(async () => {
  services = await fixtureServices(db, (line) => expect.fail(line));
  await upsertQuestions(db, questions);
  // Too few for a test.
  await upsertQuestions(db, [{ ...questions[0]!, id: 'alone', topic: 'Music' }]);
});

async function learner(): Promise<Person> {
  const person = await Person.arrive(services);
  await person.presses('consent||recording:on');
  return person;
}

const current = (person: Person) => person.replies.find((reply) => reply.quiz)?.quiz;

/** Presses the right option of the question that stands, or another. */
async function answer(person: Person, right: boolean): Promise<string> {
  const { options, correct } = current(person)!;
  return person.presses(options[right ? correct : (correct + 1) % options.length]!.id);
}

describe('the placement test', () => {
  test('asks one question at a time, each with one right option, and is over when the level is clear', async () => {
    const ann = await learner();
    const begun = await ann.says('/quiz python');
    expect(begun).toContain('A short test in Python: 5 questions at most.');
    expect(begun).toMatch(/Question 1\nPython intermediate \d\?/);
    expect(current(ann)!.options).toHaveLength(3);
    const right = current(ann)!.options[current(ann)!.correct]!;
    expect(decodePress(right.id)?.value).toMatch(/^a:0:Python-intermediate-\d$/);
    expect(await answer(ann, true)).toMatch(/^Right!\n---\nQuestion 2/);
    await answer(ann, true);
    await answer(ann, true);
    const result = await answer(ann, true);
    expect(result).toContain('Python: 4 of 4 right. I take your level to be: Advanced.');
    expect(await ann.learner()).toMatchObject({ level: 'advanced', declaredTopics: ['Python'] });
    expect((await ann.log()).at(-1)).toMatchObject({
      type: 'assess',
      courseId: null,
      value: 1,
      circumstances: { topic: 'Python' },
    });
    expect(await ann.chooses('profile')).toContain(
      'Python 100%: you chose it; you took the placement test in it (100% right)',
    );
  });

  test('changes what is recommended: the topic comes to the front, and only what fits the level', async () => {
    const eve = await learner();
    await eve.presses('recommend');
    await eve.says('test my excel level');
    for (let turn = 0; turn < 3; turn++) await answer(eve, false);
    expect((await eve.learner()).level).toBe('beginner');
    await eve.presses('recommend');
    const shown = eve.courses.map((id) => services.catalogue.get(id)!);
    expect(shown[0]!.topics).toEqual(['Excel']);
    expect(shown.map(({ level }) => level)).not.toContain('advanced');
    expect((await eve.log()).filter(({ type }) => type === 'assess')).toMatchObject([{ value: 0 }]);
  });

  test('says which level it has put in the place of another, and takes it back', async () => {
    const ivy = await learner();
    await ivy.says('/quiz python');
    let result = '';
    while (current(ivy)) result = await answer(ivy, true);
    expect(result).not.toContain('until now');
    expect(ivy.buttons.filter((id) => id.startsWith('quiz||l'))).toEqual([]);
    await ivy.says('/quiz excel');
    while (current(ivy)) result = await answer(ivy, false);
    expect(result).toContain('I take your level to be: Beginner (until now: Advanced).');
    expect((await ivy.learner()).level).toBe('beginner');
    expect(await ivy.chooses('quiz||l%3Aadvanced')).toBe('Your level is: Advanced.');
    expect(await ivy.learner()).toMatchObject({ level: 'advanced', declaredTopics: ['Python', 'Excel'] });
  });

  test('a question that is over is over: an answer twice, or to another test, counts nothing', async () => {
    const bob = await learner();
    await bob.says('quiz me on excel');
    const [first] = current(bob)!.options;
    await bob.presses(first!.id);
    expect(await bob.presses(first!.id)).toBe('That question is over. Shall we begin a new test?');
    expect(await bob.presses('quiz||end')).toBe('The test is over, and nothing of it is kept.');
    expect(await bob.events()).not.toContain('assess');
    expect(await bob.learner()).toMatchObject({ level: null, declaredTopics: [] });
  });

  test('is answered in words too, or not known', async () => {
    const mei = await Person.arrive(services, 'zh');
    await mei.presses('consent||recording:on');
    expect(await mei.says('测一测我的Python水平')).toContain('“Python”水平小测：最多 5 题。');
    expect(await mei.says('正确答案')).toContain('答对了！');
    expect(await mei.says('不知道')).toContain('不对哦，答案是：正确答案');
    // What answers nothing is a request of its own, and the test waits.
    expect(await mei.says('我的优惠券')).not.toContain('第 4 题');
  });

  test('offers the topics that it has, the learner’s own first, and says where it has none', async () => {
    const kim = await learner();
    await kim.presses('onboard||topic+:Python');
    expect(await kim.says('/quiz')).toContain('What shall I test you in?');
    expect(kim.buttons).toEqual(['quiz||t%3APython', 'quiz||t%3AExcel']);
    expect(await kim.says('/quiz music')).toContain('I have no questions about “music”. I can test you in these:');
    expect(await kim.chooses('quiz||t%3AExcel')).toContain('A short test in Excel');
  });

  test('asks for leave to record first, and goes on from there', async () => {
    const eve = await Person.arrive(services);
    expect(await eve.says('/quiz excel')).toContain('you have not agreed to that yet');
    expect(await eve.presses('consent||recording:on')).toContain('A short test in Excel');
  });

  test('is done by presses alone where a platform forbids to learn from words', async () => {
    const dan = await learner();
    dan.around = { recordable: false };
    expect(await dan.says('quiz me on python')).toContain('only what you press');
    expect(current(dan)).toBeUndefined();
    dan.around = {};
    expect(await dan.chooses('quiz')).toContain('Question 1');
    dan.around = { recordable: false };
    expect(await dan.says('right')).not.toContain('Question 2');
  });
});

test('without any questions it says so', async () => {
  await db.prisma.quizQuestion.deleteMany();
  const ann = await learner();
  expect(await ann.says('/quiz python')).toBe('There is no placement test here yet.');
});
