import type { TelegramUpdate } from '@gramio/types';

/** What the updates go out through. */
type Poll = { answer(updates: TelegramUpdate[]): void; conflict(): void; limit: number; allowed: readonly string[] };

export interface Hook {
  url: string;
  secret?: string;
}

/** Sends one update to a webhook. @returns the status of the answer. */
export type Via = (url: string, headers: Record<string, string>, update: TelegramUpdate) => Promise<number>;

const throughHttp: Via = async (url, headers, update) =>
  (await fetch(url, { method: 'POST', headers, body: JSON.stringify(update) })).status;

/** Kinds that come only when they are asked for by name. */
const ASKED_FOR = ['chat_member', 'message_reaction', 'message_reaction_count'];
/** A webhook that does not answer 2xx is asked again. */
const TRIES = 4;
const PAUSE_MS = 30;

/** The queue of updates of a bot: given to a held long poll, or to its webhook. */
export class Updates {
  readonly queue: TelegramUpdate[] = [];
  hook: Hook | undefined;
  allowed: readonly string[] = [];
  via: Via = throughHttp;
  private poll: Poll | undefined;
  private delivering = Promise.resolve();

  put(update: TelegramUpdate): void {
    this.queue.push(update);
    if (this.hook) this.delivering = this.delivering.then(() => this.toHook(update));
    else setImmediate(() => this.flush());
  }

  /** Takes a long poll; what its offset confirms is forgotten. */
  take(offset: number, hold: boolean, poll: Poll): void {
    this.poll?.conflict();
    this.poll = undefined;
    while (this.queue.length > 0 && this.queue[0]!.update_id < offset) this.queue.shift();
    this.poll = poll;
    this.flush(!hold);
  }

  /** The client went away, or its time is over. */
  drop(poll: Poll, answer: boolean): void {
    if (this.poll !== poll) return;
    this.poll = undefined;
    if (answer) poll.answer([]);
  }

  private flush(evenEmpty = false): void {
    const { poll } = this;
    if (!poll) return;
    const wanted = this.queue.filter((update) => wants(poll.allowed, update)).slice(0, poll.limit);
    if (wanted.length === 0 && !evenEmpty) return;
    this.poll = undefined;
    poll.answer(wanted);
  }

  private async toHook(update: TelegramUpdate): Promise<void> {
    for (let tries = 0; tries < TRIES && this.hook; tries++) {
      const { url, secret } = this.hook;
      if (!wants(this.allowed, update)) break;
      const status = await this.via(
        url,
        {
          'content-type': 'application/json',
          ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }),
        },
        update,
      ).catch(() => 0);
      if (status >= 200 && status < 300) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    const at = this.queue.indexOf(update);
    if (at >= 0) this.queue.splice(at, 1);
  }
}

function wants(allowed: readonly string[], update: TelegramUpdate): boolean {
  const kind = Object.keys(update).find((name) => name !== 'update_id');
  return kind !== undefined && (allowed.length > 0 ? allowed.includes(kind) : !ASKED_FOR.includes(kind));
}
