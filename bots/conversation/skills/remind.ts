import type { Press, Reply } from '../../../core/language/reply.ts';
import { setReminder } from '../../../core/learner/store.ts';
import type { Context } from '../context.ts';
import { button, everywhere, named, rows, say } from '../say.ts';
import { defineSkill, type Answer, type Said } from '../skill.ts';
import { privateChat } from '../turn.ts';
import { clock, zoneName } from '../wording.ts';
import { keepPlace } from './consent.ts';

const hours = [7, 8, 12, 18, 19, 20, 21, 22];

/** A wish for one, not against it. */
const WISHES: readonly RegExp[] = [
  /^(?:please |pls |hey,? |(?:can|could|would|will) you (?:please )?|i(?:'d| would) (?:like|love) you to |i want you to )?remind me\b(?!.*\b(?:who|what|why|when|where|how)\b)/i,
  /^(?:please |i(?:'d| would)? (?:want|like|need) |can you |could you )*(?:set|create|add|make|turn on|give me)?\s?(?:me )?(?:up )?(?:a |an |my |the )?(?:daily |study |learning |lesson |course )*reminders?(?: on)?(?: (?:at|for|around|every|daily|to)\b.*)?$/i,
  /(?:提醒我|叫我|喊我|催我).*(?:学习|上课|看课|听课|打卡|学课|学$)/,
  /^(?:请|麻烦|帮我|可以|能)*(?:每天|每晚|每日|每天早上|每天晚上)?.{0,10}提醒我(?:一下|吧|吗)*$/,
  /^(?:我要|我想|帮我|请)*(?:设置?|设个|定|加)(?:一?个|一下)?(?:每天|每日|每晚)?.{0,8}提醒(?:吧)?$|^(?:请|帮我)*(?:开启|打开)(?:每天|每日|每晚)?.{0,4}(?:学习|上课|课程)(?:的)?提醒$/,
];
const AGAINST = /别|不|勿|甭|莫|取消|停止|停掉|关闭|关掉|免了|\b(?:don'?t|do not|never|no more|stop|not)\b/i;
const ENDS: readonly RegExp[] = [
  /^(?:please |can you |could you )*(?:turn off|switch off|cancel|stop|delete|remove|disable|end) (?:my |the |all |this )*(?:daily |study |learning |lesson |course )*reminders?$/i,
  /^(?:please )?(?:no|turn) (?:more )?(?:my |the |these )?(?:daily |study |learning |lesson )*reminders?(?: off)?(?: please)?$/i,
  /^(?:请|帮我|麻烦)*(?:取消|关闭|关掉|关了|停止|停掉|删除|不要|不用)(?:我的|每天的|每日|这个)*(?:学习|上课|课程)?(?:的)?提醒(?:了|吧)*$/,
];

/** One reminder a day at an hour that the learner chose; off as easily. */
export const remind = defineSkill({
  name: 'remind',
  presses: { remind: answer },
  phrases: [
    ...ENDS.map((pattern) => [pattern, offSaid] as const),
    ...WISHES.map((pattern) => [pattern, onSaid] as const),
  ],
  answers: {
    remind(context, said) {
      const hour = hourIn(said);
      if (hour !== undefined) return set(context, hour);
      return said.intent === 'no' ? context.press({ action: 'cancel' }) : undefined;
    },
  },
});

function answer(context: Context, { value = '' }: Press): Answer {
  const said = value.trim().toLowerCase();
  if (said === '') return [ask(context)];
  if (/^(?:off|stop|no|never|none|关|关闭|取消|停|停止)$/.test(said)) return off(context);
  const { hour } = context.services.understanding.understand(value, context.language).slots;
  const plain = /^\d{1,2}$/.test(said) && Number(said) <= 23 ? Number(said) : hour;
  return plain === undefined ? [ask(context)] : set(context, plain);
}

function ask({ state, learner, timeZone }: Context): Reply {
  state.question = { kind: 'remind' };
  const choices = hours.map((hour) => button({ action: 'remind', value: String(hour) }, everywhere(clock(hour))));
  const { reminderHour } = learner;
  return say('remind.ask', { zone: zoneName(timeZone), hour: reminderHour === null ? '' : clock(reminderHour) }, [
    ...rows(choices, 4),
    ...(reminderHour === null ? [] : [[named('remind-off', { action: 'remind', value: 'off' })]]),
  ]);
}

async function set(context: Context, hour: number): Promise<Reply[]> {
  const { services, turn, learner } = context;
  const place = { channel: turn.channel, chat: privateChat(turn) };
  context.learner = (await setReminder(services.db, { learnerId: learner.id, hour, ...place })) ?? learner;
  await keepPlace(context);
  return [
    say('remind.set', { hour: clock(hour), zone: zoneName(context.timeZone) }, [
      [named('remind-change', { action: 'remind' }), named('remind-off', { action: 'remind', value: 'off' })],
      [named('courses', { action: 'courses' })],
    ]),
  ];
}

async function off(context: Context): Promise<Reply[]> {
  const { services, turn, learner } = context;
  const place = { channel: turn.channel, chat: privateChat(turn) };
  context.learner = (await setReminder(services.db, { learnerId: learner.id, hour: null, ...place })) ?? learner;
  const { messages } = context.learner;
  return [
    say('remind.off', { messages }, [
      [named('remind-me', { action: 'remind' }), ...(messages ? [named('messages-off', { action: 'mute' })] : [])],
    ]),
  ];
}

/** What is said against reminders is none, however it is put. */
function onSaid(context: Context, said: Said): Answer | undefined {
  if (said.intent === 'mute' || AGAINST.test(said.text)) return undefined;
  const { hour } = said.slots;
  return hour === undefined ? [ask(context)] : set(context, hour);
}

/** Who has no reminder means our messages: that is another wish, and a greater one. */
function offSaid(context: Context): Answer | undefined {
  return context.learner.reminderHour === null ? undefined : off(context);
}

function hourIn({ slots, text }: Said): number | undefined {
  if (slots.hour !== undefined) return slots.hour;
  const plain = /^(\d{1,2})$/.exec(text.trim())?.[1];
  return plain !== undefined && Number(plain) <= 23 ? Number(plain) : undefined;
}
