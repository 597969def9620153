import type { Reply } from '../../core/language/reply.ts';
import type { Address, ChannelName } from '../../core/learner/learner.ts';
import type { Channel, Delivery } from '../../queue/ports.ts';

export interface SentMessage {
  address: Address;
  reply: Reply;
  language: string;
  messageId: string;
}

/** A channel that keeps what it is given; `answers` come first, in order, then everything is accepted. */
export function recordingChannel(name: ChannelName = 'web', answers: Delivery[] = []) {
  const sent: SentMessage[] = [];
  const channel: Channel = {
    name,
    send(address, reply, language, messageId) {
      const answer = answers.shift() ?? { ok: true, platformId: `p${sent.length}` };
      if (answer.ok) sent.push({ address, reply, language, messageId });
      return Promise.resolve(answer);
    },
  };
  return { channel, sent, answers };
}
