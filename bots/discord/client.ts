/** The connection to Discord's gateway, by discord.js: it connects again, resumes and shards by itself. */

import { Client, Events, GatewayCloseCodes, GatewayIntentBits, Options } from 'discord.js';
import { BotError } from '../bot.ts';
import { failureOf } from './failure.ts';
import type { DiscordSettings } from './settings.ts';

/** None of them is privileged: slash commands and buttons need none, and servers' messages are not read. */
const INTENTS = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.DirectMessageReactions,
];

/** An event as the gateway sends it. */
export interface Packet {
  t: string;
  /** Number within its session. */
  s: number;
  d: unknown;
}

export interface Gateway {
  /** @throws BotError for what the operator can mend. */
  connect(): Promise<void>;
  close(): Promise<void>;
  /** Whether this process serves a server; undefined: direct messages. */
  owns(guild: string | undefined): boolean;
  /** The bot itself, once connected. */
  self(): { id: string; name: string } | undefined;
}

export interface GatewayOptions {
  token: string;
  settings: DiscordSettings;
  take: (packet: Packet) => void;
  log: (line: string) => void;
}

export function createGateway({ token, settings, take, log }: GatewayOptions): Gateway {
  const { discordApi } = settings.platforms;
  const { shards } = settings.discord;
  const client: Client = new Client({
    intents: INTENTS,
    ...(shards ? { shards: shards.ids, shardCount: shards.total } : { shards: 'auto' as const }),
    rest: { version: '10', ...(discordApi !== undefined && { api: discordApi }) },
    // We keep what we need ourselves: another shard has another process.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === client.user?.id },
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === client.user?.id },
      ReactionManager: 0,
      ReactionUserManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      ThreadManager: 0,
      ThreadMemberManager: 0,
      GuildEmojiManager: 0,
      GuildStickerManager: 0,
      GuildScheduledEventManager: 0,
      StageInstanceManager: 0,
    }),
  });
  client.on(Events.Raw, (packet: Packet) => take(packet));
  readOurselves(client);
  client.on(Events.Error, (error) => log(`Discord: ${error.name}`));
  client.on(Events.ShardError, (error, shard) => log(`Discord, shard ${shard}: ${error.name}`));

  return {
    async connect() {
      const ended = new Promise<never>((_, reject) => {
        client.on(Events.ShardDisconnect, ({ code }, shard) => {
          log(`Discord has closed shard ${shard} for good, with code ${code}: ${meaning(code)}`);
          reject(new BotError(meaning(code)));
        });
      });
      // Later on the log alone is told.
      ended.catch(() => {});
      const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
      try {
        await Promise.race([Promise.all([client.login(token), ready]), ended]);
      } catch (error) {
        await client.destroy();
        throw asBotError(error);
      }
    },
    async close() {
      await client.destroy();
    },
    owns(guild) {
      if (!shards) return true;
      const shard = guild === undefined ? 0 : Number((BigInt(guild) >> 22n) % BigInt(shards.total));
      return shards.ids.includes(shard);
    },
    self: () => (client.user ? { id: client.user.id, name: client.user.username } : undefined),
  };
}

/** Events that are read as they come, see `Events.Raw`. */
const OURS: ReadonlySet<string> = new Set([
  'INTERACTION_CREATE',
  'MESSAGE_CREATE',
  'MESSAGE_REACTION_ADD',
  'MESSAGE_REACTION_REMOVE',
]);

/**
 * discord.js makes objects of every event, whether anybody asks for them or not, and one that is not as
 * it expects ends the process. What we read ourselves it is not shown; it offers no other way to say so.
 */
function readOurselves({ ws }: Client) {
  const manager = ws as unknown as { handlePacket: (packet?: Packet, shard?: unknown) => boolean };
  const handle = manager.handlePacket.bind(manager);
  manager.handlePacket = (packet, shard) => (packet && OURS.has(packet.t) ? true : handle(packet, shard));
}

export const WRONG_TOKEN =
  'Discord does not know the token in DISCORD_BOT_TOKEN. Copy it again: Developer Portal, your application, Bot, Reset Token';

function asBotError(error: unknown): unknown {
  if (error instanceof BotError) return error;
  if ((error as { code?: unknown }).code === 'TokenInvalid') return new BotError(WRONG_TOKEN);
  const { message } = error as Error;
  const code = Object.entries(closings).find(([, words]) => message.includes(words))?.[0];
  if (code !== undefined) return new BotError(meaning(Number(code)));
  return failureOf('connect', error);
}

/** discord.js's words for a closing. */
const closings: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: 'Authentication failed',
  [GatewayCloseCodes.InvalidShard]: 'Invalid shard',
  [GatewayCloseCodes.ShardingRequired]: 'Sharding is required',
  [GatewayCloseCodes.DisallowedIntents]: 'disallowed intents',
};

function meaning(code: number): string {
  return meanings[code] ?? `the connection was closed with code ${code}`;
}

const meanings: Readonly<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]: WRONG_TOKEN,
  [GatewayCloseCodes.DisallowedIntents]:
    'Discord refuses an intent to this bot (4014). Coursebell needs none that is privileged: see in the Developer Portal, Bot, whether the application was restricted',
  [GatewayCloseCodes.InvalidShard]:
    'Discord does not know such a shard (4010): see "discord.shards" in coursebell.config.json',
  [GatewayCloseCodes.ShardingRequired]:
    'The bot is in too many servers for one shard (4011): set "discord.shards" in coursebell.config.json, or leave it out',
};
