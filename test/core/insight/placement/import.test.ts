import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FileError } from '../../../../core/behaviour/files.ts';
import { importQuestions } from '../../../../core/insight/placement/import.ts';
import { questionsOf, quizTopics } from '../../../../core/insight/placement/store.ts';
import { testDatabase } from '../../../setup/database.ts';

const db = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-questions-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const line = (id: string, change: object = {}) =>
  JSON.stringify({
    question_id: id,
    topic: 'Python',
    level: 'beginner',
    question_en: 'Which?',
    options_en: ['this', 'that'],
    answer: 2,
    ...change,
  });

function file(...lines: string[]): string {
  const name = path.join(folder, 'questions.jsonl');
  fs.writeFileSync(name, `\uFEFF${lines.join('\r\n')}\r\n`);
  return name;
}

test('questions are imported once, changed where they changed, and what can not be asked is counted with its lines', async () => {
  const first = await importQuestions(
    db,
    file(line('1'), line('2'), '', line('3', { answer: 9 }), 'nonsense', line('4', { answer: 3 })),
  );
  expect(first).toMatchObject({
    file: 'questions.jsonl',
    kind: 'questions',
    rows: 5,
    kept: { new: 2, changed: 0, unchanged: 0 },
    findings: [
      { text: 'answer: is the place of no option', treatment: 'left out', count: 2, lines: [4, 6] },
      { text: 'not valid JSON', treatment: 'left out', count: 1, lines: [5] },
    ],
  });
  // Two are too few for a test.
  expect(await quizTopics(db)).toEqual([]);
  const second = await importQuestions(db, file(line('1'), line('2', { level: 'advanced' }), line('3')));
  expect(second.kept).toEqual({ new: 1, changed: 1, unchanged: 1 });
  expect(await quizTopics(db)).toEqual(['Python']);
  expect((await questionsOf(db, 'Python')).map(({ id, level, correct }) => [id, level, correct])).toEqual([
    ['1', 'beginner', 1],
    ['2', 'advanced', 1],
    ['3', 'beginner', 1],
  ]);
});

test('a file that is not there says so', async () => {
  await expect(importQuestions(db, path.join(folder, 'none.jsonl'))).rejects.toThrow(FileError);
});
