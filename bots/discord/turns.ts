/** From what a person did to what the assistant answers. */

import { decodePress, type Language, type Reply } from '../../core/language/reply.ts';
import type { Learner } from '../../core/learner/learner.ts';
import { markReachable, meetLearner } from '../../core/learner/store.ts';
import { chatInGroup, type Turn } from '../conversation/turn.ts';
import type { Desk } from './desk.ts';

/** Who did something, and where. */
export interface Doer {
  /** Of the update. */
  id: string;
  person: string;
  /** Server and channel; left out in direct messages. */
  server?: { guild: string; channel: string; admin: boolean };
  /** Whether the person alone sees the answer. */
  discreet: boolean;
  name?: string;
  locale: Language;
  at: Date;
}

export interface Taken {
  replies: Reply[];
  language: Language;
  /** As they are afterwards; undefined when the turn erased them. */
  learner: Learner | undefined;
}

export async function takeTurn(
  { services, communityOf }: Desk,
  doer: Doer,
  turn: Pick<Turn, 'input' | 'attachment' | 'recordable'>,
): Promise<Taken> {
  const { db, conversation } = services;
  const { server, person, discreet } = doer;
  const before = await meetLearner(db, 'discord', person, { reachable: server === undefined });
  const { replies, learner } = await conversation.handle({
    id: doer.id,
    channel: 'discord',
    chat: server && !discreet ? chatInGroup(server.guild, person) : person,
    learnerId: before.id,
    locale: doer.locale,
    at: doer.at,
    ...(doer.name !== undefined && { displayName: doer.name }),
    ...(server && {
      group: { id: await communityOf(server.guild), thread: server.channel, admin: server.admin, discreet },
    }),
    ...turn,
  });
  if (server && learner && agreed(turn.input, before, learner))
    await markReachable(db, { channel: 'discord', chat: person });
  return { replies, language: learner?.language ?? doer.locale, learner };
}

/** Whether the person said, in a server, that they want to be written to. */
function agreed(input: Turn['input'], before: Learner, after: Learner): boolean {
  if (!after.messages) return false;
  const press = 'press' in input ? decodePress(input.press) : undefined;
  return !before.messages || (press?.action === 'consent' && press.value === 'messages:on');
}
