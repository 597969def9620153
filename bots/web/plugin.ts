import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../prisma/connect.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { ApiError } from './api-error.ts';
import { learnerQuery, parse } from './body.ts';
import { chatRoute } from './chat.ts';
import { inboxRoutes } from './inbox.ts';
import { createPace, type Pace } from './pace.ts';
import { pageRoutes } from './page.ts';
import { createStreams } from './streams.ts';
import { identify, foreignOrigin, type Doors } from './visitor.ts';

/** What the web chat works with once the server is ready. */
export interface WebServices {
  db: Database;
  conversation: Conversation;
  /** Everything kept about a person, JSON-safe. */
  exportPerson(learnerId: string): Promise<unknown>;
}

export interface WebOptions {
  /** Called by routes only, when the server is ready. */
  services: () => WebServices;
  authenticate: Doors['authenticate'];
  publicUrl: string | undefined;
  limits: Limits;
}

/** How fast each may be asked. */
export type Limits = Record<'chat' | 'inbox' | 'export', Pace>;

/** The web chat: its page, and the JSON that the page and embedding servers speak. */
export async function web(app: FastifyInstance, { services, authenticate, publicUrl, limits }: WebOptions) {
  const doors: Doors = { db: () => services().db, authenticate, publicUrl };
  const streams = createStreams();
  await app.register(cookie);
  app.addHook('onRequest', (request, _reply, done) => {
    done(foreignOrigin(publicUrl, request));
  });

  chatRoute(app, {
    ...doors,
    conversation: () => services().conversation,
    limits: limits.chat,
    onGone: (learnerId) => streams.end(learnerId),
  });
  inboxRoutes(app, doors, streams, limits.inbox);
  const refuseTooManyExports = createPace(app, limits.export);
  app.get('/api/export', async (request, reply) => {
    const { learner } = parse(learnerQuery, request.query);
    const visitor = await identify(doors, request, learner);
    await refuseTooManyExports(visitor, request, reply);
    if (!visitor.learnerId) {
      throw visitor.by === 'key'
        ? new ApiError(404, 'learner.unknown', 'learner: nothing is kept under this id')
        : new ApiError(401, 'session.missing', 'Nothing is kept about you here: there is no chat yet');
    }
    reply.header('content-disposition', 'attachment; filename="coursebell-export.json"');
    reply.type('application/json; charset=utf-8');
    return JSON.stringify(await services().exportPerson(visitor.learnerId), null, 2);
  });
  await pageRoutes(app);
}
