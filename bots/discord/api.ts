import { REST, Routes, type RawFile, type RequestData } from 'discord.js';
import { failureOf } from './failure.ts';

/** A request that has no answer after this long is given up, and tried again. */
const CALL_MS = 10_000;
const RETRIES = 2;
/** An interaction's answers each have a queue of their own in the client, which would pile up for an hour. */
const SWEEP_MS = 60_000;

export interface ApiOptions {
  token: string;
  /** Root of Discord's REST API; Discord's own when left out. */
  apiRoot?: string | undefined;
  /** Reports a rate limit instead of waiting until it has passed. */
  reportLimits?: boolean;
}

export interface Request {
  body?: unknown;
  files?: readonly RawFile[] | undefined;
  query?: Readonly<Record<string, string>>;
}

/**
 * Discord's REST API over discord.js's client, which waits for rate limits and tries again what fails
 * on Discord's side. Each call rejects with a DiscordFailure.
 */
export interface DiscordApi {
  get<T>(what: string, route: `/${string}`, request?: Request): Promise<T>;
  post<T>(what: string, route: `/${string}`, request?: Request): Promise<T>;
  put<T>(what: string, route: `/${string}`, request?: Request): Promise<T>;
  patch<T>(what: string, route: `/${string}`, request?: Request): Promise<T>;
}

/** With the bot's token: 50 requests a second, as Discord allows. */
export function createApi({ token, apiRoot, reportLimits = false }: ApiOptions): DiscordApi {
  const rest = new REST({
    ...options(apiRoot),
    ...(reportLimits && { rejectOnRateLimit: () => true }),
  }).setToken(token);
  return apiOver(rest, true);
}

/** For the answers to interactions: they need no token of ours, and do not count to the bot's limit. */
export function createAnswers({ apiRoot }: Pick<ApiOptions, 'apiRoot'>): DiscordApi {
  const rest = new REST({ ...options(apiRoot), globalRequestsPerSecond: 1_000_000, handlerSweepInterval: SWEEP_MS });
  return apiOver(rest, false);
}

const options = (apiRoot: string | undefined) => ({
  version: '10',
  timeout: CALL_MS,
  retries: RETRIES,
  ...(apiRoot !== undefined && { api: apiRoot }),
});

function apiOver(rest: REST, auth: boolean): DiscordApi {
  const call = (method: 'get' | 'post' | 'put' | 'patch') =>
    async function <T>(what: string, route: `/${string}`, { body, files, query }: Request = {}): Promise<T> {
      const data: RequestData = {
        auth,
        ...(body !== undefined && { body }),
        ...(files && files.length > 0 && { files: [...files] }),
        ...(query && { query: new URLSearchParams(query) }),
      };
      try {
        return (await rest[method](route, data)) as T;
      } catch (error) {
        throw failureOf(what, error);
      }
    };
  return { get: call('get'), post: call('post'), put: call('put'), patch: call('patch') };
}

export { Routes };
