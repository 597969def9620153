import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TelegramMessage, TelegramUpdate, TelegramUser } from '@gramio/types';
import { readParams } from './form.ts';
import { createJudge } from './judge.ts';
import { respond, sendFile, type Answer } from './respond.ts';
import { chatOf, Results } from './results.ts';
import { botApi } from './schema.ts';
import { Updates, type Via } from './updates.ts';

/** One call of the bot, `getUpdates` left out: those stand in `polls`. */
export interface Call {
  method: string;
  params: Record<string, unknown>;
  /** Whether it was refused or left without an answer. */
  failed: boolean;
  result?: unknown;
}

export interface TelegramDoubleOptions {
  /** Off only where the double is a part of a measurement. */
  checked?: boolean;
  /** What the bot is said to be. */
  me?: Partial<TelegramUser>;
  /** How a webhook is reached; by HTTP when left out. */
  via?: Via;
}

export type TelegramDouble = Awaited<ReturnType<typeof createTelegramDouble>>;

/** Waiting longer than this for a call is a failed test, in ms. */
const PATIENCE_MS = 15_000;

/**
 * A Bot API on this machine. Every call, its answer and every pushed update is checked against the
 * Bot API's own types, and against the description that BOT_API_DESCRIPTION names; `close` throws
 * when one was not as described, so that the test that made it fails.
 */
