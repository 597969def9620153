/**
 * Discord in one process and one port: REST over HTTP and the gateway over a WebSocket, as documented.
 * What the bot sends is held to Discord's limits, and refused where Discord would.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InteractionType, type RESTPostAPIApplicationCommandsJSONBody } from 'discord-api-types/v10';
import { Gateway } from './gateway.ts';
import { Interaction } from './interaction.ts';
import { createPace, type PaceLimits } from './pace.ts';
import { answer, type Call, type Desk, type Fault } from './rest.ts';
import { snowflake } from './snowflake.ts';
import { channelPayload, World, type Channel, type Guild, type Message, type Person } from './world.ts';

export type { Call, Fault } from './rest.ts';
export type { Channel, Guild, Message, Person } from './world.ts';
export type { Interaction } from './interaction.ts';

export interface DoubleOptions {
  token?: string;
  /** Time in which Discord wants an interaction acknowledged. */
  patienceMs?: number;
  heartbeatMs?: number;
  /** Intents that the application was not granted. */
  refusedIntents?: number;
  /** Rate limits to hold the bot to; none when left out. */
  limits?: PaceLimits;
}

/** Where somebody does something: alone with the bot, or in a server's channel. */
export type Where = 'direct' | Guild | { guild: Guild; channel: Channel };

export interface Option {
  name: string;
  value: string | number | boolean;
  type?: number;
  focused?: boolean;
}

export type DiscordDouble = Awaited<ReturnType<typeof createDiscordDouble>>;

