/** What is answered at once and changes nothing: suggestions while typing, turned pages, forms that open. */

import {
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  type APIInteraction,
  type APIInteractionResponse,
} from 'discord.js';
import { render } from '../../core/language/render.ts';
import type { Language } from '../../core/language/reply.ts';
import { findLearner } from '../../core/learner/store.ts';
import { findSent } from '../message/store.ts';
import { Routes } from './api.ts';
import { suggestions } from './commands/autocomplete.ts';
import { formOf } from './commands/given.ts';
import { languageOf, type Desk } from './desk.ts';
import { form, formOfPress, type Form } from './forms.ts';
import { turnsTo } from './render/pages.ts';
import type { CommandUpdate, InteractionUpdate, PressUpdate } from './update.ts';

/**
 * Answers what needs no turn.
 *
 * @param update the same interaction as we keep it, where it is one that we keep.
 * @returns false when it needs one.
 */
export async function answerAtOnce(
  desk: Desk,
  event: APIInteraction,
  update: InteractionUpdate | undefined,
): Promise<boolean> {
  const response = await quickResponse(desk, event, update);
  if (!response) return false;
  await desk.answers.post('answer at once', Routes.interactionCallback(event.id, event.token), { body: response });
  return true;
}

async function quickResponse(
  desk: Desk,
  event: APIInteraction,
  update: InteractionUpdate | undefined,
): Promise<APIInteractionResponse | undefined> {
  if (event.type === InteractionType.ApplicationCommandAutocomplete) {
    const { services } = desk;
    const choices = suggestions(event, services, languageOf(event.locale));
    return { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } };
  }
  if (!update || update.kind === 'form') return undefined;
  const language = languageOf(update.locale);
  const opened = update.kind === 'command' ? ofCommand(update) : formOfPress(update.press, update.guild !== undefined);
  if (opened) return { type: InteractionResponseType.Modal, data: form(opened, language) };
  const to = update.kind === 'press' ? turnsTo(update.press) : undefined;
  return to === undefined || update.kind !== 'press' ? undefined : turned(desk, update, to, language);
}

function ofCommand(update: CommandUpdate): Form | undefined {
  const name = formOf(update);
  return name && { name };
}

async function turned(
  { services, render: renderer }: Desk,
  { channel, message }: PressUpdate,
  to: number,
  locale: Language,
): Promise<APIInteractionResponse> {
  const sent = await findSent(services.db, 'discord', channel, message);
  const learner = sent?.learnerId === undefined ? undefined : await findLearner(services.db, sent.learnerId);
  const language = learner?.language ?? locale;
  if (!sent?.pages || !(to >= 0 && to < sent.pages.length)) {
    const content = render({ key: 'discord.page-gone' }, language);
    return {
      type: InteractionResponseType.ChannelMessageWithSource,
      data: { content, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
    };
  }
  return { type: InteractionResponseType.UpdateMessage, data: await renderer.page(sent.pages, to, language) };
}
