import type { Command } from 'commander';

/** Questions of one listing. */
const LISTED = 100;

export function registerQuestions(program: Command): void {
  const questions = program
    .command('questions')
    .description('What learners asked a person; the words are kept until they are answered, 30 days at most')
    .action(async () => {
      const { UserError } = await import('../explain.ts');
      throw new UserError(questions.helpInformation());
    });

  questions
    .command('list')
    .option('--json', 'print JSON')
    .description('Questions that wait for an answer, oldest first')
    .action(list);

  questions
    .command('answer')
    .argument('<number>')
    .argument('<words...>')
    .description('Answer one: a running server sends it to whoever asked, on the channel that they used last')
    .action(answer);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { withDatabase } = await import('../database.ts');
  const { openQuestions } = await import('../../core/campaign/question/store.ts');
  const { questions, total } = await withDatabase((db) => openQuestions(db, { now: new Date(), limit: LISTED }));
  if (json) {
    console.log(JSON.stringify(questions, null, 2));
    return;
  }
  if (total === 0) {
    console.log('No question waits for an answer.');
    return;
  }
  const { minute } = await import('../terminal.ts');
  for (const { number, askedAt, words } of questions)
    console.log(`${number}  ${minute(askedAt)} UTC\n   ${(words ?? '').replaceAll(/\p{Cc}/gu, ' ')}`);
  if (total > questions.length) console.log(`… and ${total - questions.length} more`);
}

async function answer(number: string, words: string[]): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { withDatabase } = await import('../database.ts');
  const { answerQuestion } = await import('../../core/campaign/question/store.ts');
  if (!/^\d{1,15}$/.test(number)) throw new UserError(`"${number}" is no number: coursebell questions list shows them`);
  const said = words.join(' ').trim();
  if (said === '') throw new UserError('The answer has no words');
  const sent = await withDatabase((db) => answerQuestion(db, { number: Number(number), words: said, now: new Date() }));
  if (!sent.ok) {
    throw new UserError(
      sent.error === 'question.answered'
        ? `Question ${number} has been answered already`
        : `There is no question ${number}: coursebell questions list shows them`,
    );
  }
  console.log(`The answer to question ${number} goes out with the running server.`);
}
