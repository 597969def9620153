import { TelegramError } from 'telegraf';

/** What a refusal or a failure means for who called. */
export type FailureKind =
  /** Blocked, deactivated, kicked, never spoken to. */
  | 'unreachable'
  | 'rate-limited'
  /** Worth another try: Telegram's own fault, the network, a time-out. */
  | 'temporary'
  /** The call itself is refused. */
  | 'permanent'
  /** The token is not (any longer) a bot's. */
  | 'unauthorised'
  /** Somebody else receives this bot's updates. */
  | 'conflict';

/**
 * A call of the Bot API that failed. Holds neither the token nor anything that was sent: its message
 * may be logged.
 */
export class TelegramFailure extends Error {
  constructor(
    readonly method: string,
    readonly kind: FailureKind,
    /** Telegram's own words, without quoted parts. */
    readonly reason: string,
    readonly retryAfterMs = 0,
    /** The supergroup that the group has become. */
    readonly movedTo?: string,
  ) {
    super(`Telegram ${method}: ${reason}`);
  }
}

/** Refusals that Telegram gives 400 for and that mean nobody is there. */
const NOBODY =
  /chat not found|peer_id_invalid|user not found|user is deactivated|have no rights to send|chat_write_forbidden/i;

/** The cause itself is left behind: it holds the call's parameters, and its address the token. */
export function failureOf(method: string, error: unknown): TelegramFailure {
  if (!(error instanceof TelegramError)) return new TelegramFailure(method, 'temporary', networkReason(error));
  const { code, parameters } = error;
  const reason = `${code} ${error.description.replaceAll(/(['"“]).*?(['"”])/g, '…').slice(0, 120)}`;
  if (code === 429) return new TelegramFailure(method, 'rate-limited', reason, (parameters?.retry_after ?? 1) * 1000);
  if (code >= 500) return new TelegramFailure(method, 'temporary', reason);
  if (code === 401 || code === 404) return new TelegramFailure(method, 'unauthorised', reason);
  if (code === 409) return new TelegramFailure(method, 'conflict', reason);
  if (parameters?.migrate_to_chat_id !== undefined)
    return new TelegramFailure(method, 'permanent', reason, 0, String(parameters.migrate_to_chat_id));
  const nobody = code === 403 || NOBODY.test(error.description);
  return new TelegramFailure(method, nobody ? 'unreachable' : 'permanent', reason);
}

/** Of an error below HTTP only its short name is safe: its message holds the address with the token. */
function networkReason(error: unknown): string {
  const { name, code, type } = error as { name?: string; code?: string; type?: string };
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  return code ?? type ?? 'the answer can not be read';
}
