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
import { admit, doorOf, identify, type Doors, type Visitor } from './visitor.ts';

export interface ChatOptions extends Doors {
  conversation(): Conversation;
  /** Turns a minute: of one session, and of one address from visitors who have none yet. */
  limits: { session: number; address: number };
  /** Called when a turn has erased its learner. */
  onErased(learnerId: string): void;
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
  const count = app.createRateLimit({
    timeWindow: '1 minute',
    max: (_request, key) => (key.startsWith('session') ? options.limits.session : options.limits.address),
    keyGenerator: (request) => request.rateKey,
  });

  app.decorateRequest('rateKey', '');
  app.post('/api/chat', { bodyLimit: 32_768 }, async (request, reply) => {
    const body = parse(chatBody, request.body);
    const query = parse(learnerQuery, request.query);
    const named = body.learner ?? query.learner;
    // Everything of a chat waits in its tail, the look at who it is too: a turn before may erase its learner.
    const answer = tails.run(doorOf(request, named), async () => {
      const visitor = await identify(options, request, body.learner, query.learner);
      await refuseTooMany(visitor, request, reply);
      const learnerId = await admit(options, visitor, request, reply);
      const once = body.turn && `${learnerId} ${body.turn}`;
      const before = once && answered.get(once);
      if (before) return before;
      await touchAddress(options.db(), { learnerId, channel: 'web', chat: learnerId });
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

  async function answerTurn(turn: Turn): Promise<Answer> {
    const replies = await options.conversation().handle(turn);
    const learner = await findLearner(options.db(), turn.learnerId);
    if (!learner) {
      forget(turn.learnerId);
      options.onErased(turn.learnerId);
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

  /** @throws ApiError 429; a server with a key sets its own pace. */
  async function refuseTooMany(visitor: Visitor, request: FastifyRequest, reply: FastifyReply) {
    if (visitor.by === 'key') return;
    request.rateKey = visitor.learnerId ? `session ${visitor.learnerId}` : `address ${request.ip}`;
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header('retry-after', counted.ttlInSeconds);
    throw new ApiError(429, 'rate.exceeded', `Too many messages: try again in ${counted.ttlInSeconds} seconds`);
  }
}

/** The first language of the browser that the assistant speaks. */
export function localeOf(request: FastifyRequest): Language {
  const wanted = (request.headers['accept-language'] ?? '').toLowerCase().split(',');
  return wanted.map((entry) => /^\s*(zh|en)\b/.exec(entry)?.[1]).find((found) => found !== undefined) === 'zh'
    ? 'zh'
    : 'en';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What `POST /api/chat` counts this request under. */
    rateKey: string;
  }
}
