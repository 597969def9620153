import {
  ChannelType,
  GuildMemberFlags,
  MessageType,
  type APIGuildMember,
  type APIMessage,
  type APIRole,
  type APIUser,
  type GatewayGuildCreateDispatchData,
} from 'discord-api-types/v10';
import type { MessageBody, RowBody } from './limits.ts';
import type { UploadedFile } from './multipart.ts';
import { snowflake } from './snowflake.ts';

/** A person at Discord. */
export interface Person {
  user: APIUser;
  locale: string;
  /** Whether the person lets the bot write to them. */
  dmsOpen: boolean;
}

export interface Channel {
  id: string;
  type: ChannelType;
  name: string;
  guild?: string;
  /** Of a direct message. */
  person?: string;
  /** Of a thread. */
  parent?: string;
}

export interface Guild {
  id: string;
  name: string;
  channels: Channel[];
  roles: { id: string; name: string }[];
  /** Members by user id. */
  members: Map<string, { roles: Set<string>; permissions: string }>;
}

/** A message as it stands, and what came with it. */
export interface Message extends Omit<APIMessage, 'flags' | 'components'> {
  flags: number;
  components: RowBody[];
  files: UploadedFile[];
  nonce_by_bot?: string;
}

const JOINED = '2026-01-01T00:00:00.000Z';
/** Every permission that there is today. */
export const EVERYTHING = String(2n ** 53n - 1n);
/** What a member without a special role may do. */
export const ORDINARY = '2248473465835073';

/** People, servers, channels and messages of the double. */
export class World {
  readonly bot: APIUser = { ...userOf('coursebell'), bot: true };
  /** Like the bot's, as Discord gives both the same id today. */
  readonly applicationId = this.bot.id;
  readonly people = new Map<string, Person>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  readonly messages = new Map<string, Message>();

  person(name: string, { locale = 'en-US', dmsOpen = true } = {}): Person {
    const person: Person = { user: userOf(name), locale, dmsOpen };
    this.people.set(person.user.id, person);
    return person;
  }

  guild(name: string): Guild {
    const id = snowflake();
    const guild: Guild = { id, name, channels: [], roles: [{ id, name: '@everyone' }], members: new Map() };
    this.guilds.set(id, guild);
    guild.members.set(this.bot.id, { roles: new Set(), permissions: EVERYTHING });
    this.channel(guild, 'general');
    return guild;
  }

  channel(guild: Guild, name: string, type: ChannelType = ChannelType.GuildText, parent?: string): Channel {
    const channel: Channel = { id: snowflake(), type, name, guild: guild.id, ...(parent !== undefined && { parent }) };
    guild.channels.push(channel);
    this.channels.set(channel.id, channel);
    return channel;
  }

  role(guild: Guild, name: string): { id: string; name: string } {
    const role = { id: snowflake(), name };
    guild.roles.push(role);
    return role;
  }

  join(guild: Guild, person: Person, permissions = ORDINARY) {
    guild.members.set(person.user.id, { roles: new Set(), permissions });
  }

  directChannel(person: Person): Channel {
    for (const channel of this.channels.values()) if (channel.person === person.user.id) return channel;
    const channel: Channel = { id: snowflake(), type: ChannelType.DM, name: '', person: person.user.id };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** Messages of a channel, oldest first. */
  messagesIn(channelId: string): Message[] {
    return [...this.messages.values()].filter((message) => message.channel_id === channelId);
  }

  post(channelId: string, author: APIUser, body: MessageBody, files: UploadedFile[] = []): Message {
    const message: Message = {
      id: snowflake(),
      channel_id: channelId,
      author,
      content: body.content ?? '',
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: attachmentsOf(files),
      embeds: body.embeds ?? [],
      components: body.components ?? [],
      pinned: false,
      type: MessageType.Default,
      flags: body.flags ?? 0,
      files,
      ...(body.nonce !== undefined && { nonce: body.nonce, nonce_by_bot: String(body.nonce) }),
    };
    this.messages.set(message.id, message);
    return message;
  }

  edit(message: Message, body: MessageBody, files: UploadedFile[] = []): Message {
    if (body.content !== undefined) message.content = body.content ?? '';
    if (body.embeds !== undefined) message.embeds = body.embeds ?? [];
    if (body.components !== undefined) message.components = body.components ?? [];
    if (body.attachments !== undefined || files.length > 0) {
      const kept = new Set((body.attachments ?? []).map((each) => String(each.id)));
      message.attachments = [...message.attachments.filter((each) => kept.has(each.id)), ...attachmentsOf(files)];
      message.files = files;
    }
    message.edited_timestamp = new Date().toISOString();
    return message;
  }

  member(guild: Guild, userId: string): APIGuildMember {
    const member = guild.members.get(userId);
    return {
      user: userId === this.bot.id ? this.bot : this.people.get(userId)!.user,
      roles: [...(member?.roles ?? [])],
      joined_at: JOINED,
      deaf: false,
      mute: false,
      flags: GuildMemberFlags.CompletedOnboarding,
      avatar: null,
      banner: null,
    };
  }

  /** As GUILD_CREATE tells of a server. */
  guildPayload(guild: Guild): GatewayGuildCreateDispatchData {
    return {
      id: guild.id,
      name: guild.name,
      icon: null,
      splash: null,
      owner_id: this.bot.id,
      roles: guild.roles.map((role, position) => rolePayload(role, guild, position)),
      emojis: [],
      stickers: [],
      channels: guild.channels.filter((one) => one.parent === undefined).map((one) => channelPayload(one)),
      threads: [],
      members: [this.member(guild, this.bot.id)],
      presences: [],
      voice_states: [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
      member_count: guild.members.size,
      large: false,
      unavailable: false,
      features: [],
      afk_timeout: 300,
      verification_level: 0,
      default_message_notifications: 0,
      explicit_content_filter: 0,
      mfa_level: 0,
      nsfw_level: 0,
      premium_tier: 0,
      preferred_locale: 'zh-CN',
      system_channel_id: null,
      system_channel_flags: 0,
      premium_progress_bar_enabled: false,
      joined_at: JOINED,
    } as unknown as GatewayGuildCreateDispatchData;
  }
}

/** As Discord shows a channel. */
export function channelPayload({ id, type, name, guild, parent, person }: Channel): Record<string, unknown> {
  if (person !== undefined) return { id, type, last_message_id: null, recipients: [] };
  return {
    id,
    type,
    name,
    guild_id: guild,
    position: 0,
    permission_overwrites: [],
    parent_id: parent ?? null,
    ...(parent !== undefined && {
      thread_metadata: { archived: false, auto_archive_duration: 1440, archive_timestamp: JOINED, locked: false },
    }),
  };
}

function rolePayload({ id, name }: { id: string; name: string }, guild: Guild, position: number): APIRole {
  return {
    id,
    name,
    permissions: id === guild.id ? ORDINARY : '0',
    position,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    flags: 0,
  } as unknown as APIRole;
}

function attachmentsOf(files: readonly UploadedFile[]): APIMessage['attachments'] {
  return files.map((file) => ({
    id: snowflake(),
    filename: file.name,
    size: file.content.length,
    url: `https://cdn.discordapp.com/attachments/0/0/${file.name}`,
    proxy_url: `https://media.discordapp.net/attachments/0/0/${file.name}`,
  }));
}

function userOf(name: string): APIUser {
  return { id: snowflake(), username: name, discriminator: '0', global_name: name, avatar: null };
}
