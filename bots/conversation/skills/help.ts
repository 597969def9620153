import { decodePress } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Answer } from '../skill.ts';

const menu = [
  [named('recommend', { action: 'recommend' }), named('search', { action: 'search' })],
  [
    named('courses', { action: 'courses' }),
    named('saved', { action: 'saved' }),
    named('coupons', { action: 'coupons' }),
  ],
  [named('profile', { action: 'profile' }), named('onboard', { action: 'onboard' })],
  [
    named('settings', { action: 'settings' }),
    named('privacy', { action: 'privacy' }),
    named('language', { action: 'language' }),
  ],
];

export const help = defineSkill({
  name: 'help',
  presses: {
    help: () => [say('help', {}, menu)],
    cancel: () => [say('cancelled', {}, [shortcuts.slice(0, 3)])],
  },
  phrases: [
    [
      /^(?:(?:show|give) me )?(?:some )?more(?: please)?$|^(?:next|others?|what else|anything else)$/i,
      (context) => pressedAgain(context, context.state.list?.more),
    ],
    [
      /^(?:还有|更多|下一[页批]|换一[批个]|下一[个门]|再来|再来一批|再来几个|其他的?|别的)(?:吗|呢|的|吧|课)?$/,
      (context) => pressedAgain(context, context.state.list?.more),
    ],
    [
      /^(?:undo|take (?:it|that) back|撤销|撤回)$/i,
      (context) => pressedAgain(context, context.state.undo) ?? [say('undo.nothing', {}, [shortcuts.slice(0, 3)])],
    ],
  ],
  intents: {
    help: () => [say('help', {}, menu)],
    thanks: () => [say('thanks', {}, [shortcuts.slice(0, 2)])],
    yes: () => [say('yes.nothing', {}, [shortcuts])],
    no: () => [say('cancelled', {}, [shortcuts.slice(0, 3)])],
  },
});

/** What a button of an earlier answer does, said in words; undefined where there was none. */
function pressedAgain(context: Context, id: string | undefined): Answer | undefined {
  const press = id === undefined ? undefined : decodePress(id);
  return press && context.press(press);
}
