import fs from 'node:fs/promises';
import { readQuestion, type QuizQuestion } from './question.ts';

export interface QuestionFile {
  questions: QuizQuestion[];
  /** Lines (from 1) that can not be used, each with why. */
  refused: { line: number; problem: string }[];
}

/** Reads a JSON lines file of questions, UTF-8. @throws what reading the file throws. */
export async function readQuestionFile(file: string, simulated = false): Promise<QuestionFile> {
  const text = (await fs.readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  const found: QuestionFile = { questions: [], refused: [] };
  text.split(/\r?\n/).forEach((json, at) => {
    if (json.trim() === '') return;
    const read = readQuestion(json, simulated);
    if (read.ok) found.questions.push(read.question);
    else found.refused.push({ line: at + 1, problem: read.problem });
  });
  return found;
}
