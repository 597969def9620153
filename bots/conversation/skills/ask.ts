import { askQuestion } from '../../../core/campaign/question/store.ts';
import { MOST_OPEN, QUESTION_DAYS } from '../../../core/campaign/question/question.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { confirmWords } from '../asking.ts';
import type { Context } from '../context.ts';
import { named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Said } from '../skill.ts';

/** A question to a person. Nothing is handed over without the press that says so. */
export const ask = defineSkill({
  name: 'ask',
  presses: { ask: answer },
  phrases: [
    [
      /^(?:(?:i )?(?:want|need|would like|'d like)(?: to)? )?(?:(?:please |can i |could i |let me )?(?:talk|speak|chat) (?:to|with) (?:a |an |some)?(?:human|person|people|someone|somebody|real person|agent|teacher|manager|staff)|(?:a )?(?:human|real person|(?:customer )?support|customer service)(?: please)?)$/i,
      (context) => [prompt(context)],
    ],
    [
      /^(?:我[要想]?|请|帮我|能不能|可以)*(?:转|找|联系|换|跟|和)?(?:一?[个下])?(?:人工(?:客服|服务)?|真人|客服|管理员|老师)(?:聊聊|说话|帮忙|回答|来)?(?:吧|吗)?$/,
      (context) => [prompt(context)],
    ],
    [
      /^(?:我(?:想|要|想要)?)?(?:投诉|反馈(?:问题|意见)?|提(?:个)?意见)$|^(?:(?:i )?(?:want|need|would like|'d like) to )?(?:make a complaint|complain)$/i,
      (context) => [prompt(context)],
    ],
  ],
  answers: {
    ask: (context, said) => (said.intent === 'no' ? undefined : [confirmWords(context, said)]),
  },
});

async function answer(context: Context, { value = '' }: Press): Promise<Reply[]> {
  if (value === '') return [prompt(context)];
  if (value !== 'send') return [confirmWords(context, understood(context, value))];
  const { services, learner, now, state } = context;
  const { asking } = state;
  delete state.asking;
  if (!asking) return [prompt(context)];
  const number = await askQuestion(services.db, {
    learnerId: learner.id,
    words: asking.words,
    ...(asking.intent !== undefined && { intent: asking.intent }),
    ...(asking.sentiment !== undefined && { sentiment: asking.sentiment }),
    now,
  });
  if (number === undefined) return [say('learner.gone')];
  if (number === 'full') return [say('ask.full', { count: MOST_OPEN }, [shortcuts.slice(0, 2)])];
  return [say('ask.sent', { number, days: QUESTION_DAYS }, [shortcuts.slice(0, 2)])];
}

function prompt({ state }: Context): Reply {
  state.question = { kind: 'ask' };
  return say('ask.prompt', { days: QUESTION_DAYS }, [[named('cancel', { action: 'cancel' })]]);
}

function understood({ services, language }: Context, text: string): Said {
  return { ...services.understanding.understand(text, language), text };
}
