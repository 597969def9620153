/** The assistant at Discord: receives what people do there, and answers. */

import {
  type APIApplication,
  type APIInteraction,
  type GatewayGuildCreateDispatchData,
  type GatewayGuildDeleteDispatchData,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageReactionAddDispatchData,
} from 'discord.js';
import { errorText } from '../../core/numerics/error-text.ts';
import { BotError, type Bot, type BotServices } from '../bot.ts';
import { createPresses } from '../press/presses.ts';
import { createIntake } from '../update/intake.ts';
import { createAnswers, createApi, Routes } from './api.ts';
import { createGateway, WRONG_TOKEN, type Packet } from './client.ts';
import { createCommunities } from './communities.ts';
import { registerCommands } from './commands/register.ts';
import type { Desk } from './desk.ts';
import { answerText, apologiseInText } from './direct.ts';
import { discordEntrance } from './entrance.ts';
import { DiscordFailure } from './failure.ts';
import { createInteractions } from './interactions.ts';
import { answerAtOnce } from './quick.ts';
import { concernsCourse, countReaction } from './reactions.ts';
import { createRenderer } from './render/message.ts';
import { inviteUrl, type DiscordSettings } from './settings.ts';
import { readInteraction, readReaction, readText, type DiscordUpdate } from './update.ts';

export interface DiscordBotOptions {
  services: BotServices;
  settings: DiscordSettings;
}

/** An interaction that is not kept after this long is acknowledged all the same. */
const KEPT_MS = 1_500;

/** A bot that can be asked whether it has nothing left to do. */
export interface DiscordBot extends Bot {
  /** Resolves when everything taken is answered. */
  idle(): Promise<void>;
}

export function createDiscordBot({ services, settings }: DiscordBotOptions): DiscordBot {
  const { db, catalogue } = services;
  const log = (line: string) => services.log(line);
  const { discordToken: token = '', discordApi: apiRoot } = settings.platforms;
  const presses = createPresses(db);
  const communities = createCommunities(db);
  const desk: Desk = {
    services,
    api: createApi({ token, apiRoot }),
    answers: createAnswers({ apiRoot }),
    presses,
    render: createRenderer(presses, { of: (id) => catalogue.get(id), currency: services.currency }, log),
    attachmentHost: apiRoot === undefined ? undefined : new URL(apiRoot).host,
    communityOf: communities.idOf,
  };
  const interactions = createInteractions(desk);
  const intake = createIntake({
    db,
    channel: 'discord',
    chatOf: (payload) => (payload as DiscordUpdate).person,
    work: ({ payload, sent }) => work(payload as DiscordUpdate, sent),
    owns: (payload) => gateway.owns((payload as DiscordUpdate).guild),
    log,
  });
  const gateway = createGateway({
    token,
    settings,
    log,
    take: (packet) =>
      void take(packet).catch((error: unknown) => log(`A Discord event was not taken: ${errorText(error)}`)),
  });
  /** Of events that are looked at before they are kept. */
  let looking = 0;

  return {
    async start() {
      const application = await ownApplication();
      await register(application);
      await intake.replay();
      await gateway.connect();
      services.links.set('discord', discordEntrance(gateway.self()!.id));
    },
    connectedAs: () => gateway.self()?.name,
    async close() {
      await gateway.close();
      await idle();
    },
    idle,
  };

  async function idle() {
    while (looking > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await intake.idle();
  }

  function work(update: DiscordUpdate, sent: number): Promise<void> {
    switch (update.kind) {
      case 'text':
        return answerText(desk, update, sent);
      case 'reaction':
        return countReaction(desk, update);
      default:
        return interactions.work(update, sent);
    }
  }

  async function take({ t, s, d }: Packet): Promise<void> {
    looking++;
    try {
      await read(t, s, d);
    } finally {
      looking--;
    }
  }

  async function read(event: string, sequence: number, data: unknown): Promise<void> {
    switch (event) {
      case 'INTERACTION_CREATE':
        return interaction(data as APIInteraction);
      case 'MESSAGE_CREATE':
        return text(data as GatewayMessageCreateDispatchData);
      case 'MESSAGE_REACTION_ADD':
      case 'MESSAGE_REACTION_REMOVE':
        return reaction(data as GatewayMessageReactionAddDispatchData, event === 'MESSAGE_REACTION_ADD', sequence);
      case 'GUILD_CREATE':
      case 'GUILD_UPDATE': {
        const { id, name, unavailable } = data as GatewayGuildCreateDispatchData;
        return unavailable ? undefined : communities.joined(id, name);
      }
      case 'GUILD_DELETE': {
        const { id, unavailable } = data as GatewayGuildDeleteDispatchData;
        // An outage is no farewell.
        return unavailable ? undefined : communities.left(id);
      }
    }
  }

  async function interaction(event: APIInteraction): Promise<void> {
    const update = readInteraction(event);
    if (await answerAtOnce(desk, event, update)) return;
    if (!update) return;
    // What Discord was told of is kept, so that it is answered whatever happens; but Discord waits three seconds only.
    const late = setTimeout(() => interactions.begin(update), KEPT_MS);
    try {
      await intake.take([{ id: update.id, payload: update }]);
      interactions.begin(update);
    } catch (error) {
      await interactions.apologise(update);
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  async function text(message: GatewayMessageCreateDispatchData): Promise<void> {
    const update = readText(message);
    if (!update) return;
    try {
      await intake.take([{ id: update.id, payload: update }]);
    } catch (error) {
      await apologiseInText(desk, update);
      throw error;
    }
  }

  async function reaction(event: GatewayMessageReactionAddDispatchData, added: boolean, sequence: number) {
    const { message_author_id: author } = event;
    if (author !== undefined && author !== gateway.self()?.id) return;
    // The same reaction may be taken back and given again.
    const id = `${event.message_id}:${event.user_id}:${event.emoji.name ?? ''}:${added}:${sequence}`;
    const update = readReaction(event, added, id, new Date());
    if (!update || update.person === gateway.self()?.id || !(await concernsCourse(desk, update))) return;
    await intake.take([{ id, payload: update }]);
  }

  /** @throws BotError for a token that Discord does not know. */
  async function ownApplication(): Promise<string> {
    try {
      return (await desk.api.get<APIApplication>('look at the application', Routes.currentApplication())).id;
    } catch (error) {
      if (error instanceof DiscordFailure && error.kind === 'unauthorised') throw new BotError(WRONG_TOKEN);
      throw error;
    }
  }

  async function register(application: string): Promise<void> {
    const { guild } = settings.discord;
    try {
      await registerCommands(desk.api, { application, guild });
    } catch (error) {
      const failure = error as DiscordFailure;
      if (failure.kind === 'forbidden' || failure.kind === 'missing')
        throw new BotError(
          `The commands can not be registered in the Discord server ${guild ?? ''}: let the bot in first, at ${inviteUrl(application)}`,
        );
      // Those of the last time are there still.
      log(`The commands for Discord were not registered: ${failure.message}`);
    }
  }
}
