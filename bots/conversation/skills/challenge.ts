import { standingsText } from '../../../core/campaign/challenge/closing.ts';
import {
  challengeFromJson,
  challengeFromWords,
  challengeJson,
  type ChallengePlan,
  type ParsedChallenge,
} from '../../../core/campaign/challenge/plan.ts';
import { endsAt, LEADERS, standingsOf, type Challenge } from '../../../core/campaign/challenge/standing.ts';
import {
  challengesOf,
  createChallenge,
  findChallenge,
  membersOf,
  openChallenges,
  stopChallenge,
} from '../../../core/campaign/challenge/store.ts';
import { writePosts, type Community } from '../../../core/campaign/community/store.ts';
import { decodePress, type Press, type Reply } from '../../../core/language/reply.ts';
import { membershipReply, openButtons } from '../challenges.ts';
import type { Context } from '../context.ts';
import { isRefusal, managed } from '../managing.ts';
import { button, named, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Answer } from '../skill.ts';
import type { Turn } from '../turn.ts';
import { zoneName } from '../wording.ts';

/** Before the plan that a confirming button carries, and before the id of the challenge to stop or to see. */
const START = 'go:';
const STOP = 'stop:';
const SHOW = 'show:';

/** Check-in challenges of a community: managers start and stop them, everybody sees how they stand. */
export const challenge = defineSkill({
  name: 'challenge',
  open: true,
  presses: { challenge: answer },
  phrases: [
    [
      /^(?:(?:the |a |my )?(?:check[- ]?in )?challenges?|(?:show |see )?(?:the )?leaderboard)$/i,
      (context) => answer(context, { action: 'challenge' }),
    ],
    [
      /^(?:打卡|学习|签到)?(?:挑战赛?|排行榜|打卡活动)(?:怎么样|情况|进度)?$/,
      (context) => answer(context, { action: 'challenge' }),
    ],
  ],
});

function answer(context: Context, { value = '' }: Press): Answer {
  const { attachment } = context.turn;
  const [, verb = '', words = ''] = /^(\S*)\s*([\s\S]*)$/.exec(value.trim()) ?? [];
  if (value.startsWith(START)) return start(context, value.slice(START.length));
  if (value.startsWith(SHOW)) return board(context, value.slice(SHOW.length));
  if (value.startsWith(STOP)) return stop(context, value.slice(STOP.length));
  if (/^(?:start|new|create|开始|发起|新建)$/i.test(verb)) return propose(context, words, attachment?.content);
  if (/^(?:stop|end|cancel|停止|结束|取消)$/i.test(verb)) return askStop(context);
  if (attachment && verb === '') return propose(context, '', attachment.content);
  return context.turn.group ? status(context, context.turn.group) : mine(context);
}

// ── for managers ────────────────────────────────────────────────────────────

/** Shows what would be started; nothing is until the button is pressed. */
async function propose(context: Context, words: string, json: string | undefined): Promise<Reply[]> {
  const where = await managed(context);
  if (isRefusal(where)) return [where];
  const options = { now: context.now, timeZone: zoneOf(context, where) };
  const parsed: ParsedChallenge =
    words.trim() === '' && json !== undefined ? challengeFromJson(json, options) : challengeFromWords(words, options);
  if (!parsed.ok) return [say(`challenge.problem.${parsed.problem}`), say('challenge.usage')];
  const { plan } = parsed;
  return [
    say('challenge.propose', { ...wordsOf(plan), community: where.title }, [
      [
        named('challenge-start', { action: 'challenge', value: `${START}${challengeJson(plan)}` }),
        named('cancel', { action: 'cancel' }),
      ],
    ]),
  ];
}

