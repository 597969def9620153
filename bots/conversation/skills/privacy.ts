import { eraseLearner } from '../../../core/privacy/erase.ts';
import { exportLearner } from '../../../core/privacy/export.ts';
import { encodePress, type Press, type Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { named, say } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { choices } from './consent.ts';

/** Longest JSON that is sent as a chat message where there is a download. */
const LONGEST_IN_CHAT = 30_000;

/** What is stored, taking it along, and erasing it. */
export const privacy = defineSkill({
  name: 'privacy',
  presses: {
    privacy: overview,
    export: summary,
    'export.json': asJson,
    erase,
  },
  intents: {
    privacy: overview,
    export: summary,
    erase: (context) => erase(context, { action: 'erase' }),
  },
});

async function overview(context: Context): Promise<Reply[]> {
  const { states, buttons } = await choices(context);
  const own = [named('export', { action: 'export' }), named('erase', { action: 'erase' })];
  return [say('privacy', states, [...buttons, own])];
}

async function summary(context: Context): Promise<Reply[]> {
  const { services, turn, learner } = context;
  const json = JSON.stringify(await exportLearner(services.db, learner.id), null, 2);
  const size = Math.max(1, Math.round(json.length / 1024));
  const download = services.downloads[turn.channel] ?? '';
  const get = { action: 'export.json' };
  const show =
    download === '' ? [named('export-file', get)] : json.length <= LONGEST_IN_CHAT ? [named('export-json', get)] : [];
  return [say('export', { size, download }, [[...show, named('privacy', { action: 'privacy' })]])];
}

/** In the chat where it can be downloaded as well, else as a file. */
async function asJson({ services, turn, learner }: Context): Promise<Reply[]> {
  const json = JSON.stringify(await exportLearner(services.db, learner.id), null, 2);
  if (services.downloads[turn.channel] !== undefined) return [say('export.json', { json })];
  return [{ ...say('export.file'), file: { name: 'coursebell-export.json', content: json } }];
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
