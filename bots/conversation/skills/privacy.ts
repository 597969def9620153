import { eraseLearner } from '../../../core/privacy/erase.ts';
import { exportLearner } from '../../../core/privacy/export.ts';
import { encodePress, type Press, type Reply } from '../../../core/language/reply.ts';
import { consentKinds } from '../../../core/learner/learner.ts';
import type { Context } from '../context.ts';
import { named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { consentButtons } from './consent.ts';

/** Longest JSON that is sent as a chat message where there is a download. */
const LONGEST_IN_CHAT = 30_000;

/** What is stored, taking it along, and erasing it. */
export const privacy = defineSkill({
  name: 'privacy',
  presses: {
    privacy: (context) => [overview(context)],
    export: summary,
    'export.json': asJson,
    erase,
  },
  intents: {
    privacy: (context) => [overview(context)],
    export: summary,
    erase: (context) => erase(context, { action: 'erase' }),
  },
});

function overview({ learner }: Context): Reply {
  const states = Object.fromEntries(consentKinds.map((kind) => [kind, text(learner[kind] ? 'state.on' : 'state.off')]));
  return say('privacy', states, [
    ...consentButtons(learner),
    [named('export', { action: 'export' }), named('erase', { action: 'erase' })],
  ]);
}

async function summary(context: Context): Promise<Reply[]> {
  const { services, turn, learner } = context;
  const json = JSON.stringify(await exportLearner(services.db, learner.id), null, 2);
  const download = services.downloads[turn.channel] ?? '';
  const show = download === '' || json.length <= LONGEST_IN_CHAT;
  return [
    say('export', { size: Math.max(1, Math.round(json.length / 1024)), download }, [
      [...(show ? [named('export-json', { action: 'export.json' })] : []), named('privacy', { action: 'privacy' })],
    ]),
  ];
}

async function asJson({ services, learner }: Context): Promise<Reply[]> {
  return [say('export.json', { json: JSON.stringify(await exportLearner(services.db, learner.id), null, 2) })];
}

async function erase(context: Context, { value }: Press): Promise<Reply[]> {
  const { services, learner, state } = context;
  if (value !== 'yes') {
    const confirm: Press = { action: 'erase', value: 'yes' };
    // A yes in passing erases nothing: it asks again.
    state.yes = encodePress({ action: 'erase' });
    state.no = encodePress({ action: 'cancel' });
    return [
      say('erase.ask', {}, [
        [named('confirm-erase', confirm), named('cancel', { action: 'cancel' })],
        [named('export', { action: 'export' })],
      ]),
    ];
  }
  await eraseLearner(services.db, learner.id);
  context.erased = true;
  return [say('erase.done', {}, [[named('start', { action: 'start' })]])];
}
