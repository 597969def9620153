/** Sends what was composed, in order, and copes with what Telegram refuses. */

import { setTimeout as pause } from 'node:timers/promises';
import type { TelegramMessage } from '@gramio/types';
import type { Reply } from '../../core/language/reply.ts';
import { markUnreachable } from '../../core/learner/store.ts';
import { moveCommunity } from '../../core/campaign/community/store.ts';
import { errorText } from '../../core/numerics/error-text.ts';
import { keepSent } from '../message/store.ts';
import type { Params, TelegramApi, Upload } from './call.ts';
import { compose, type Composer, type ComposeOptions, type Step } from './compose.ts';
import type { Desk } from './desk.ts';
import { TelegramFailure } from './failure.ts';
import type { Image } from './images.ts';
import { withoutLinks, type Keyboard } from './keyboard.ts';
import { keepFile, keepPoll, knownFile } from './store.ts';

export interface Destination {
  chat: string;
  /** Forum topic. */
  topic?: number | undefined;
  /** The message that is answered, where several people talk. */
  answers?: number | undefined;
  /** Whose private chat it is; left out where others read. */
  learnerId?: string | undefined;
}

export interface SendOptions extends Omit<ComposeOptions, 'polls'> {
  /** Calls that went out already, before a crash. */
  from?: number;
  /** Told after each call how many went out; not after the last. */
  sent?: (count: number) => Promise<void>;
  /** Whether what went out counts when a later call fails: then nothing is sent twice, but the rest is lost. */
  settles?: boolean;
  /** Awaited before each call after the first. */
  further?: (() => Promise<void>) | undefined;
  /** How long it stands by for what passes. */
  patience: Patience;
}

export interface Patience {
  /** Tries of a call that fails for a passing reason. */
  tries: number;
  /** Longest wait that Telegram may ask for, in all, in ms. */
  waitMs: number;
}

/** In an answer a person waits. */
export const ANSWERING: Patience = { tries: 4, waitMs: 60_000 };
/** A delivery is tried again by the queue. */
export const DELIVERING: Patience = { tries: 1, waitMs: 0 };

export interface Outlet {
  /**
   * Sends replies as messages, one after another.
   *
   * @returns id of the message with the last buttons.
   * @throws TelegramFailure for what did not pass and can not be sent in another way.
   */
  send(to: Destination, replies: readonly Reply[], options: SendOptions): Promise<string>;
}

export interface OutletDesk {
  api: TelegramApi;
  services: Pick<Desk['services'], 'db' | 'log'>;
  composer: Composer;
}

const FIRST_PAUSE_MS = 400;

