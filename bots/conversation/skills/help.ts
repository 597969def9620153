import { named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';

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
  intents: {
    help: () => [say('help', {}, menu)],
    thanks: () => [say('thanks', {}, [shortcuts.slice(0, 2)])],
    yes: () => [say('yes.nothing', {}, [shortcuts])],
    no: () => [say('cancelled', {}, [shortcuts.slice(0, 3)])],
  },
});