async function start(context: Context, json: string): Promise<Reply[]> {
  const community = await managed(context);
  if (isRefusal(community)) return [community];
  const { services, now, turn } = context;
  const parsed = challengeFromJson(json, { now, timeZone: zoneOf(context, community) });
  if (!parsed.ok) return [say(`challenge.problem.${parsed.problem}`), say('challenge.usage')];
  const { plan } = parsed;
  const made = await createChallenge(services.db, {
    id: context.key('challenge'),
    communityId: community.id,
    plan,
    now,
  });
  if (!made.ok)
    return made.error === 'challenge.exists'
      ? [say('challenge.exists', { name: plan.name })]
      : [say('manager.untrusted', { id: community.id })];
  await writePosts(
    services.db.pool,
    [
      {
        idempotencyKey: `challenge:${made.challenge.id}:opened`,
        communityId: community.id,
        thread: turn.group?.thread,
        reply: { text: text('challenge.opened', wordsOf(plan)), buttons: openButtons(made.challenge) },
        circumstances: { list: 'challenge' },
        notBefore: now,
        expiresAt: endsAt(plan),
      },
    ],
    now,
  );
  return [say('challenge.started', { name: plan.name, community: community.title })];
}

async function askStop(context: Context): Promise<Reply[]> {
  const where = await managed(context);
  if (isRefusal(where)) return [where];
  const open = await openChallenges(context.services.db, where.id);
  if (open.length === 0) return [say('challenge.none')];
  const stops = open.map(({ id, name }) => [
    button({ action: 'challenge', value: `${STOP}${id}` }, text('button.challenge-stop', { name })),
  ]);
  return [say('challenge.ask-stop', {}, [...stops, [named('cancel', { action: 'cancel' })]])];
}

async function stop(context: Context, id: string): Promise<Reply[]> {
  const where = await managed(context);
  if (isRefusal(where)) return [where];
  const found = await findChallenge(context.services.db, id);
  if (found?.communityId !== where.id) return [say('challenge.none')];
  const stopped = await stopChallenge(context.services.db, id);
  return [stopped ? say('challenge.stopped', { name: stopped.name }) : say('challenge.over', { name: found.name })];
}

/** The zone that the community's own posts keep, else the manager's. */
const zoneOf = (context: Context, { settings }: Community): string => settings.picks?.zone ?? context.timeZone;

const wordsOf = (plan: ChallengePlan) => ({
  name: plan.name,
  firstDay: plan.firstDay,
  lastDay: plan.lastDay,
  zone: zoneName(plan.timeZone),
  needed: plan.daysNeeded,
  percent: plan.percent,
  couponDays: plan.couponDays,
});

// ── for everybody ───────────────────────────────────────────────────────────

async function status(context: Context, { id, admin }: NonNullable<Turn['group']>): Promise<Reply[]> {
  const open = await openChallenges(context.services.db, id);
  if (open.length === 0) return [say(admin ? 'challenge.none-yet' : 'challenge.none')];
  return Promise.all(open.map((each) => standingReply(context, each)));
}

async function standingReply(context: Context, challenge: Challenge): Promise<Reply> {
  const members = await membersOf(context.services.db.pool, challenge);
  const over = context.now >= endsAt(challenge);
  return {
    text: standingsText(
      over ? 'challenge.counting' : 'challenge.standing',
      challenge,
      standingsOf(members, challenge.daysNeeded, LEADERS),
    ),
    buttons: over ? [] : openButtons(challenge),
  };
}

/** The leaderboard, for members where nobody else reads. */
async function board(context: Context, id: string): Promise<Reply[]> {
  const { services, learner, turn } = context;
  const found = await findChallenge(services.db, id);
  const here = found !== undefined && found.communityId === turn.group?.id;
  const within = (await challengesOf(services.db, learner.id)).some(({ challenge }) => challenge.id === found?.id);
  if (!found || !(here || within)) return [say('challenge.none')];
  const standing = await standingReply(context, found);
  if (!within || context.exposed) return [standing];
  // Who is in it has nothing to join.
  const buttons = standing.buttons?.map((row) => row.filter(({ id: press }) => decodePress(press)?.action !== 'enter'));
  return [{ ...standing, ...(buttons && { buttons }) }];
}

/** The challenges that the learner is in, with how they stand themselves. */
async function mine(context: Context): Promise<Reply[]> {
  const memberships = await challengesOf(context.services.db, context.learner.id);
  if (memberships.length === 0) return [say('challenge.mine-none', {}, [shortcuts.slice(0, 3)])];
  return Promise.all(memberships.map((membership) => membershipReply(context, 'challenge.mine', membership)));
}
