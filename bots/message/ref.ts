import { decodePress, type Reply } from '../../core/language/reply.ts';

/** The slate or outbox message that a reply's buttons point back to; what a reaction to the message belongs to. */
export function refOf(reply: Reply): string | undefined {
  for (const { id } of (reply.buttons ?? []).flat()) {
    const ref = decodePress(id)?.ref;
    if (ref !== undefined) return ref;
  }
  return undefined;
}
