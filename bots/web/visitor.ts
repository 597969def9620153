import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createLearner, resolveExternal } from '../../core/learner/store.ts';
import { SESSION_DAYS } from '../../core/privacy/forget.ts';
import type { Database } from '../../prisma/connect.ts';
import { ApiError } from './api-error.ts';
import { addSession, findSession } from './store.ts';

/**
 * Who asks: a browser by its session, or a server that holds a key and names the learner by its
 * own id. `learnerId` is missing while there is no such learner yet.
 */
export type Visitor = { by: 'session'; learnerId?: string } | { by: 'key'; externalId: string; learnerId?: string };

export interface Doors {
  db: () => Database;
  /** Whether a server-to-server key is one of ours. */
  authenticate: (key: string) => Promise<boolean>;
  /** Address that people see, where a proxy stands before the server. */
  publicUrl: string | undefined;
}

const COOKIE = 'coursebell_session';

/**
 * Finds out who asks. A key is taken from the Authorization header alone, a session from the
 * cookie alone; where there is a key the cookie is not looked at.
 *
 * @param named learner ids that the request gives, from the body and the query.
 * @throws ApiError 401 for a wrong key or a learner named without one, 400 for a key without a learner.
 */
export async function identify(
  doors: Doors,
  request: FastifyRequest,
  ...named: (string | undefined)[]
): Promise<Visitor> {
  const names = new Set(named.filter((name) => name !== undefined));
  if (names.size > 1) throw new ApiError(400, 'learner.two', 'learner: the body and the address name two learners');
  const [externalId] = names;
  if (request.headers.authorization !== undefined) {
    await requireKey(doors, request);
    if (externalId === undefined) {
      throw new ApiError(400, 'learner.missing', 'learner: with a key, name the learner by your own id for them');
    }
    const resolved = await resolveExternal(doors.db(), [externalId], { create: false });
    if (resolved.erased.has(externalId)) throw erased();
    const learnerId = resolved.ids.get(externalId);
    return { by: 'key', externalId, ...(learnerId && { learnerId }) };
  }
  if (externalId !== undefined) {
    throw new ApiError(401, 'key.missing', 'learner: naming a learner needs a key: Authorization: Bearer <key>');
  }
  const id = request.cookies[COOKIE];
  const learnerId = id && (await findSession(doors.db(), hashOf(id)));
  return learnerId ? { by: 'session', learnerId } : { by: 'session' };
}

/** @throws ApiError 401 unless the request carries one of our keys. */
export async function requireKey(doors: Pick<Doors, 'authenticate'>, request: FastifyRequest): Promise<void> {
  const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!key) throw new ApiError(401, 'key.missing', 'This needs a key: Authorization: Bearer <key>');
  if (!(await doors.authenticate(key)))
    throw new ApiError(401, 'key.invalid', 'This key is not known here, or was revoked');
}

/** Requests through one door are of one chat; a wrong key has doors of its own. Needs no look at the database. */
export function doorOf(request: FastifyRequest, named: string | undefined): string {
  const { authorization } = request.headers;
  return JSON.stringify(
    authorization === undefined ? [request.cookies[COOKIE] ?? randomUUID()] : [authorization, named],
  );
}

/**
 * The visitor's learner, made (without any consent) when there is none yet; a browser gets its session cookie.
 *
 * @throws ApiError 410 for somebody who was erased meanwhile.
 */
export async function admit(
  doors: Doors,
  visitor: Visitor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  if (visitor.learnerId) {
    // Sent again, so that its life is counted from the last turn and not from the first.
    const kept = visitor.by === 'session' ? request.cookies[COOKIE] : undefined;
    if (kept) sendCookie(doors, kept, request, reply);
    return visitor.learnerId;
  }
  if (visitor.by === 'key') {
    const { ids } = await resolveExternal(doors.db(), [visitor.externalId], { create: true });
    const learnerId = ids.get(visitor.externalId);
    if (!learnerId) throw erased();
    return learnerId;
  }
  const id = randomBytes(32).toString('base64url');
  const learner = await createLearner(doors.db());
  await addSession(doors.db(), hashOf(id), learner.id);
  sendCookie(doors, id, request, reply);
  return learner.id;
}

/**
 * Refuses a page of another site that would act with our visitor's cookie. Programs send no Origin,
 * and a request with a key needs none of this: its cookie is not looked at.
 */
export function foreignOrigin(publicUrl: string | undefined, request: FastifyRequest): ApiError | undefined {
  const { origin, host, authorization } = request.headers;
  if (origin === undefined || authorization !== undefined) return undefined;
  if (publicUrl ? origin === new URL(publicUrl).origin : hostOf(origin) === host) return undefined;
  return new ApiError(403, 'origin.foreign', 'Pages of another site can not use this chat');
}

function sendCookie(doors: Doors, id: string, request: FastifyRequest, reply: FastifyReply) {
  const secure = doors.publicUrl ? doors.publicUrl.startsWith('https:') : request.protocol === 'https';
  reply.setCookie(COOKIE, id, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: SESSION_DAYS * 86_400,
  });
}

/** Sessions are random enough (256 bits) that a plain hash can not be turned back. */
function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

function erased(): ApiError {
  return new ApiError(410, 'learner.erased', 'learner: this person was erased');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
