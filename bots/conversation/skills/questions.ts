import { answerQuestion, findQuestion, openQuestions } from '../../../core/campaign/question/store.ts';
import type { Question as Asked } from '../../../core/campaign/question/question.ts';
import { momentText } from '../../../core/language/moment.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { linkFor } from '../exposed.ts';
import type { Context } from '../context.ts';
import { answering, isRefusal } from '../managing.ts';
import { named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';

const PAGE = 5;
const LONGEST_ANSWER = 2000;

/** What learners asked a person, for managers, where nobody else reads. */
export const questions = defineSkill({
  name: 'questions',
  open: true,
  presses: {
    questions: (context, press) => asManager(context, () => list(context, press)),
    answer: (context, press) => asManager(context, () => answer(context, press)),
  },
  answers: {
    answer: (context, { text: words, intent }, { value }) =>
      intent === 'no' ? undefined : asManager(context, () => send(context, Number(value), words)),
  },
});

async function asManager(context: Context, work: () => Promise<Reply[]>): Promise<Reply[]> {
  const manager = await answering(context);
  if (isRefusal(manager)) return [manager];
  if (!context.exposed) return work();
  const link = linkFor(context, { action: 'questions' }, 'button.private');
  return [say('questions.private', {}, link && [[link]])];
}

/** @param press value: the number after which the page begins. */
async function list(context: Context, { value }: Press): Promise<Reply[]> {
  const after = Number(value) > 0 ? Math.floor(Number(value)) : 0;
  const { questions: page, total } = await openQuestions(context.services.db, {
    now: context.now,
    limit: PAGE + 1,
    after,
  });
  if (page.length === 0) return [say('questions.none')];
  const shown = page.slice(0, PAGE);
  const more =
    page.length > PAGE
      ? [say('list.more', {}, [[named('more', { action: 'questions', value: String(shown.at(-1)!.number) })]])]
      : [];
  return [say('questions', { count: total }), ...shown.map((one) => item(context, one)), ...more];
}

function item(context: Context, { number, words, askedAt, sentiment }: Asked): Reply {
  const unhappy = sentiment === 'negative' ? text('questions.unhappy') : '';
  return say('questions.item', { number, words: words ?? '', at: momentText(askedAt, context.timeZone), unhappy }, [
    [named('answer', { action: 'answer', value: String(number) })],
  ]);
}

/** `/answer 12 words`, or the button, which asks for the words. */
async function answer(context: Context, { value = '' }: Press): Promise<Reply[]> {
  const [, digits = '', words = ''] = /^#?(\d{1,15})\s*(.*)$/s.exec(value.trim()) ?? [];
  if (digits === '') return [say('questions.how')];
  if (words !== '') return send(context, Number(digits), words);
  const question = await findQuestion(context.services.db, Number(digits));
  if (!question) return [say('question.unknown', { number: Number(digits) })];
  if (question.answeredAt) return [say('question.answered', { number: question.number })];
  context.state.question = { kind: 'answer', value: String(question.number) };
  return [say('questions.ask-answer', { number: question.number }, [[named('cancel', { action: 'cancel' })]])];
}

async function send(context: Context, number: number, words: string): Promise<Reply[]> {
  const { services, now } = context;
  const sent = await answerQuestion(services.db, { number, words: words.slice(0, LONGEST_ANSWER), now });
  if (!sent.ok) return [say(sent.error, { number })];
  return [say('questions.sent', { number }, [[named('questions', { action: 'questions' })]])];
}
