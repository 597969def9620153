/** The answer to one interaction: acknowledged within three seconds, then filled in. */

import { InteractionResponseType, MessageFlags, type APIMessage } from 'discord.js';
import { Routes, type DiscordApi } from './api.ts';
import { code, DiscordFailure } from './failure.ts';
import type { Outgoing } from './render/message.ts';
import { instantOf, type InteractionUpdate } from './update.ts';

/** An interaction's token works for 15 minutes. */
const TOKEN_MS = 15 * 60_000;

/** Where the answer goes. */
export type Manner =
  /** A message that everybody there sees. */
  | 'public'
  /** One that the person alone sees. */
  | 'ephemeral'
  /** In place of the message, seen by the person alone, whose button was pressed. */
  | 'in-place';

export interface Answer {
  readonly manner: Manner;
  /**
   * Tells Discord that an answer will come; called again it does nothing more.
   *
   * @returns false when it is too late for any.
   */
  acknowledge(): Promise<boolean>;
  /**
   * Shows one message of the answer.
   *
   * @param as 'first' takes the place of the acknowledgement or of the message that was pressed,
   *   'next' follows, 'private' follows and is seen by the person alone.
   * @returns its id.
   */
  show(message: Outgoing, as: 'first' | 'next' | 'private'): Promise<string>;
}

export function createAnswer(api: DiscordApi, update: InteractionUpdate, manner: Manner): Answer {
  let acknowledged: Promise<boolean> | undefined;
  const flags = manner === 'public' ? {} : { flags: MessageFlags.Ephemeral };

  return { manner, acknowledge, show };

  function acknowledge(): Promise<boolean> {
    acknowledged ??= defer().catch((error: unknown) => {
      acknowledged = undefined;
      throw error;
    });
    return acknowledged;
  }

  async function defer(): Promise<boolean> {
    if (Date.now() - instantOf(update.id).getTime() > TOKEN_MS) return false;
    const body =
      manner === 'in-place'
        ? { type: InteractionResponseType.DeferredMessageUpdate }
        : { type: InteractionResponseType.DeferredChannelMessageWithSource, data: flags };
    try {
      await api.post('acknowledge', Routes.interactionCallback(update.id, update.token), { body });
      return true;
    } catch (error) {
      const failed = error instanceof DiscordFailure ? error.code : 0;
      // Before a crash, or by a call whose answer was lost.
      if (failed === code.alreadyAcknowledged) return true;
      if (failed === code.unknownInteraction) return false;
      throw error;
    }
  }

  async function show({ body, files }: Outgoing, as: 'first' | 'next' | 'private'): Promise<string> {
    const { application, token } = update;
    const whole = { ...body, attachments: files.map((file, id) => ({ id, filename: file.name })) };
    const hidden = as === 'private' ? { flags: MessageFlags.Ephemeral } : flags;
    const sent =
      as === 'first'
        ? await api.patch<APIMessage>('answer', Routes.webhookMessage(application, token, '@original'), {
            body: whole,
            files,
          })
        : await api.post<APIMessage>('answer', Routes.webhook(application, token), {
            body: { ...whole, ...hidden },
            files,
          });
    return sent.id;
  }
}
