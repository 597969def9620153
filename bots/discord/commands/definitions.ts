/** The slash commands as Discord keeps them, in every language that we have. */

import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  Locale,
  PermissionFlagsBits,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type LocalizationMap,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { render } from '../../../core/language/render.ts';
import { traditional } from '../../../core/language/traditional.ts';
import { commands, type Command } from '../../conversation/commands.ts';
import { cut } from '../render/limits.ts';
import { shapes, type Option, type Shape } from './shapes.ts';

const LONGEST = 100;

export function definitions(): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  return [...commands.map((command) => define(command)), talk(), discuss()];
}

function define(command: Command): RESTPostAPIChatInputApplicationCommandsJSONBody {
  const { name, manager } = command;
  const options = optionsOf(name, shapes[name], command.argument);
  return {
    ...head(name, `command.${name}`),
    type: ApplicationCommandType.ChatInput,
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: manager ? [InteractionContextType.Guild] : [InteractionContextType.Guild, InteractionContextType.BotDM],
    // Discord hides it from others; whether they may is looked at again when it is used.
    default_member_permissions: manager ? String(PermissionFlagsBits.ManageGuild) : null,
    ...(options.length > 0 && { options }),
  };
}

function talk(): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    ...define({ name: 'talk', press: { action: 'help' } }),
    options: [asOption({ name: 'words', kind: 'text' })],
  };
}

function discuss(): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    ...define({ name: 'discuss', press: { action: 'course' } }),
    contexts: [InteractionContextType.Guild],
    options: [asOption({ name: 'course', kind: 'course', required: true })],
  };
}

function optionsOf(
  command: string,
  shape: Shape | undefined,
  argument: Command['argument'],
): APIApplicationCommandOption[] {
  if (shape?.subcommands) {
    return Object.entries(shape.subcommands).map(([name, options]) => ({
      type: ApplicationCommandOptionType.Subcommand,
      name,
      name_localizations: chinese(`discord.sub.${name}`),
      description: described(`discord.sub.${command}.${name}`),
      description_localizations: chinese(`discord.sub.${command}.${name}`),
      ...(options.length > 0 && { options: options.map(asOption) }),
    }));
  }
  if (shape?.options) return shape.options.map(asOption);
  if (argument === undefined) return [];
  return [asOption({ name: 'words', kind: 'text', ...(argument === 'required' && { required: true }) })];
}

const types = {
  text: ApplicationCommandOptionType.String,
  course: ApplicationCommandOptionType.String,
  topic: ApplicationCommandOptionType.String,
  number: ApplicationCommandOptionType.Integer,
  channel: ApplicationCommandOptionType.Channel,
  role: ApplicationCommandOptionType.Role,
  file: ApplicationCommandOptionType.Attachment,
} as const;

/** Channels where something can be posted. */
const CHANNELS = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildForum];

function asOption({ name, kind, required, least, most, choices }: Option): APIApplicationCommandBasicOption {
  return {
    ...head(name, `discord.option.${name}.what`, `discord.option.${name}`),
    type: types[kind],
    ...(required && { required }),
    ...((kind === 'course' || kind === 'topic') && { autocomplete: true }),
    ...(least !== undefined && { min_value: least }),
    ...(most !== undefined && { max_value: most }),
    ...(kind === 'channel' && { channel_types: CHANNELS }),
    ...(choices && {
      choices: choices.map(({ value, label }) => ({
        name: described(label),
        name_localizations: chinese(label),
        value,
      })),
    }),
  } as APIApplicationCommandBasicOption;
}

function head(name: string, description: string, names = `discord.command.${name}`) {
  return {
    name,
    name_localizations: chinese(names),
    description: described(description),
    description_localizations: chinese(description),
  };
}

const described = (key: string): string => cut(render({ key }, 'en'), LONGEST);

function chinese(key: string): LocalizationMap {
  const words = cut(render({ key }, 'zh'), LONGEST);
  return { [Locale.ChineseCN]: words, [Locale.ChineseTW]: traditional(words) };
}