export async function createTelegramDouble({ checked = true, me = {}, via }: TelegramDoubleOptions = {}) {
  const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
  const self: TelegramUser = {
    id: 110_201_543,
    is_bot: true,
    first_name: 'Coursebell',
    username: 'coursebell_bot',
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    ...me,
  };
  const results = new Results(self);
  const updates = new Updates();
  if (via) updates.via = via;
  const judge = createJudge(checked);
  const { violations } = judge;
  const calls: Call[] = [];
  const polls: Record<string, unknown>[] = [];
  const answers = new Map<string, ((call: Call) => Answer | undefined | Promise<Answer | undefined>)[]>();
  const seen = new Map<string, number>();
  const waiting = new Set<() => void>();
  let lastUpdate = 5000;

  const server = http.createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      violations.push(`the double failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function take(request: http.IncomingMessage, response: http.ServerResponse) {
    const file = /^\/file\/bot([^/]+)\/documents\/([^/]+)$/.exec(request.url ?? '');
    if (file) {
      sendFile(response, file[1] === token ? results.files.get(file[2]!) : undefined);
      return;
    }
    const [, bearer, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    const params = await readParams(request, method, botApi());
    if (bearer !== token) {
      respond(response, { error: bearer?.includes(':') ? 401 : 404 });
      return;
    }
    judge.call(method, params);
    const call: Call = { method, params, failed: false };
    if (method === 'getUpdates') {
      const instead = await arranged(call);
      if (instead) respond(response, instead);
      else poll(params, response);
      return;
    }
    const answer = await answerTo(call);
    call.failed = typeof answer === 'string' || 'error' in answer;
    if (typeof answer === 'object' && 'result' in answer) call.result = answer.result;
    calls.push(call);
    for (const wake of [...waiting]) wake();
    respond(response, answer);
  }

  /** What a test has arranged with `on`. */
  async function arranged(call: Call): Promise<Answer | undefined> {
    for (const one of [...(answers.get(call.method) ?? []), ...(answers.get('*') ?? [])]) {
      const answer = await one(call);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  async function answerTo(call: Call): Promise<Answer> {
    const instead = await arranged(call);
    if (instead) return instead;
    const { method, params } = call;
    switch (method) {
      case 'setWebhook': {
        const { url, secret_token, allowed_updates } = params as {
          url: string;
          secret_token?: string;
          allowed_updates?: string[];
        };
        updates.hook = url ? { url, ...(secret_token !== undefined && { secret: secret_token }) } : undefined;
        updates.allowed = allowed_updates ?? updates.allowed;
        return { result: true };
      }
      case 'deleteWebhook':
        updates.hook = undefined;
        return { result: true };
      case 'getWebhookInfo':
        return {
          result: {
            url: updates.hook?.url ?? '',
            has_custom_certificate: false,
            pending_update_count: updates.queue.length,
          },
        };
    }
    const given = results.of(method, params);
    if ('refusal' in given) return { error: 400, description: given.refusal };
    judge.result(method, given.result);
    return given;
  }

  function poll(params: Record<string, unknown>, response: http.ServerResponse) {
    polls.push(params);
    for (const wake of [...waiting]) wake();
    const {
      offset = 0,
      timeout = 0,
      limit = 100,
      allowed_updates: allowed,
    } = params as Record<string, number> & { allowed_updates?: string[] };
    if (updates.hook) {
      respond(response, {
        error: 409,
        description:
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      });
      return;
    }
    if (allowed) updates.allowed = allowed;
    const held = {
      limit,
      allowed: updates.allowed,
      answer: (batch: TelegramUpdate[]) => end({ result: batch }),
      conflict: () =>
        end({
          error: 409,
          description:
            'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        }),
    };
    const timer = setTimeout(() => updates.drop(held, true), timeout * 1000);
    response.on('close', () => {
      clearTimeout(timer);
      updates.drop(held, false);
    });
    updates.take(offset, timeout > 0, held);

    function end(answer: Answer) {
      clearTimeout(timer);
      respond(response, answer);
    }
  }

  function push(update: Omit<TelegramUpdate, 'update_id'> & { update_id?: number }): TelegramUpdate {
    const whole = { update_id: ++lastUpdate, ...update };
    judge.update(whole);
    updates.put(whole);
    return whole;
  }

  return {
    /** For `apiRoot`. */
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    me: self,
    calls,
    /** Parameters of each `getUpdates`. */
    polls,
    violations,
    /** By file id: what the bot uploaded, and what it may download. */
    files: results.files,
    transactions: results.transactions,
    /** Updates that are not confirmed. */
    get pending(): readonly TelegramUpdate[] {
      return updates.queue;
    },
    push,

    /** Somebody says something; in a group (a negative id) it is person 7001 unless `extra.from` says otherwise. */
    message(chat: number, text: string, extra: Partial<TelegramMessage> = {}): TelegramUpdate {
      const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
      return push({
        message: {
          message_id: results.newMessageId(),
          date: Math.floor(Date.now() / 1000),
          chat: chatOf(chat),
          from: personOf(chat > 0 ? chat : 7001),
          ...(text !== '' && { text }),
          ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
          ...extra,
        },
      });
    },

    /** Somebody presses an inline button under a message of the bot. */
    press(chat: number, messageId: number, data: string, from = personOf(chat > 0 ? chat : 7001)): TelegramUpdate {
      const message = results.messageAt(chat, messageId);
      return push({
        callback_query: { id: String(results.newMessageId()), from, message, chat_instance: String(chat), data },
      });
    },

    /** Answers calls of a method ('*': of each), unless it gives undefined. The latest comes first. @returns ends it. */
    on(method: string, answer: (call: Call) => Answer | undefined | Promise<Answer | undefined>): () => void {
      const list = answers.get(method) ?? [];
      answers.set(method, list);
      list.unshift(answer);
      return () => void list.splice(list.indexOf(answer), 1);
    },

    /** Refuses the next calls of a method, once each. */
    refuse(method: string, ...failures: Exclude<Answer, { result: unknown }>[]): void {
      const off = this.on(method, () => {
        const failure = failures.shift();
        if (failures.length === 0) off();
        return failure;
      });
    },

    /** The next call of a method that no `next` has given yet; waits for it. Refused calls are passed over. */
    async next(method: string): Promise<Call> {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const from = seen.get(method) ?? 0;
        const at = calls.findIndex((call, index) => index >= from && call.method === method && !call.failed);
        if (at >= 0) {
          seen.set(method, at + 1);
          return calls[at]!;
        }
        await anything(deadline, `no call of ${method} came; there were ${calls.map((call) => call.method).join(' ')}`);
      }
    },

    /** Waits until something is true; looks after each call. */
    async until(condition: () => boolean, within = PATIENCE_MS): Promise<void> {
      const deadline = Date.now() + within;
      while (!condition()) await anything(deadline, 'what was waited for did not come');
    },

    /** @throws when a call or an update was not as the Bot API describes it. */
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (violations.length > 0)
        throw new Error(`Against the Bot API:\n${[...new Set(violations)].slice(0, 20).join('\n')}`);
    },
  };

  async function anything(deadline: number, failure: string) {
    await new Promise<void>((resolve, reject) => {
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(wake);
        reject(new Error(failure));
      }, deadline - Date.now());
      waiting.add(wake);
    });
  }
}

/** A person by number; Telegram numbers a private chat as its person. */
export const personOf = (id: number, language = 'en'): TelegramUser => ({
  id,
  is_bot: false,
  first_name: `Person ${id}`,
  language_code: language,
});