export async function createDiscordDouble(options: DoubleOptions = {}) {
  const { token = 'MTk4NjIy.Cl2FMQ.token-of-the-double', patienceMs = 3000, heartbeatMs = 41_250 } = options;
  const world = new World();
  const pace = options.limits && createPace(options.limits);
  const faults = new Set<{ match: (call: Call) => boolean; fault: Answers; left: number }>();
  const dispatched = new Map<string, () => void>();
  const listeners = new Set<(call: Call) => void>();
  const desk: Desk = {
    world,
    token,
    gatewayUrl: () => gateway.url,
    interactions: new Map(),
    commands: new Map(),
    files: new Map(),
    calls: [],
    fault: (call) => chooseFault(call) ?? pace?.take(call),
    heard: (call) => listeners.forEach((listener) => listener(call)),
  };
  const server = createServer((request, response) => {
    answer(desk, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const gateway = new Gateway(server, world, { token, heartbeatMs, refusedIntents: options.refusedIntents ?? 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    /** For `rest.api` of a client. */
    root: `${origin}/api`,
    token,
    world,
    gateway,
    /** Everything that the bot asked, in order. */
    calls: desk.calls,
    /** Registered commands: '' for everywhere, else by server id. */
    commands: desk.commands as ReadonlyMap<string, RESTPostAPIApplicationCommandsJSONBody[]>,
    interactions: desk.interactions as ReadonlyMap<string, Interaction>,
    /** Requests over the limits. */
    exceeded: () => pace?.exceeded() ?? 0,

    person: (name: string, about?: { locale?: string; dmsOpen?: boolean }) => world.person(name, about),
    /** A server with the bot in it; bots that are connected hear of it. */
    guild(name: string, ...members: Person[]): Guild {
      const guild = world.guild(name);
      for (const member of members) world.join(guild, member);
      gateway.dispatch('GUILD_CREATE', world.guildPayload(guild), guild.id);
      return guild;
    },
    /** The bot is thrown out. */
    leave(guild: Guild) {
      world.guilds.delete(guild.id);
      gateway.dispatch('GUILD_DELETE', { id: guild.id }, guild.id);
    },

    slash: (person: Person, name: string, given: readonly Given[] = [], where: Where = 'direct') =>
      interact(person, where, undefined, InteractionType.ApplicationCommand, command(name, given)),
    autocomplete: (person: Person, name: string, given: readonly Given[], where: Where = 'direct') =>
      interact(person, where, undefined, InteractionType.ApplicationCommandAutocomplete, command(name, given)),
    /** Presses the button (or chooses from the menu, with `values`) of a message. */
    press: (person: Person, message: Message, customId: string, values?: string[]) =>
      interact(person, whereOf(message), message, InteractionType.MessageComponent, {
        custom_id: customId,
        component_type: values ? 3 : 2,
        ...(values && { values }),
      }),
    /** Sends a form that the bot opened. */
    submit: (person: Person, interaction: Interaction, fields: Readonly<Record<string, string>>) =>
      interact(person, whereOfInteraction(interaction), interaction.source, InteractionType.ModalSubmit, {
        custom_id: interaction.modal!.custom_id,
        components: Object.entries(fields).map(([custom_id, value], at) => ({
          type: 18,
          id: at + 1,
          component: { type: 4, id: at + 10, custom_id, value },
        })),
      }),
    /** Sends the same event once more, as a gateway may. */
    again: (interaction: Interaction) => dispatched.get(interaction.id)?.(),

    /** Writes to the bot. */
    say(person: Person, text: string): Message {
      const channel = world.directChannel(person);
      const message = world.post(channel.id, person.user, { content: text });
      gateway.dispatch('MESSAGE_CREATE', { ...message, channel_type: channel.type });
      return message;
    },
    react: (person: Person, message: Message, emoji: string) =>
      reaction('MESSAGE_REACTION_ADD', person, message, emoji),
    unreact: (person: Person, message: Message, emoji: string) =>
      reaction('MESSAGE_REACTION_REMOVE', person, message, emoji),

    /** Puts a file where attachments are; returns it as a command's option has it. */
    file(name: string, content: string) {
      const id = snowflake();
      const path = `/attachments/${id}/${name}`;
      desk.files.set(path, content);
      return { id, filename: name, size: Buffer.byteLength(content), url: origin + path, proxy_url: origin + path };
    },

    /** Answers calls that match with a fault; `times` of them. Returns how to stop it. */
    on(match: Match, fault: Answers, times = Infinity) {
      const entry = { match: matcher(match), fault, left: times };
      faults.add(entry);
      return () => faults.delete(entry);
    },
    /** The next call that matches, once it is answered. */
    next(match: Match): Promise<Call> {
      const fits = matcher(match);
      return new Promise((resolve) => {
        const listener = (call: Call) => {
          if (!fits(call)) return;
          listeners.delete(listener);
          resolve(call);
        };
        listeners.add(listener);
      });
    },
    /** Calls so far that match. */
    called: (match: Match) => desk.calls.filter(matcher(match)),

    async close() {
      gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function interact(person: Person, where: Where, source: Message | undefined, type: InteractionType, data: unknown) {
    const guild = where === 'direct' ? undefined : 'guild' in where ? where.guild : where;
    const channel =
      where === 'direct' ? world.directChannel(person) : 'guild' in where ? where.channel : where.channels[0]!;
    const interaction = new Interaction(world, person, channel, guild, source, patienceMs);
    desk.interactions.set(interaction.token, interaction);
    const payload = {
      id: interaction.id,
      application_id: world.applicationId,
      token: interaction.token,
      version: 1,
      type,
      data,
      channel_id: channel.id,
      channel: { ...channelPayload(channel), permissions: '2248473465835073' },
      locale: person.locale,
      entitlements: [],
      attachment_size_limit: 10_485_760,
      app_permissions: guild?.members.get(world.bot.id)?.permissions ?? '0',
      authorizing_integration_owners: guild ? { 0: guild.id } : {},
      context: guild ? 0 : 1,
      ...(source && { message: { ...source, files: undefined } }),
      ...(guild
        ? {
            guild_id: guild.id,
            guild_locale: 'zh-CN',
            guild: { id: guild.id, locale: 'zh-CN', features: [] },
            member: {
              ...world.member(guild, person.user.id),
              permissions: guild.members.get(person.user.id)!.permissions,
            },
          }
        : { user: person.user }),
    };
    const send = () => gateway.dispatch('INTERACTION_CREATE', payload, guild?.id);
    dispatched.set(interaction.id, send);
    send();
    return interaction;
  }

  function reaction(event: string, person: Person, message: Message, emoji: string) {
    const guild = guildOf(message.channel_id);
    const payload = {
      user_id: person.user.id,
      channel_id: message.channel_id,
      message_id: message.id,
      emoji: { id: null, name: emoji },
      burst: false,
      type: 0,
      ...(guild && { guild_id: guild.id }),
      ...(event === 'MESSAGE_REACTION_ADD' && {
        message_author_id: message.author.id,
        ...(guild && { member: world.member(guild, person.user.id) }),
      }),
    };
    gateway.dispatch(event, payload, guild?.id);
  }

  function whereOf(message: Message): Where {
    const guild = guildOf(message.channel_id);
    return guild ? { guild, channel: world.channels.get(message.channel_id)! } : 'direct';
  }

  function guildOf(channelId: string): Guild | undefined {
    const id = world.channels.get(channelId)?.guild;
    return id === undefined ? undefined : world.guilds.get(id);
  }

  function chooseFault(call: Call): Fault | undefined {
    for (const entry of faults) {
      if (entry.left < 1 || !entry.match(call)) continue;
      const fault = typeof entry.fault === 'function' ? entry.fault(call) : entry.fault;
      if (!fault) continue;
      entry.left -= 1;
      return fault;
    }
    return undefined;
  }
}

/** By path, by method and path, or by anything. */
export type Match = RegExp | string | ((call: Call) => boolean);
type Answers = Fault | ((call: Call) => Fault | undefined);
export type Given =
  Option | { name: string; type: 1; options: readonly Given[] } | { name: string; file: { id: string } };

/** A RegExp or a text is looked for in `POST /channels/1/messages`. */
function matcher(match: Match): (call: Call) => boolean {
  if (typeof match === 'function') return match;
  const line = (call: Call) => `${call.method} ${call.path}`;
  return (call) => (typeof match === 'string' ? line(call).includes(match) : match.test(line(call)));
}

const typeOf = (value: string | number | boolean): number =>
  typeof value === 'string' ? 3 : typeof value === 'boolean' ? 5 : Number.isInteger(value) ? 4 : 10;

/** A command's data as Discord sends it. */
function command(name: string, given: readonly Given[]) {
  const attachments: Record<string, unknown> = {};
  const options = given.map(asOption);
  return { id: '900000000000000001', name, type: 1, options, resolved: { attachments } };

  function asOption(one: Given): unknown {
    if ('file' in one) {
      attachments[one.file.id] = one.file;
      return { name: one.name, type: 11, value: one.file.id };
    }
    if ('options' in one) return { name: one.name, type: 1, options: one.options.map(asOption) };
    return { type: typeOf(one.value), ...one };
  }
}

const whereOfInteraction = ({ guild, channel }: Interaction): Where => (guild ? { guild, channel } : 'direct');
