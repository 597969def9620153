import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.ts';
import { inboxQuery, learnerQuery, parse, seenBody } from './body.ts';
import { listenToDeliveries, markSeen, readInbox, type Deliveries } from './store.ts';
import { createPace, type Pace } from './pace.ts';
import type { Streams } from './streams.ts';
import { identify, type Doors } from './visitor.ts';

/** `GET /api/inbox` (JSON or server-sent events) and `POST /api/inbox/seen`. */
export function inboxRoutes(app: FastifyInstance, doors: Doors, streams: Streams, limits: Pace) {
  const refuseTooMany = createPace(app, limits);
  let deliveries: Deliveries | undefined;
  app.addHook('preClose', async () => {
    streams.endAll();
    await deliveries?.close();
  });

  app.get('/api/inbox', async (request, reply) => {
    const { learner, after } = parse(inboxQuery, request.query);
    const visitor = await identify(doors, request, learner);
    await refuseTooMany(visitor, request, reply);
    const { learnerId } = visitor;
    if (!/\btext\/event-stream\b/.test(request.headers.accept ?? '')) {
      return { messages: learnerId ? await readInbox(doors.db(), learnerId, { after }) : [] };
    }
    if (!learnerId) {
      throw visitor.by === 'key'
        ? new ApiError(404, 'learner.unknown', 'learner: there is nobody of this id yet: send a message first')
        : new ApiError(401, 'session.missing', 'There is no chat yet: send a message first');
    }
    const { after: from } = parse(inboxQuery, { after: request.headers['last-event-id'] ?? after });
    deliveries ??= listenToDeliveries(doors.db(), (id) => streams.wake(id));
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    streams.open(
      reply.raw,
      learnerId,
      from,
      (cursor) => readInbox(doors.db(), learnerId, { after: cursor }),
      // A key may be revoked, and a person erased or a session ended by another process.
      async () => (await identify(doors, request, learner)).learnerId === learnerId,
    );
    return reply;
  });

  app.post('/api/inbox/seen', { bodyLimit: 65_536 }, async (request) => {
    const body = parse(seenBody, request.body);
    const query = parse(learnerQuery, request.query);
    const { learnerId } = await identify(doors, request, body.learner, query.learner);
    return { seen: learnerId ? await markSeen(doors.db(), learnerId, body.ids) : 0 };
  });
}
