import { setTimeout } from 'node:timers/promises';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { LogController, type FastifyBaseLogger, type FastifyError, type FastifyInstance } from 'fastify';
import { webhookRoute, type WebhookTaker } from '../bots/telegram/webhook.ts';
import { ApiError } from '../bots/web/api-error.ts';
import { contentSecurityPolicy } from '../bots/web/page.ts';
import { web, type Limits, type WebServices } from '../bots/web/plugin.ts';
import { requireKey } from '../bots/web/visitor.ts';
import { acceptEvents } from '../core/behaviour/accept.ts';
import type { Links } from '../bots/conversation/services.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { errorText } from '../core/numerics/error-text.ts';
import { isKey } from './keys.ts';
import { issueLinks } from './link.ts';
import type { Settings } from './settings.ts';

export interface HttpServices extends WebServices {
  catalogue: Catalogue;
  links: Links;
}

export interface HttpOptions {
  settings: Pick<Settings, 'host' | 'port' | 'publicUrl' | 'currency'>;
  logger?: FastifyBaseLogger;
  limits?: Partial<Limits>;
  /** false: no web chat, for a process that takes Telegram's webhook and leaves the chat to another. */
  web?: boolean;
  /** Where updates go that Telegram brings; its address is there only when this is given. */
  webhook?: () => WebhookTaker | undefined;
}

/** The HTTP server: it listens before the database is up, and says so until it is served. */
export interface Http {
  app: FastifyInstance;
  /** @throws the system's error, with `code` 'EADDRINUSE' where somebody listens there already. */
  listen(): Promise<string>;
  /** Why it is not ready; shown by `/healthz`. Also takes the services away again, for a clean stop. */
  notReady(reason: string): void;
  /** From now on it answers. */
  serve(services: HttpServices): void;
  /** Ends open streams, lets running requests finish, stops listening. */
  close(): Promise<void>;
}

/** Bytes of one `POST /api/events`. */
const EVENTS_LIMIT = 8 * 1024 * 1024;

/** How long `/healthz` waits for the database. */
const DATABASE_MS = 2_000;

/**
 * Wide: hundreds of people may share one address, a chat is cheap to answer, and each of a person's
 * pages opens its inbox again every other second while a connection is bad. An export reads everything.
 */
const defaultLimits: Limits = {
  chat: { person: 1_200, address: 3_000 },
  inbox: { person: 600, address: 3_000 },
  export: { person: 20, address: 3_000 },
};

export async function createHttp({ settings, logger, limits, web: chat = true, webhook }: HttpOptions): Promise<Http> {
  let state: { services: HttpServices } | { reason: string } = { reason: 'starting' };
  const app = fastify({
    ...(logger && { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: 65_536,
    // Only a proxy beside the server may say where a request came from.
    trustProxy: settings.publicUrl ? ['loopback', 'linklocal', 'uniquelocal'] : false,
  }) as unknown as FastifyInstance;
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler<FastifyError | ApiError>((error, request, reply) => {
    const answer = asAnswer(error);
    if (answer.status === 500)
      request.log.error({ route: request.routeOptions.url }, `request failed: ${errorText(error)}`);
    return reply.status(answer.status).send({ error: { id: answer.id, message: answer.message } });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ error: { id: 'route.unknown', message: 'There is nothing at this address' } }),
  );

  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
    strictTransportSecurity: settings.publicUrl?.startsWith('https:') ?? false,
    referrerPolicy: { policy: 'same-origin' },
  });
  await app.register(rateLimit, { global: false });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/api/')) {
      reply.header('cache-control', 'no-store');
      if ('reason' in state) {
        reply.header('retry-after', 2);
        done(new ApiError(503, 'server.starting', `Not ready yet: ${state.reason}`));
        return;
      }
    }
    done();
  });

  const services = (): HttpServices => {
    if ('reason' in state) throw new ApiError(503, 'server.starting', `Not ready yet: ${state.reason}`);
    return state.services;
  };
  const authenticate = (key: string) => isKey(services().db, key);
  app.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    const reason = await whyNotReady();
    return reply.status(reason ? 503 : 200).send(reason ? { status: 'unavailable', reason } : { status: 'ready' });
  });
  app.post('/api/events', { bodyLimit: EVENTS_LIMIT }, async (request) => {
    await requireKey({ authenticate }, request);
    const { db, catalogue } = services();
    return acceptEvents(db, catalogue, request.body, new Date(), { currency: settings.currency });
  });
  app.post('/api/link', async (request) => {
    await requireKey({ authenticate }, request);
    const address = settings.publicUrl ?? `${request.protocol}://${request.host}`;
    return issueLinks(services(), request.body, address, new Date());
  });
  if (chat) {
    await app.register(web, {
      services,
      authenticate,
      publicUrl: settings.publicUrl,
      limits: { ...defaultLimits, ...limits },
    });
  }
  if (webhook) webhookRoute(app, webhook);

  return {
    app,
    listen: () => app.listen({ host: settings.host, port: settings.port }),
    notReady(reason) {
      state = { reason };
    },
    serve(ready) {
      state = { services: ready };
    },
    close: () => app.close(),
  };

  async function whyNotReady(): Promise<string | undefined> {
    if ('reason' in state) return state.reason;
    try {
      const late = setTimeout(DATABASE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('late')));
      await Promise.race([state.services.db.pool.query('select 1'), late]);
      return undefined;
    } catch {
      return 'the database does not answer';
    }
  }
}

function asAnswer(error: FastifyError | ApiError): { status: number; id: string; message: string } {
  if (error instanceof ApiError) return { status: error.statusCode, id: error.id, message: error.message };
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { status: 413, id: 'body.too-large', message: 'The request is too large' };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { status: 415, id: 'body.not-json', message: 'Send JSON, as content-type application/json' };
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return { status: 400, id: 'body.not-json', message: 'The body is not valid JSON' };
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return { status, id: 'request.invalid', message: error.message };
  return {
    status: 500,
    id: 'server.failed',
    message: 'Something went wrong here. Nothing you sent is lost: try again',
  };
}
