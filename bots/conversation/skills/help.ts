import { decodePress, type Reply } from '../../../core/language/reply.ts';
import { commands, type Command } from '../commands.ts';
import type { Context } from '../context.ts';
import { linkFor } from '../exposed.ts';
import { answering, isRefusal } from '../managing.ts';
import { named, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Answer } from '../skill.ts';

const menu = [
  [named('recommend', { action: 'recommend' }), named('search', { action: 'search' })],
  [
    named('courses', { action: 'courses' }),
    named('saved', { action: 'saved' }),
    named('coupons', { action: 'coupons' }),
  ],
  [named('checkin', { action: 'checkin' }), named('remind', { action: 'remind' }), named('quiz', { action: 'quiz' })],
  [
    named('profile', { action: 'profile' }),
    named('onboard', { action: 'onboard' }),
    named('invite', { action: 'invite' }),
  ],
  [
    named('settings', { action: 'settings' }),
    named('privacy', { action: 'privacy' }),
    named('language', { action: 'language' }),
  ],
];

export const help = defineSkill({
  name: 'help',
  open: true,
  presses: {
    help: (context, { value }) =>
      value === 'commands' || context.exposed ? byCommand(context) : [say('help', {}, menu)],
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
    help: (context) => (context.exposed ? byCommand(context) : [say('help', {}, menu)]),
    thanks({ services }, { text: said }) {
      // "That is awful" is put like "that is great", and is no thanks.
      return services.sentiment.sentiment(said).sentiment === 'negative'
        ? [say('unhappy', {}, [shortcuts.slice(0, 2), [named('ask-seller', { action: 'ask' })]])]
        : [say('thanks', {}, [shortcuts.slice(0, 2)])];
    },
    yes: () => [say('yes.nothing', {}, [shortcuts])],
    no: () => [say('cancelled', {}, [shortcuts.slice(0, 3)])],
  },
});

/** What there is to do in this place, by its commands. */
async function byCommand(context: Context): Promise<Reply[]> {
  const lines = (some: readonly Command[]) =>
    some.map(({ name }) => text('help.command', { name, what: text(`command.${name}`) }));
  const own = commands.filter(({ manager, open }) => !manager && (!context.exposed || open));
  const more = (await manages(context))
    ? commands.filter(({ manager, aside }) => manager && (context.turn.group || aside))
    : [];
  const args = { commands: lines(own), manager: lines(more) };
  if (!context.exposed) return [say('help.commands', args, menu)];
  const link = linkFor(context, { action: 'help' }, 'button.private');
  return [say('help.group', args, link && [[link]])];
}

async function manages(context: Context): Promise<boolean> {
  const { group } = context.turn;
  if (group && !group.admin) return false;
  return !isRefusal(await answering(context));
}

/** What a button of an earlier answer does, said in words; undefined where there was none. */
function pressedAgain(context: Context, id: string | undefined): Answer | undefined {
  const press = id === undefined ? undefined : decodePress(id);
  return press && context.press(press);
}
