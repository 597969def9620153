/** What showed the course that a button or a message is about. */

import type { Circumstances } from '../../core/behaviour/event.ts';
import { circumstancesOf } from '../../core/behaviour/store.ts';
import { messageCircumstances } from '../../core/campaign/message/store.ts';
import type { Context } from './context.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The outbox message that a press answers; undefined for other refs and made-up ones. */
export function messageOf(ref: string | undefined): string | undefined {
  return ref?.startsWith('m') && UUID.test(ref.slice(1)) ? ref.slice(1) : undefined;
}

/** The slate that a press comes from; undefined for other refs and made-up ones. */
export function slateOf(ref: string | undefined): string | undefined {
  return ref?.startsWith('s') && UUID.test(ref.slice(1)) ? ref.slice(1) : undefined;
}

/** Circumstances of what this learner was shown; a stranger's slate or message gives none. */
export async function circumstancesFor(
  context: Context,
  course: string | undefined,
  ref: string | undefined,
): Promise<Circumstances> {
  if (!context.records) return {};
  const { db } = context.services;
  const message = messageOf(ref);
  if (message) return (await messageCircumstances(db, message, context.learner.id)) ?? {};
  const slate = slateOf(ref);
  if (slate && course) return (await circumstancesOf(db, context.learner.id, slate, course)) ?? {};
  return {};
}
