import { topicName } from '../../../core/language/topic-name.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { effectiveHour } from '../../../core/campaign/push.ts';
import { parseTimeZone } from '../../../core/learner/time-zone.ts';
import type { Context } from '../context.ts';
import { button, everywhere, named, rows, say, text } from '../say.ts';
import { defineSkill, type Said } from '../skill.ts';
import { pageOf, toggled, topicPicker } from '../topics.ts';
import { clock, joined, zoneName } from '../wording.ts';

const hours = [7, 8, 9, 12, 18, 19, 20, 21];
const quietHours = [
  [22, 8],
  [23, 7],
  [21, 9],
  [0, 0],
] as const;
/** Zones to press, each with its city in the catalogues. */
const zones = [
  ['Asia/Shanghai', 'shanghai'],
  ['Asia/Tokyo', 'tokyo'],
  ['Asia/Singapore', 'singapore'],
  ['Europe/London', 'london'],
  ['Europe/Berlin', 'berlin'],
  ['America/New_York', 'new-york'],
  ['America/Los_Angeles', 'los-angeles'],
  ['UTC', 'utc'],
] as const;

const ZONE = /time ?zone|时区/i;
const ZONE_NAME = /(?:\bto|\bis|改成|改为|设成|设为|换成|是|[:：])\s*(.{2,40})$/i;
const NOT = /\b(?:no|not|don'?t|never|nothing|quiet)\b|别|不|勿/i;
const AFTER = /\b(?:after|later than|from)\b|以后|之后|过后/i;
const BEFORE = /\b(?:before|earlier than|until)\b|以前|之前/i;

/** "Quiet from 10 pm to 7 am", "免打扰 23:00-07:00". */
const QUIET =
  /(?:quiet|disturb|免打扰|勿扰).*?(\d{1,2})(?::00|点)?\s*(pm)?(?:am)?\s*(?:[-–—~～到至]|to|until)\D*?(\d{1,2})(?::00|点)?\s*(pm)?/i;

const settingsPress = (value: string): Press => ({ action: 'settings', value });

/** When and about what messages come. Whether they come at all is a consent, see `consent`. */
export const settings = defineSkill({
  name: 'settings',
  presses: {
    settings(context, { value = '' }) {
      const [what = '', ...rest] = value.split(':');
      return change(context, what, rest.join(':'));
    },
  },
  intents: {
    settings(context, { slots: { hour }, text: said }) {
      if (ZONE.test(said)) return change(context, 'zone', ZONE_NAME.exec(said)?.[1] ?? '');
      const quiet = QUIET.exec(said);
      if (quiet) return setQuiet(context, `${onClock(quiet[1]!, quiet[2])}-${onClock(quiet[3]!, quiet[4])}`);
      if (hour === undefined) return [overview(context)];
      // "Nothing after nine" says when to be quiet, not when to write.
      const { quietFrom, quietTo } = context.learner;
      if (NOT.test(said) && AFTER.test(said)) return setQuiet(context, `${hour}-${quietTo}`);
      if (NOT.test(said) && BEFORE.test(said)) return setQuiet(context, `${quietFrom}-${hour}`);
      return change(context, 'hour', String(hour));
    },
  },
  answers: { zone: (context, said) => zoneInWords(context, said), hour: hourInWords },
});

async function change(context: Context, what: string, value: string): Promise<Reply[]> {
  switch (what) {
    case 'hour':
      return value === '' ? [askHour(context)] : setHour(context, Number(value));
    case 'quiet':
      return value === '' ? [askQuiet()] : setQuiet(context, value);
    case 'zone':
      return value === '' ? [askZone(context)] : setZone(context, value);
    case 'topics':
      return [askTopics(context, 0)];
    case 'page':
      return [askTopics(context, Number(value))];
    case 'topic+':
    case 'topic-': {
      const topics = context.services.catalogue.topics();
      await context.update({ messageTopics: toggled(context.learner.messageTopics, value, what === 'topic+', topics) });
      return [askTopics(context, pageOf(topics, value))];
    }
    case 'all-topics':
      await context.update({ messageTopics: [] });
      return [overview(context)];
    default:
      return [overview(context)];
  }
}

function overview({ learner, timeZone }: Context): Reply {
  const { messages, pushHour, messageTopics } = learner;
  return say(
    messages ? 'settings' : 'settings.off',
    {
      hour: clock(pushHour),
      quiet: quietText(learner.quietFrom, learner.quietTo),
      zone: zoneName(timeZone),
      topics: messageTopics.length > 0 ? joined(messageTopics.map(topicName)) : text('settings.all-topics'),
      moved: effectiveHour(learner) === pushHour ? '' : clock(effectiveHour(learner)),
    },
    [
      [
        messages
          ? named('messages-off', { action: 'mute' })
          : named('messages-on', { action: 'consent', value: 'messages:on' }),
      ],
      [named('hour', settingsPress('hour')), named('quiet', settingsPress('quiet'))],
      [named('zone', settingsPress('zone')), named('message-topics', settingsPress('topics'))],
      [named('language', { action: 'language' }), named('privacy', { action: 'privacy' })],
    ],
  );
}

function askHour({ state }: Context): Reply {
  state.question = { kind: 'hour' };
  return say(
    'settings.ask-hour',
    {},
    rows(
      hours.map((hour) => button(settingsPress(`hour:${hour}`), everywhere(clock(hour)))),
      4,
    ),
  );
}

async function setHour(context: Context, hour: number): Promise<Reply[]> {
  if (!Number.isInteger(hour) || hour < 0 || hour > 23) return [askHour(context)];
  await context.update({ pushHour: hour });
  return [overview(context)];
}

function hourInWords(context: Context, said: Said) {
  const hour = said.slots.hour ?? (/^\d{1,2}$/.test(said.text) ? Number(said.text) : undefined);
  return hour === undefined ? undefined : setHour(context, hour);
}

function askQuiet(): Reply {
  const choices = quietHours.map(([from, to]) => button(settingsPress(`quiet:${from}-${to}`), quietText(from, to)));
  return say('settings.ask-quiet', {}, rows(choices, 2));
}

async function setQuiet(context: Context, value: string): Promise<Reply[]> {
  const [from, to] = value.split('-').map(Number);
  const isHour = (hour: number | undefined) => Number.isInteger(hour) && hour! >= 0 && hour! <= 23;
  if (!isHour(from) || !isHour(to)) return [askQuiet()];
  await context.update({ quietFrom: from!, quietTo: to! });
  return [overview(context)];
}

const onClock = (hour: string, afternoon: string | undefined): number =>
  afternoon !== undefined && Number(hour) < 12 ? Number(hour) + 12 : Number(hour);

function quietText(from: number, to: number) {
  return from === to ? text('settings.no-quiet') : everywhere(`${clock(from)}–${clock(to)}`);
}

function askZone({ state, timeZone }: Context): Reply {
  state.question = { kind: 'zone' };
  const choices = zones.map(([zone, city]) => button(settingsPress(`zone:${zone}`), text(`city.${city}`)));
  return say('settings.ask-zone', { zone: zoneName(timeZone) }, rows(choices, 4));
}

async function setZone(context: Context, name: string): Promise<Reply[]> {
  const zone = parseTimeZone(name);
  if (zone === undefined) {
    context.state.question = { kind: 'zone' };
    return [say('settings.unknown-zone', { name: name.slice(0, 60) }), askZone(context)];
  }
  await context.update({ timeZone: zone });
  return [overview(context)];
}

function zoneInWords(context: Context, { text: words, intent }: Said) {
  if (parseTimeZone(words) !== undefined || intent === 'other') return setZone(context, words);
  return undefined;
}

function askTopics({ learner, services }: Context, page: number): Reply {
  const picker = topicPicker(services.catalogue.topics(), learner.messageTopics, page, settingsPress);
  return say('settings.ask-topics', { count: learner.messageTopics.length }, [
    ...picker,
    [named('all-topics', settingsPress('all-topics')), named('done', { action: 'settings' })],
  ]);
}
