import type { Database } from '../../prisma/connect.ts';
import type { Channel } from '../../queue/ports.ts';
import { toMessage } from './message.ts';
import { putInInbox } from './store.ts';

/** Delivers to the inbox that the web chat reads; the chat of an address is the learner's id. */
export function webChannel(db: Database): Channel {
  return {
    name: 'web',
    // One row a message: a second send adds nothing.
    repeatable: true,
    async send(address, reply, language, messageId) {
      const id = await putInInbox(db, address.learnerId, messageId, await toMessage(reply, language));
      return id === undefined ? { ok: false, kind: 'unreachable' } : { ok: true, platformId: id };
    },
  };
}
