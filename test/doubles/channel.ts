import type { Reply } from '../../core/language/reply.ts';
import type { Address, ChannelName } from '../../core/learner/learner.ts';
import type { Channel, Delivery, Pacer, Place } from '../../queue/ports.ts';

export interface SentMessage {
  address: Address;
  reply: Reply;
  language: string;
  messageId: string;
}

export interface PostedMessage extends Omit<SentMessage, 'address'> {
  place: Place;
}

/** A channel that keeps what it is given; `answers` come first, in order, then everything is accepted. */
export function recordingChannel(name: ChannelName = 'web', answers: Delivery[] = []) {
  const sent: SentMessage[] = [];
  const posted: PostedMessage[] = [];
  const answer = (kept: unknown[]): Delivery => answers.shift() ?? { ok: true, platformId: `p${kept.length}` };
  const channel: Channel = {
    name,
    send(address, reply, language, messageId) {
      const given = answer(sent);
      if (given.ok) sent.push({ address, reply, language, messageId });
      return Promise.resolve(given);
    },
    post(place, reply, language, messageId) {
      const given = answer(posted);
      if (given.ok) posted.push({ place, reply, language, messageId });
      return Promise.resolve(given);
    },
  };
  return { channel, sent, posted, answers };
}

/** A pacer of a platform without limits; what it is told to hold back is the caller's to wait for. */
export const unpaced: Pacer = {
  enter: () =>
    Promise.resolve({
      ready: () => Promise.resolve(0),
      holdBack: (ms) => Promise.resolve(ms),
      further: () => Promise.resolve(),
      leave: () => {},
    }),
};
