/** Asking for consent, and carrying on with what was asked once it is given. */

import { encodePress, type Press, type Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { named, say } from './say.ts';

/** Explains why `press` needs recording, asks for it, and keeps `press` to carry it out on a yes. */
export function askRecording(context: Context, press: Press): Reply[] {
  const agree = { action: 'consent', value: 'recording:on' };
  const refuse = { action: 'consent', value: 'recording:off' };
  context.state.waiting = encodePress(press);
  context.state.yes = encodePress(agree);
  context.state.no = encodePress(refuse);
  return [
    say('consent.needed', {}, [
      [named('agree', agree), named('refuse', refuse)],
      [named('stored', { action: 'privacy' })],
    ]),
  ];
}
