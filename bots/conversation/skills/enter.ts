import { endsAt } from '../../../core/campaign/challenge/standing.ts';
import {
  challengesOf,
  findChallenge,
  joinChallenge,
  leaveChallenge,
  openChallenges,
  showOnBoard,
} from '../../../core/campaign/challenge/store.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { membershipReply } from '../challenges.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { privately } from '../exposed.ts';
import { named, say } from '../say.ts';
import { defineSkill } from '../skill.ts';

const LONGEST_NAME = 40;

/** A learner's own place in a challenge: in, out, and on the leaderboard or not. */
export const enter = defineSkill({
  name: 'enter',
  open: true,
  presses: {
    enter: join,
    leave,
    board: (context, press) => show(context, press, true),
    unboard: (context, press) => show(context, press, false),
  },
  phrases: [
    [
      /^(?:i(?:'d| would)? (?:want|like) to )?(?:join|enter) (?:the |this )?(?:check[- ]?in )?challenge$/i,
      (context) => join(context, { action: 'enter' }),
    ],
    [
      /^(?:我要?|我想)*(?:参加|加入|报名)(?:这个)?(?:打卡)?(?:挑战赛?|打卡)$/,
      (context) => join(context, { action: 'enter' }),
    ],
  ],
});

async function join(context: Context, { value }: Press): Promise<Reply[]> {
  const { services, turn, learner, now } = context;
  const id = value ?? (await onlyOne(context));
  const challenge = id === undefined ? undefined : await findChallenge(services.db, id);
  if (!challenge) return context.press({ action: 'challenge' });
  if (challenge.status !== 'open' || now >= endsAt(challenge)) return [say('challenge.over', { name: challenge.name })];
  const press = { action: 'enter', value: challenge.id };
  // A check-in is behaviour: without leave to record it there would be nothing to count.
  if (!context.records) return context.exposed ? [privately(context, press)] : askRecording(context, press);
  await joinChallenge(services.db, { challengeId: challenge.id, learnerId: learner.id, now });
  const membership = (await challengesOf(services.db, learner.id)).find((one) => one.challenge.id === challenge.id);
  if (!membership) return [say('challenge.over', { name: challenge.name })];
  if (!context.exposed) return [await membershipReply(context, 'challenge.joined', membership)];
  const board = turn.displayName === undefined || membership.shownAs !== null;
  return [
    say('challenge.joined-group', { name: challenge.name }, [
      [
        named('checkin', { action: 'checkin' }),
        ...(board ? [] : [named('board', { action: 'board', value: challenge.id })]),
      ],
    ]),
  ];
}

/** The challenge that is meant where none is named. */
async function onlyOne({ services, turn }: Context): Promise<string | undefined> {
  const open = turn.group ? await openChallenges(services.db, turn.group.id) : [];
  return open.length === 1 ? open[0]!.id : undefined;
}

/** The name is the platform's, as it is at this moment: it is kept only because they ask for it. */
async function show(context: Context, { value = '' }: Press, shown: boolean): Promise<Reply[]> {
  const { services, learner, turn } = context;
  const name = shownName(turn.displayName);
  if (shown && name === undefined) return [say('board.no-name')];
  const place = { challengeId: value, learnerId: learner.id };
  if (!(await showOnBoard(services.db, { ...place, shownAs: shown ? name! : null })))
    return context.press({ action: 'challenge' });
  const status = named('challenge-status', { action: 'challenge', value: `show:${value}` });
  return [
    shown
      ? say('board.on', { name: name! }, [[status, named('unboard', { action: 'unboard', value })]])
      : say('board.off', {}, [[status, named('board', { action: 'board', value })]]),
  ];
}

/** One line, without signs that turn the direction of what follows. */
function shownName(name = ''): string | undefined {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim();
  const graphemes = Array.from(new Intl.Segmenter().segment(plain), ({ segment }) => segment);
  return plain === '' ? undefined : graphemes.slice(0, LONGEST_NAME).join('');
}

async function leave(context: Context, { value = '' }: Press): Promise<Reply[]> {
  await leaveChallenge(context.services.db, value, context.learner.id);
  return [say('challenge.left', {}, [[named('challenge-status', { action: 'challenge' })]])];
}
