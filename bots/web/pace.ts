import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import type { Visitor } from './visitor.ts';

/** Requests a minute: of one person, and of one address from visitors who have no session yet. */
export interface Pace {
  person: number;
  address: number;
}

/**
 * Counts requests of one kind. Servers with a key are counted apart for each learner they name, so that
 * one with many learners may ask as much as all of them together.
 *
 * @returns counts a request; it throws ApiError 429 when there were too many in this minute.
 */
export function createPace(app: FastifyInstance, { person, address }: Pace) {
  const keys = new WeakMap<FastifyRequest, string>();
  const count = app.createRateLimit({
    timeWindow: '1 minute',
    max: (_request, key) => (key.startsWith('address') ? address : person),
    keyGenerator: (request) => keys.get(request)!,
  });
  return async (visitor: Visitor, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    keys.set(request, keyOf(visitor, request));
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header('retry-after', counted.ttlInSeconds);
    throw new ApiError(429, 'rate.exceeded', `Too many requests: try again in ${counted.ttlInSeconds} seconds`);
  };
}

function keyOf(visitor: Visitor, request: FastifyRequest): string {
  if (visitor.by === 'key') return `learner ${visitor.externalId}`;
  return visitor.learnerId ? `session ${visitor.learnerId}` : `address ${request.ip}`;
}