export function createOutlet({ api, services, composer }: OutletDesk): Outlet {
  const { db, log } = services;
  return {
    async send(destination, replies, { from = 0, sent, further, settles, patience, ...options }) {
      const to = { ...destination };
      const steps = await compose(composer, replies, { ...options, polls: to.learnerId !== undefined });
      let main = '';
      // What is begun is brought to an end: the first message must not come again because a later one failed.
      let stand = patience;
      for (let at = from; at < steps.length; at++) {
        try {
          if (at > from) await further?.();
          const message = await sendStep(to, steps[at]!, stand);
          if (message) main = String(message.message_id);
        } catch (error) {
          if (!settles || main === '') throw error;
          log(`A message was cut short. ${(error as Error).message}`);
          return main;
        }
        if (at < steps.length - 1) await noted(sent?.(at + 1));
        stand = ANSWERING;
      }
      return main;
    },
  };

  /** @returns undefined when it was left out: a picture that is refused, beside its words. */
  async function sendStep(to: Destination, step: Step, patience: Patience): Promise<TelegramMessage | undefined> {
    let message: TelegramMessage;
    try {
      message = await patiently(patience, () => callOf(to, step));
    } catch (error) {
      if (!(error instanceof TelegramFailure)) throw error;
      const otherwise = await mend(to, step, error);
      if (!otherwise) throw error;
      let last: TelegramMessage | undefined;
      for (const one of otherwise) last = await sendStep(to, one, patience);
      return last;
    }
    await noted(keepShown(to, step, message));
    return message;
  }

  /** What went out went out: it must not be sent again because it could not be noted. */
  async function noted(work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
    } catch (error) {
      log(`A sent message could not be noted: ${errorText(error)}`);
    }
  }

  /** What to send in place of what was refused; changes the destination when that is what is wrong. */
  async function mend(to: Destination, step: Step, failure: TelegramFailure): Promise<Step[] | undefined> {
    if (failure.kind === 'unreachable' && to.learnerId !== undefined)
      await markUnreachable(db, { channel: 'telegram', chat: to.chat });
    if (failure.movedTo !== undefined) {
      await moveCommunity(db, 'telegram', to.chat, failure.movedTo);
      to.chat = failure.movedTo;
      return [step];
    }
    if (failure.kind !== 'permanent') return undefined;
    if (to.topic !== undefined && /thread|topic/i.test(failure.reason)) {
      to.topic = undefined;
      return [step];
    }
    if (/url/i.test(failure.reason) && step.keyboard && hasLinks(step.keyboard))
      return [{ ...step, keyboard: withoutLinks(step.keyboard) }];
    if (step.kind === 'photo') return step.instead;
    return undefined;
  }

  async function callOf(to: Destination, step: Step): Promise<TelegramMessage> {
    const common = {
      chat_id: to.chat,
      ...(to.topic !== undefined && { message_thread_id: to.topic }),
      ...(to.answers !== undefined && {
        reply_parameters: { message_id: to.answers, allow_sending_without_reply: true },
      }),
      ...(step.keyboard && { reply_markup: step.keyboard }),
    };
    switch (step.kind) {
      case 'text':
        return api.call('sendMessage', { ...common, text: step.text, link_preview_options: { is_disabled: true } });
      case 'photo':
        return sendPhoto(step.image, { ...common, ...(step.caption && { caption: step.caption }) });
      case 'document':
        return api.call('sendDocument', {
          ...common,
          document: step.file,
          ...(step.caption && { caption: step.caption }),
        });
      case 'quiz':
        return api.call('sendPoll', {
          ...common,
          question: step.question,
          options: step.options,
          type: 'quiz',
          correct_option_ids: [step.correct],
          is_anonymous: false,
        });
      case 'invoice':
        return api.call('sendInvoice', { ...step.invoice, ...common });
    }
  }

  /** A picture that Telegram has is sent by its id. */
  async function sendPhoto(image: Image, params: Omit<Params<'sendPhoto'>, 'photo'>): Promise<TelegramMessage> {
    const known = image.hash && (await knownFile(db, keyOf(api, image.hash)));
    if (known) {
      try {
        return await api.call('sendPhoto', { ...params, photo: known });
      } catch (error) {
        if (!(error instanceof TelegramFailure) || !/file/i.test(error.reason)) throw error;
      }
    }
    const message = await api.call('sendPhoto', { ...params, photo: await contentOf(image) });
    const id = message.photo?.at(-1)?.file_id;
    if (image.hash && id) await keepFile(db, keyOf(api, image.hash), id);
    return message;
  }

  async function contentOf({ source }: Image): Promise<string | Upload> {
    if ('url' in source) return source.url;
    try {
      return { source: await source.draw(), filename: 'picture.png' };
    } catch (error) {
      log(`A picture could not be drawn: ${errorText(error)}`);
      throw new TelegramFailure('sendPhoto', 'permanent', 'no picture');
    }
  }

  async function keepShown(to: Destination, step: Step, message: TelegramMessage): Promise<void> {
    if (step.kind === 'quiz' && message.poll && to.learnerId !== undefined)
      await keepPoll(db, { id: message.poll.id, learnerId: to.learnerId, chat: to.chat, presses: step.presses });
    if (!step.shown) return;
    const platformId = String(message.message_id);
    await keepSent(db, { channel: 'telegram', chat: to.chat, platformId, learnerId: to.learnerId, ...step.shown });
  }
}

const hasLinks = (keyboard: Keyboard): boolean => keyboard.inline_keyboard.flat().some(({ url }) => url);

/** Ids of files are good for one bot only. */
const keyOf = (api: TelegramApi, hash: string): string => `${api.botId}:${hash}`;

/** Tries again what Telegram or the network refuses for now. */
export async function patiently<T>({ tries, waitMs }: Patience, call: () => Promise<T>): Promise<T> {
  let waited = 0;
  for (let tried = 1; ; tried++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof TelegramFailure) || tried >= tries) throw error;
      if (error.kind === 'rate-limited') {
        waited += error.retryAfterMs;
        if (waited > waitMs) throw error;
        await pause(error.retryAfterMs);
      } else if (error.kind === 'temporary') await pause(FIRST_PAUSE_MS * 2 ** (tried - 1));
      else throw error;
    }
  }
}
