/** The assistant at a Discord of this machine, over the fixture catalogue. */

import { createDiscordBot, type DiscordBot } from '../../../bots/discord/bot.ts';
import { createConversation } from '../../../bots/conversation/conversation.ts';
import type { Database } from '../../../prisma/connect.ts';
import { createDiscordDouble, type DiscordDouble, type DoubleOptions } from '../../doubles/discord/index.ts';
import { fixtureServices } from '../conversation/chat.ts';

export interface Place {
  discord: DiscordDouble;
  bot: DiscordBot;
  /** What the log was told. */
  lines: string[];
  services: Awaited<ReturnType<typeof fixtureServices>>;
  close(): Promise<void>;
}

export interface PlaceOptions extends DoubleOptions {
  guild?: string;
  shards?: { ids: number[]; total: number };
  /** Token of the bot, where it is not the double's. */
  as?: string;
  /** Runs before the bot starts. */
  before?: (discord: DiscordDouble) => void;
  /** An existing double to connect to. */
  at?: DiscordDouble;
}

export async function openPlace(db: Database, options: PlaceOptions = {}): Promise<Place> {
  const discord = options.at ?? (await createDiscordDouble(options));
  options.before?.(discord);
  const lines: string[] = [];
  const services = await fixtureServices(db, (line) => lines.push(line));
  const bot = createDiscordBot({
    services: { ...services, conversation: createConversation(services) },
    settings: {
      currency: 'CNY',
      discord: {
        ...(options.guild !== undefined && { guild: options.guild }),
        ...(options.shards && { shards: options.shards }),
      },
      platforms: { discordToken: options.as ?? discord.token, discordApi: discord.root },
    },
  });
  const place: Place = {
    discord,
    bot,
    lines,
    services,
    async close() {
      await bot.close();
      if (!options.at) await discord.close();
    },
  };
  try {
    await bot.start();
  } catch (error) {
    await place.close();
    throw error;
  }
  return place;
}
