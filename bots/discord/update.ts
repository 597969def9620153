/** What people do at Discord, as far as we look at it: read from a gateway event, kept until it is answered. */

import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  InteractionType,
  MessageFlags,
  MessageType,
  PermissionFlagsBits,
  type APIApplicationCommandInteractionDataOption,
  type APIInteraction,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageReactionAddDispatchData,
  type GatewayMessageReactionRemoveDispatchData,
} from 'discord.js';

interface Base {
  /** Discord's id of the event. */
  id: string;
  /** Discord's id of the person. */
  person: string;
  /** Of the channel. */
  channel: string;
  /** Server; left out in direct messages. */
  guild?: string;
}

/** What an answer to an interaction needs. */
export interface Answerable extends Base {
  application: string;
  token: string;
  /** What the person is called. */
  name: string;
  /** As Discord names it: 'zh-CN'. */
  locale: string;
  /** Whether the person may manage the server. */
  admin: boolean;
}

export type Given = Readonly<Record<string, string | number | boolean>>;

export interface CommandUpdate extends Answerable {
  kind: 'command';
  command: string;
  subcommand?: string;
  options: Given;
  attachment?: { name: string; url: string; size: number };
}

/** A button or a choice of a menu. */
export interface PressUpdate extends Answerable {
  kind: 'press';
  /** As it stands on the button, see `bots/press`. */
  press: string;
  message: string;
  /** Whether the message is seen by the person alone. */
  ephemeral: boolean;
  /** Whether it shows a course or a list, and not words alone. */
  card: boolean;
}

/** A form that was filled in. */
export interface FormUpdate extends Answerable {
  kind: 'form';
  form: string;
  words: string;
  /** Whether it was opened from a message that the person alone sees. */
  ephemeral: boolean;
  card: boolean;
}

export interface TextUpdate extends Base {
  kind: 'text';
  text: string;
}

export interface ReactionUpdate extends Base {
  kind: 'reaction';
  message: string;
  emoji: string;
  added: boolean;
  /** ISO 8601. */
  at: string;
}

export type InteractionUpdate = CommandUpdate | PressUpdate | FormUpdate;
export type DiscordUpdate = InteractionUpdate | TextUpdate | ReactionUpdate;

/** An interaction; undefined for kinds that we have not. */
export function readInteraction(event: APIInteraction): InteractionUpdate | undefined {
  const user = event.member?.user ?? event.user;
  const channel = event.channel?.id;
  if (!user || channel === undefined) return undefined;
  const base: Answerable = {
    id: event.id,
    person: user.id,
    channel,
    ...(event.guild_id !== undefined && { guild: event.guild_id }),
    application: event.application_id,
    token: event.token,
    name: event.member?.nick ?? user.global_name ?? user.username,
    locale: 'locale' in event ? event.locale : 'en-US',
    admin: mayManage(event.member?.permissions),
  };
  const ephemeral = isEphemeral(event.message?.flags);
  const card = (event.message?.embeds.length ?? 0) > 0;
  if (event.type === InteractionType.ApplicationCommand) {
    if (event.data.type !== ApplicationCommandType.ChatInput) return undefined;
    const { options, subcommand } = flat(event.data.options ?? []);
    const [file] = Object.values(event.data.resolved?.attachments ?? {});
    return {
      ...base,
      kind: 'command',
      command: event.data.name,
      ...(subcommand !== undefined && { subcommand }),
      options,
      ...(file && { attachment: { name: file.filename, url: file.url, size: file.size } }),
    };
  }
  if (event.type === InteractionType.MessageComponent) {
    const { data, message } = event;
    const press = data.component_type === ComponentType.Button ? data.custom_id : data.values[0];
    return press === undefined
      ? undefined
      : { ...base, kind: 'press', press: whole(press), message: message.id, ephemeral, card };
  }
  if (event.type === InteractionType.ModalSubmit) {
    const words = event.data.components
      .flatMap((row) => ('component' in row ? [row.component] : 'components' in row ? row.components : []))
      .map((field) => ('value' in field && typeof field.value === 'string' ? field.value : ''))
      .join('\n');
    const form = event.data.custom_id;
    return { ...base, kind: 'form', form: whole(form), words: whole(words), ephemeral, card };
  }
  return undefined;
}

/** A message that a person wrote to the bot alone; undefined for all others. */
export function readText(message: GatewayMessageCreateDispatchData): TextUpdate | undefined {
  if (message.guild_id !== undefined || message.author.bot === true) return undefined;
  if (message.type !== MessageType.Default && message.type !== MessageType.Reply) return undefined;
  if (message.channel_type !== undefined && message.channel_type !== ChannelType.DM) return undefined;
  return {
    kind: 'text',
    id: message.id,
    person: message.author.id,
    channel: message.channel_id,
    text: whole(message.content),
  };
}

/**
 * A reaction to a message; whether it is one of ours shows when it is looked up.
 *
 * @param id of the event: a reaction has none of its own.
 */
export function readReaction(
  event: GatewayMessageReactionAddDispatchData | GatewayMessageReactionRemoveDispatchData,
  added: boolean,
  id: string,
  at: Date,
): ReactionUpdate | undefined {
  if (event.emoji.name === null) return undefined;
  return {
    kind: 'reaction',
    id,
    person: event.user_id,
    channel: event.channel_id,
    ...(event.guild_id !== undefined && { guild: event.guild_id }),
    message: event.message_id,
    emoji: event.emoji.name,
    added,
    at: at.toISOString(),
  };
}

/** Instant that is written in an id of Discord's. */
export function instantOf(id: string): Date {
  const EPOCH = 1_420_070_400_000n;
  return new Date(Number((BigInt(id) >> 22n) + EPOCH));
}

function flat(options: readonly APIApplicationCommandInteractionDataOption[]): { options: Given; subcommand?: string } {
  const values: Record<string, string | number | boolean> = {};
  let subcommand: string | undefined;
  for (const option of options) {
    if (option.type === ApplicationCommandOptionType.Subcommand) {
      subcommand = option.name;
      Object.assign(values, flat(option.options ?? []).options);
    } else if ('value' in option && option.type !== ApplicationCommandOptionType.Attachment) {
      values[option.name] = typeof option.value === 'string' ? whole(option.value) : option.value;
    }
  }
  return { options: values, ...(subcommand !== undefined && { subcommand }) };
}

const MANAGES = PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator;

function mayManage(permissions: string | undefined): boolean {
  return permissions !== undefined && (BigInt(permissions) & MANAGES) !== 0n;
}

/** Halves of characters, which can not be written into an id, as the sign for what can not be read. */
const whole = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd');

const isEphemeral = (flags: number | undefined): boolean => ((flags ?? 0) & MessageFlags.Ephemeral) !== 0;
