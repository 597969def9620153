import { expect, it } from 'vitest';
import { readQuestion } from '../../../../core/insight/placement/question.ts';

const row = {
  question_id: 'py-1',
  topic: 'Python',
  level: 'beginner',
  question_zh: '哪个是列表？',
  question_en: 'Which one is a list?',
  options_zh: ['[1]', '(1,)', '{1}'],
  options_en: ['[1]', '(1,)', '{1}'],
  answer: 1,
};
const read = (change: object) => readQuestion(JSON.stringify({ ...row, ...change }));

it('reads a question in both languages or one', () => {
  expect(read({})).toEqual({
    ok: true,
    question: {
      id: 'py-1',
      topic: 'Python',
      level: 'beginner',
      question: { zh: '哪个是列表？', en: 'Which one is a list?' },
      options: [
        { zh: '[1]', en: '[1]' },
        { zh: '(1,)', en: '(1,)' },
        { zh: '{1}', en: '{1}' },
      ],
      correct: 0,
      simulated: false,
    },
  });
  expect(read({ question_zh: undefined, options_zh: undefined })).toMatchObject({
    ok: true,
    question: { question: { en: 'Which one is a list?' }, options: [{ en: '[1]' }, {}, {}] },
  });
});

it.each([
  [{ level: 'expert' }, 'level: '],
  [{ answer: 4 }, 'answer: is the place of no option'],
  [{ answer: 0 }, 'answer: '],
  [{ options_en: ['[1]', '(1,)'] }, 'options_en: must have as many options'],
  [{ options_en: undefined }, 'options_en: goes with question_en'],
  [{ options_en: ['a', 'a', 'b'] }, 'options_en: has an option twice'],
  [{ question_en: 'x'.repeat(301) }, 'question_en: '],
  [{ hint: 'no' }, 'line: '],
])('refuses what can not be asked: %j', (change, problem) => {
  const answer = read(change);
  expect(answer.ok ? '' : answer.problem).toContain(problem);
});

it('refuses what is no JSON', () => {
  expect(readQuestion('{')).toEqual({ ok: false, problem: 'not valid JSON' });
});
