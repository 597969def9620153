/** What people write to the bot alone. Discord forbids to learn from it: it is answered, and no more. */

import { createHash } from 'node:crypto';
import type { APIMessage } from 'discord.js';
import { say } from '../conversation/say.ts';
import { keepSent } from '../message/store.ts';
import { noteSent } from '../update/store.ts';
import { Routes } from './api.ts';
import { languageOfText, type Desk } from './desk.ts';
import { DiscordFailure } from './failure.ts';
import type { Outgoing } from './render/message.ts';
import { takeTurn } from './turns.ts';
import { instantOf, type TextUpdate } from './update.ts';

/** Milliseconds after which a person sees that an answer is on its way. */
const PATIENCE_MS = 700;

/** Answers one message; may run again for the same. */
export async function answerText(desk: Desk, update: TextUpdate, sent: number): Promise<void> {
  const { services, render, api } = desk;
  const { channel, person, id, text } = update;
  const typing = setTimeout(() => {
    api.post('type', Routes.channelTyping(channel)).catch(() => {});
  }, PATIENCE_MS);
  try {
    const taken = await takeTurn(
      desk,
      { id, person, discreet: true, locale: languageOfText(text), at: instantOf(id) },
      { input: { text }, recordable: false },
    );
    const messages = await render.messages(taken.replies, taken.language);
    for (const [index, message] of messages.entries()) {
      if (index < sent) continue;
      const platformId = await sendMessage(desk.api, channel, message, `${id}:${index}`);
      if (index + 1 < messages.length) await noteSent(services.db, 'discord', id, index + 1);
      const { course, ref, pages } = message.shows;
      if (course === undefined && !pages) continue;
      const learnerId = taken.learner?.id;
      await keepSent(services.db, { channel: 'discord', chat: channel, platformId, course, ref, pages, learnerId });
    }
  } catch (error) {
    // Who closed their messages after writing gets no answer.
    const failure = error instanceof DiscordFailure ? error : undefined;
    if (failure?.kind === 'unreachable') return;
    if (!failure || failure.kind === 'permanent') await apologiseInText(desk, update);
    throw error;
  } finally {
    clearTimeout(typing);
  }
}

/** Answers with a sentence that something went wrong. Never rejects. */
export async function apologiseInText({ api, render }: Desk, { id, channel, text }: TextUpdate): Promise<void> {
  try {
    const [message] = await render.messages([say('error')], languageOfText(text));
    await sendMessage(api, channel, message!, `${id}:sorry`);
  } catch {
    // The log has the cause of the first failure.
  }
}

/**
 * Sends one message to a channel. Within some minutes the same `key` makes one message, however often
 * it is sent.
 *
 * @throws DiscordFailure
 */
export async function sendMessage(
  api: Desk['api'],
  channel: string,
  { body, files }: Pick<Outgoing, 'body' | 'files'>,
  key: string,
): Promise<string> {
  const sent = await api.post<APIMessage>('send', Routes.channelMessages(channel), {
    body: {
      ...body,
      attachments: files.map((file, id) => ({ id, filename: file.name })),
      nonce: nonceOf(key),
      enforce_nonce: true,
    },
    files,
  });
  return sent.id;
}

/** Discord takes 25 characters. */
const nonceOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 25);
