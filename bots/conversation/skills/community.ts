import { setCommunitySettings, type Community } from '../../../core/campaign/community/store.ts';
import type { PicksSettings, SettingsPatch } from '../../../core/campaign/community/settings.ts';
import {
  languages,
  type Button,
  type Language,
  type Press,
  type Reply,
  type Text,
} from '../../../core/language/reply.ts';
import { parseTimeZone } from '../../../core/learner/time-zone.ts';
import type { Context } from '../context.ts';
import { isRefusal, managed } from '../managing.ts';
import { button, everywhere, named, rows, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { clock, zoneName } from '../wording.ts';

const hours = [8, 9, 10, 12, 15, 18, 20, 21];
/** When picks come if nobody says more: Monday, ten o'clock. */
const DEFAULT_PICKS = { weekday: 1, hour: 10 };

const what: Readonly<Record<string, 'language' | 'picks' | 'discussion' | 'role' | 'questions'>> = {
  ...{ language: 'language', 语言: 'language', picks: 'picks', 精选: 'picks', 推荐: 'picks' },
  ...{
    discussion: 'discussion',
    讨论: 'discussion',
    role: 'role',
    角色: 'role',
    questions: 'questions',
    提问: 'questions',
  },
};
const languageNames: Readonly<Record<string, Language>> = {
  ...{ zh: 'zh', chinese: 'zh', 中文: 'zh', en: 'en', english: 'en', 英文: 'en', 英语: 'en' },
};
const OFF = /^(?:off|no|关|关闭|停)$/i;
const ON = /^(?:on|yes|开|开启)$/i;
const HERE = /^(?:here|这里|本群|此处)$/i;

const set = (value: string): Press => ({ action: 'community', value });

/** What the managers of a community set, by buttons or by words: `/community picks fri 18:00`. */
export const community = defineSkill({
  name: 'community',
  open: true,
  presses: {
    async community(context, { value = '' }) {
      const manager = await managed(context);
      return isRefusal(manager) ? [manager] : [await change(context, manager, value)];
    },
  },
});

async function change(context: Context, manager: Community, value: string): Promise<Reply> {
  const [word = '', ...args] = value.trim().split(/\s+/);
  switch (what[word.toLowerCase()]) {
    case 'language':
      return setLanguage(context, manager, args[0]);
    case 'picks':
      return setPicks(context, manager, args);
    case 'discussion':
      return manager.channel === 'discord'
        ? setPlace(context, manager, 'discussion', args[0])
        : say('community.only-discord');
    case 'questions':
      return setPlace(context, manager, 'questions', args[0]);
    case 'role':
      return setRole(context, manager, args[0]);
    default:
      return word === '' ? overview(context, manager) : unclear(word);
  }
}

/** Keeps a change, and shows what is set now. */
async function keep(context: Context, manager: Community, patch: SettingsPatch): Promise<Reply> {
  const changed = await setCommunitySettings(context.services.db, manager.id, patch);
  return overview(context, changed ?? manager);
}

function overview(context: Context, { title, settings, channel }: Community): Reply {
  const { picks, language } = settings;
  const place = (thread: string | undefined): Text => placeName(context, thread);
  return say(
    'community',
    {
      title,
      language: language ? text(`language.${language}`) : text('community.no-language'),
      picks: picks
        ? text('community.picks-when', {
            day: text(`weekday.${picks.weekday}`),
            hour: clock(picks.hour),
            zone: zoneName(picks.zone),
            place: place(picks.thread ?? ''),
          })
        : text('state.off'),
      discussion: channel === 'discord' ? place(settings.discussion) : '',
      questions: place(settings.questions),
      role: channel === 'discord' ? (settings.rewardRole ?? text('state.off')) : '',
    },
    [
      languages.map((one) => button(set(`language ${one}`), text(`language.${one}`))),
      picks
        ? [
            named('picks-day', set('picks day')),
            named('picks-hour', set('picks hour')),
            named('picks-here', set('picks here')),
            named('picks-off', set('picks off')),
          ]
        : [named('picks-on', set('picks on'))],
      [
        ...(channel === 'discord' ? [toggle(settings.discussion, 'discussion')] : []),
        toggle(settings.questions, 'questions'),
        ...(settings.rewardRole === undefined ? [] : [named('role-off', set('role off'))]),
      ],
    ],
  );
}

const toggle = (thread: string | undefined, name: 'discussion' | 'questions'): Button =>
  thread === undefined ? named(`${name}-here`, set(`${name} here`)) : named(`${name}-off`, set(`${name} off`));

function placeName({ turn }: Context, thread: string | undefined): Text {
  if (thread === undefined) return text('state.off');
  if (thread === (turn.group?.thread ?? '')) return text('community.here');
  return thread === '' ? text('community.main') : text('community.thread', { thread });
}

function setLanguage(context: Context, manager: Community, word = ''): Promise<Reply> | Reply {
  if (word === '') return overview(context, manager);
  const language = languageNames[word.toLowerCase()];
  return language ? keep(context, manager, { language }) : unclear(word);
}

// ── weekly picks ────────────────────────────────────────────────────────────

const days: readonly RegExp[] = [
  /^(?:mon(?:day)?|周一|星期一|1)$/i,
  /^(?:tue(?:sday)?|周二|星期二|2)$/i,
  /^(?:wed(?:nesday)?|周三|星期三|3)$/i,
  /^(?:thu(?:rsday)?|周四|星期四|4)$/i,
  /^(?:fri(?:day)?|周五|星期五|5)$/i,
  /^(?:sat(?:urday)?|周六|星期六|6)$/i,
  /^(?:sun(?:day)?|周日|周天|星期[日天]|7)$/i,
];

async function setPicks(context: Context, manager: Community, args: readonly string[]): Promise<Reply> {
  const [first = '', second] = args;
  if (OFF.test(first)) return keep(context, manager, { picks: null });
  if (first === 'day' && second === undefined) return askDay();
  if (first === 'hour' && second === undefined) return askHour();
  const picks: PicksSettings = manager.settings.picks ?? {
    ...DEFAULT_PICKS,
    zone: context.services.timeZone,
    ...hereOf(context),
  };
  let wanted: PicksSettings = picks;
  for (const [index, word] of args.entries()) {
    if (word === 'day' || word === 'hour' || ON.test(word)) continue;
    const next = withWord(context, wanted, word, args[index - 1]);
    if (!next) return unclear(word);
    wanted = next;
  }
  return keep(context, manager, { picks: wanted });
}

/** The settings with what one word says: a day, an hour, a zone, a place. */
function withWord(
  context: Context,
  picks: PicksSettings,
  word: string,
  before: string | undefined,
): PicksSettings | undefined {
  const { weekday, hour: at, zone: of } = picks;
  const anywhere = { weekday, hour: at, zone: of };
  if (HERE.test(word)) return { ...anywhere, ...hereOf(context) };
  const hour = before === 'hour' ? /^(\d{1,2})$/.exec(word) : /^(\d{1,2})(?::00|点|时)$/.exec(word);
  if (hour && Number(hour[1]) < 24) return { ...picks, hour: Number(hour[1]) };
  const day = days.findIndex((names) => names.test(word));
  if (day >= 0) return { ...picks, weekday: day + 1 };
  const thread = threadIn(word);
  if (thread !== undefined) return { ...anywhere, thread };
  const zone = parseTimeZone(word);
  return zone === undefined ? undefined : { ...picks, zone };
}

function askDay(): Reply {
  const choices = days.map((_, index) => button(set(`picks day ${index + 1}`), text(`weekday.${index + 1}`)));
  return say('community.ask-day', {}, rows(choices, 4));
}

function askHour(): Reply {
  const choices = hours.map((hour) => button(set(`picks hour ${hour}`), everywhere(clock(hour))));
  return say('community.ask-hour', {}, rows(choices, 4));
}

// ── places and roles ────────────────────────────────────────────────────────

function setPlace(
  context: Context,
  manager: Community,
  name: 'discussion' | 'questions',
  word = '',
): Promise<Reply> | Reply {
  if (word === '') return overview(context, manager);
  if (OFF.test(word)) return keep(context, manager, { [name]: null });
  if (HERE.test(word) || ON.test(word)) return keep(context, manager, { [name]: context.turn.group?.thread ?? '' });
  const thread = threadIn(word);
  return thread === undefined ? unclear(word) : keep(context, manager, { [name]: thread });
}

function setRole(context: Context, manager: Community, word = ''): Promise<Reply> | Reply {
  if (manager.channel !== 'discord') return say('community.only-discord');
  if (word === '') return overview(context, manager);
  if (OFF.test(word)) return keep(context, manager, { rewardRole: null });
  const role = /^(?:<@&)?(\d{15,21})>?$/.exec(word)?.[1];
  return role === undefined ? unclear(word) : keep(context, manager, { rewardRole: role });
}

function hereOf({ turn }: Context): { thread?: string } {
  return turn.group?.thread === undefined ? {} : { thread: turn.group.thread };
}

/** The id of a topic or channel, also as Discord writes its mention. */
function threadIn(word: string): string | undefined {
  return /^(?:<#)?(\d{2,24})>?$/.exec(word)?.[1];
}

const unclear = (word: string): Reply => say('community.unclear', { word: word.slice(0, 60) });
