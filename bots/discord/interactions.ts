/** Slash commands, buttons, menus and forms. */

import { decodePress, type Reply } from '../../core/language/reply.ts';
import { keepSent } from '../message/store.ts';
import { noteSent } from '../update/store.ts';
import type { Work } from '../update/intake.ts';
import { commands } from '../conversation/commands.ts';
import { say, text } from '../conversation/say.ts';
import type { Turn } from '../conversation/turn.ts';
import { createAnswer, type Answer, type Manner } from './answer.ts';
import { readAttachment } from './attachment.ts';
import { inputOf } from './commands/given.ts';
import { languageOf, type Desk } from './desk.ts';
import { canDiscuss, discuss, withDiscussion } from './discussion.ts';
import { DiscordFailure } from './failure.ts';
import { submitted, withCodeButton } from './forms.ts';
import type { Outgoing } from './render/message.ts';
import { notShown, takeUndelivered } from './store.ts';
import { takeTurn, type Doer, type Taken } from './turns.ts';
import { instantOf, type CommandUpdate, type InteractionUpdate } from './update.ts';

export interface Interactions {
  /** Tells Discord that an answer comes, before its turn has; a repeat does nothing. */
  begin(update: InteractionUpdate): void;
  /** Answers; may run again for the same interaction. */
  work(update: InteractionUpdate, sent: Work['sent']): Promise<void>;
  /** Answers with a sentence that something went wrong. Never rejects. */
  apologise(update: InteractionUpdate): Promise<void>;
}

/** Interactions whose repeat is told from a new one. */
const REMEMBERED = 10_000;

export function createInteractions(desk: Desk): Interactions {
  const { services, answers, render } = desk;
  const { db, catalogue } = services;
  const log = (line: string) => services.log(line);
  /** Under way. */
  const open = new Map<string, Answer>();
  const begun = new Set<string>();

  return {
    begin(update) {
      if (begun.has(update.id)) return;
      begun.add(update.id);
      if (begun.size > REMEMBERED) begun.delete(begun.values().next().value!);
      // A failure shows again when the answer is there.
      answerTo(update)
        .acknowledge()
        .catch(() => {});
    },

    async work(update, sent) {
      try {
        await answerWhole(update, sent);
        open.delete(update.id);
      } catch (error) {
        const failure = error instanceof DiscordFailure ? error : undefined;
        if (failure?.kind === 'missing') {
          log(`An answer on Discord was given up: ${failure.message}`);
          return;
        }
        if (!failure || failure.kind === 'permanent') await apologise(update);
        throw error;
      }
    },

    apologise,
  };

  async function answerWhole(update: InteractionUpdate, sent: number): Promise<void> {
    const answer = answerTo(update);
    const late = !(await answer.acknowledge());
    const taken = await carryOut(update, answer.manner);
    if (late) {
      log('A Discord interaction came too late to be answered; what it did is kept');
      return;
    }
    const messages = await render.messages(taken.replies, taken.language);
    // A card or a list that was pressed stays; words alone give way to the next.
    const keeps = update.kind !== 'command' && update.card && answer.manner === 'in-place';
    for (const [index, message] of messages.entries()) {
      if (index < sent) continue;
      await show(update, answer, message, index === 0 && !keeps ? 'first' : 'next', taken);
      if (index + 1 < messages.length) await noteSent(db, 'discord', update.id, index + 1);
    }
    if (update.kind === 'command' && taken.learner?.messages) await showUndelivered(update, answer, taken);
  }

  async function apologise(update: InteractionUpdate): Promise<void> {
    try {
      const answer = answerTo(update);
      if (!(await answer.acknowledge())) return;
      const [message] = await render.messages([say('error')], languageOf(update.locale));
      await answer.show(message!, answer.manner === 'in-place' ? 'private' : 'first');
    } catch {
      // The log has the cause of the first failure.
    }
  }

  /** One for each interaction, so that it is acknowledged once. */
  function answerTo(update: InteractionUpdate): Answer {
    const known = open.get(update.id);
    if (known) return known;
    const made = createAnswer(answers, update, mannerOf(update));
    open.set(update.id, made);
    if (open.size > REMEMBERED) open.delete(open.keys().next().value!);
    return made;
  }

  async function carryOut(update: InteractionUpdate, manner: Manner): Promise<Taken> {
    const { guild, channel, admin } = update;
    const doer: Doer = {
      id: update.id,
      person: update.person,
      ...(guild !== undefined && { server: { guild, channel, admin } }),
      discreet: manner !== 'public' || guild === undefined,
      name: update.name,
      locale: languageOf(update.locale),
      at: instantOf(update.id),
    };
    const input = await asked(update, doer);
    const course = discussed(update, input);
    if (course !== undefined && doer.server) return discuss(desk, doer, doer.server, course);
    const attachment =
      update.kind === 'command' && update.attachment && (await readAttachment(update.attachment, desk));
    const taken = await takeTurn(desk, doer, { input, ...(attachment && { attachment }) });
    const action = 'press' in input ? decodePress(input.press)?.action : undefined;
    if (action === 'coupons') return { ...taken, replies: withCodeButton(taken.replies) };
    if (doer.discreet) return taken;
    const press = 'press' in input ? input.press : '';
    const shows = taken.replies.some((reply) => reply.course !== undefined && reply.list === undefined);
    const threads = shows && guild !== undefined && (await canDiscuss(desk, guild));
    return { ...taken, replies: forServer(taken.replies, press, threads) };
  }

  async function asked(update: InteractionUpdate, { locale }: Doer): Promise<Turn['input']> {
    if (update.kind === 'command') return inputOf(update, catalogue);
    if (update.kind === 'form') return submitted(update.form, update.words, locale) ?? { press: update.form };
    return { press: (await desk.presses.expand(update.press)) ?? update.press };
  }

  async function show(
    update: InteractionUpdate,
    answer: Answer,
    message: Outgoing,
    as: 'first' | 'next' | 'private',
    { learner }: Pick<Taken, 'learner'>,
  ): Promise<string> {
    const platformId = await answer.show(message, as);
    const { course, ref, pages } = message.shows;
    if (course === undefined && !pages) return platformId;
    const seenByAll = answer.manner === 'public' && as !== 'private' && update.guild !== undefined;
    await keepSent(db, {
      channel: 'discord',
      chat: update.channel,
      platformId,
      course,
      ref,
      pages,
      ...(!seenByAll && learner && { learnerId: learner.id }),
    });
    return platformId;
  }

  /** What could not be sent to the person, now that they are here: each once. */
  async function showUndelivered(update: InteractionUpdate, answer: Answer, taken: Taken): Promise<void> {
    const waiting = await takeUndelivered(db, taken.learner!.id, new Date());
    for (const [at, { id, reply, shown }] of waiting.entries()) {
      try {
        const made = await render.messages([reply], taken.language);
        let platformId = '';
        const as = update.guild === undefined ? 'next' : 'private';
        for (const message of made) platformId = await show(update, answer, message, as, taken);
        await shown(platformId);
      } catch (error) {
        await notShown(
          db,
          waiting.slice(at).map((each) => each.id),
        );
        log(`A message that waited could not be shown: ${error instanceof Error ? error.message : id}`);
        return;
      }
    }
  }
}

