import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';

/** What a refusal or a failure means for who asked. */
export type FailureKind =
  /** The person's direct messages are closed, or nobody is there. */
  | 'unreachable'
  | 'rate-limited'
  /** Worth another try: Discord's own fault, the network, a time-out. */
  | 'temporary'
  /** The request itself is refused. */
  | 'permanent'
  /** A permission is missing in the server or channel. */
  | 'forbidden'
  /** What was asked for is not there (any more). */
  | 'missing'
  /** The token is not (any longer) a bot's. */
  | 'unauthorised';

/** Codes of Discord's API, as far as they mean something to us. */
export const code = {
  unknownChannel: 10_003,
  unknownMember: 10_007,
  unknownRole: 10_011,
  unknownUser: 10_013,
  unknownInteraction: 10_062,
  alreadyAcknowledged: 40_060,
  missingAccess: 50_001,
  closedDirectMessages: 50_007,
  missingPermissions: 50_013,
  invalidWebhookToken: 50_027,
  unknownWebhook: 10_015,
  invalidRecipient: 50_033,
  noSharedServer: 50_278,
  openingTooFast: 40_003,
} as const;

const NOBODY: ReadonlySet<number> = new Set([
  code.unknownUser,
  code.closedDirectMessages,
  code.invalidRecipient,
  code.noSharedServer,
]);

/** Opening direct messages too fast is refused without a time to wait. */
const OPENING_PAUSE_MS = 60_000;

/**
 * A request to Discord that failed. Holds neither the token nor anything that was sent: its message
 * may be logged.
 */
export class DiscordFailure extends Error {
  constructor(
    /** What was tried, such as 'send'. */
    what: string,
    readonly kind: FailureKind,
    reason: string,
    /** Discord's own code, see `code`; 0 where there is none. */
    readonly code = 0,
    readonly retryAfterMs = 0,
    /** Whether nothing at all may be asked for so long. */
    readonly everywhere = false,
  ) {
    super(`Discord ${what}: ${reason}`);
  }
}

/** The cause itself is left behind: it holds the request, and its address may hold a token. */
export function failureOf(what: string, error: unknown): DiscordFailure {
  if (error instanceof DiscordFailure) return error;
  if (error instanceof RateLimitError)
    return new DiscordFailure(what, 'rate-limited', 'too many requests', 0, error.retryAfter, error.global);
  if (error instanceof DiscordAPIError) return ofApi(what, Number(error.code), error.status);
  if (error instanceof HTTPError) return new DiscordFailure(what, 'temporary', `answered ${error.status}`);
  return new DiscordFailure(what, 'temporary', networkReason(error));
}

function ofApi(what: string, found: number, status: number): DiscordFailure {
  const reason = `refused with ${status}, code ${found}`;
  if (found === code.openingTooFast) return new DiscordFailure(what, 'rate-limited', reason, found, OPENING_PAUSE_MS);
  if (NOBODY.has(found)) return new DiscordFailure(what, 'unreachable', reason, found);
  if (status === 401 && found !== code.invalidWebhookToken)
    return new DiscordFailure(what, 'unauthorised', reason, found);
  if (status === 404 || found === code.invalidWebhookToken) return new DiscordFailure(what, 'missing', reason, found);
  if (status === 403) return new DiscordFailure(what, 'forbidden', reason, found);
  return new DiscordFailure(what, 'permanent', reason, found);
}

/** Of an error below HTTP only its short name is safe. */
function networkReason(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  // After a refused token the client forgets it, and says so with these words.
  if (message?.startsWith('Expected token to be set')) return 'the token was refused';
  return code ?? name ?? 'the answer can not be read';
}
