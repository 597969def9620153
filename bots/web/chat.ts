import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../core/language/reply.ts';
import { findLearner, touchAddress } from '../../core/learner/store.ts';
import { parseTimeZone } from '../../core/learner/time-zone.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Turn } from '../conversation/turn.ts';
import { createTails } from '../tails.ts';
import { ApiError } from './api-error.ts';
import { chatBody, learnerQuery, parse } from './body.ts';
import { toMessage, type ChatMessage } from './message.ts';
import { createPace, type Pace } from './pace.ts';
import { admit, doorOf, identify, type Doors } from './visitor.ts';

export interface ChatOptions extends Doors {
  conversation(): Conversation;
  /** Turns; a server with a key sets its own pace. */
  limits: Pace;
  /** Called when nobody has that id any more: a turn has erased its learner, or made them one with another. */
  onGone(learnerId: string): void;
}

export interface Answer {
  messages: ChatMessage[];
  /** Of the messages. */
  language: Language;
  erased: boolean;
}

/** Answered turns kept for a client that asks again after a broken connection. */
const REMEMBERED = 2_000;

export function chatRoute(app: FastifyInstance, options: ChatOptions) {
  const tails = createTails();
  const answered = new Map<string, Answer>();
  const refuseTooMany = createPace(app, options.limits);

  app.post('/api/chat', { bodyLimit: 32_768 }, async (request, reply) => {
    const body = parse(chatBody, request.body);
    const query = parse(learnerQuery, request.query);
    const named = body.learner ?? query.learner;
    // Everything of a chat waits in its tail, the look at who it is too: a turn before may erase its learner.
    const answer = tails.run(doorOf(request, named), async () => {
      const learnerId = await arrive(request, reply, body.learner, query.learner);
      const once = body.turn && `${learnerId} ${body.turn}`;
      const before = once && answered.get(once);
      if (before) return before;
      const timeZone = parseTimeZone(body.time_zone ?? '');
      const made = await answerTurn({
        id: `${learnerId}:${body.turn ?? randomUUID()}`,
        channel: 'web',
        chat: learnerId,
        learnerId,
        input: body.text === undefined ? { press: body.press! } : { text: body.text },
        locale: localeOf(request),
        ...(timeZone !== undefined && { timeZone }),
        at: new Date(),
      });
      if (once) remember(once, made);
      return made;
    });
    if (!answer) throw new ApiError(429, 'chat.busy', 'Too many messages of this chat wait for their answer');
    const { messages, language, erased } = await answer;
    reply.header('content-language', language);
    // Tells the page to forget what it holds of the chat.
    if (erased) reply.header('coursebell-erased', 'true');
    return { messages };
  });

  /** Who this turn is of. A person whom another process erases at this moment comes as somebody new. */
  async function arrive(request: FastifyRequest, reply: FastifyReply, ...named: (string | undefined)[]) {
    for (;;) {
      const visitor = await identify(options, request, ...named);
      if (visitor.by === 'session') await refuseTooMany(visitor, request, reply);
      const learnerId = await admit(options, visitor, request, reply);
      if (await touchAddress(options.db(), { learnerId, channel: 'web', chat: learnerId })) return learnerId;
    }
  }

  async function answerTurn(turn: Turn): Promise<Answer> {
    const { replies } = await options.conversation().handle(turn);
    const learner = await findLearner(options.db(), turn.learnerId);
    if (learner?.id !== turn.learnerId) {
      forget(turn.learnerId);
      options.onGone(turn.learnerId);
    }
    const language = learner?.language ?? turn.locale;
    return {
      language,
      erased: !learner,
      messages: await Promise.all(replies.map((reply) => toMessage(reply, language))),
    };
  }

  function remember(key: string, answer: Answer) {
    answered.set(key, answer);
    if (answered.size > REMEMBERED) answered.delete(answered.keys().next().value!);
  }

  function forget(learnerId: string) {
    for (const key of [...answered.keys()]) if (key.startsWith(`${learnerId} `)) answered.delete(key);
  }
}

/** The first language of the browser that the assistant speaks. */
export function localeOf(request: FastifyRequest): Language {
  const wanted = (request.headers['accept-language'] ?? '').toLowerCase().split(',');
  return wanted.map((entry) => /^\s*(zh|en)\b/.exec(entry)?.[1]).find((found) => found !== undefined) === 'zh'
    ? 'zh'
    : 'en';
}