/**
 * In servers what is personal is seen by the person alone: everything but the commands that are open.
 * So is help: there are no two kinds of commands here, every one can be used in the server.
 */
function mannerOf(update: InteractionUpdate): Manner {
  if (update.guild === undefined) return 'public';
  if (update.kind === 'command') return isPublic(update) ? 'public' : 'ephemeral';
  return update.ephemeral ? 'in-place' : 'ephemeral';
}

function isPublic({ command: name, options }: CommandUpdate): boolean {
  // How it stands is for all; what managers do about it is not.
  if (name === 'challenge' && Object.keys(options).length > 0) return false;
  const command = commands.find((each) => each.name === name);
  return command?.open === true && !command.manager && name !== 'help';
}

/** What everybody sees: with a way to talk about the course, and a button whose answer is for its presser alone. */
function forServer(replies: readonly Reply[], press: string, threads: boolean): Reply[] {
  const shown = threads
    ? replies.map((reply) => (reply.list === undefined ? withDiscussion(reply) : reply))
    : [...replies];
  const last = shown.at(-1);
  const label = last && ownAnswer(last, decodePress(press)?.action);
  if (!last || label === undefined) return shown;
  return [...shown.slice(0, -1), { ...last, buttons: [...(last.buttons ?? []), [{ id: press, label: text(label) }]] }];
}

/** What the button says that gives its presser the whole answer; undefined where everybody has it already. */
function ownAnswer({ text: said, course }: Reply, action: string | undefined): string | undefined {
  if ('key' in said && said.key === 'group.private') return 'button.private';
  return action === 'recommend' || (action === 'course' && course !== undefined) ? 'button.for-you' : undefined;
}

/** The course whose thread is asked for. */
function discussed(update: InteractionUpdate, input: Turn['input']): string | undefined {
  if (update.kind === 'command') return update.command === 'discuss' ? String(update.options['course']) : undefined;
  const press = 'press' in input ? decodePress(input.press) : undefined;
  return press?.action === 'discuss' ? (press.course ?? '') : undefined;
}
