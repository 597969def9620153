/** The assistant at a Discord of this machine, over the fixture catalogue. */

import { createDiscordBot, type DiscordBot } from '../../../bots/discord/bot.ts';
import type { BotServices } from '../../../bots/bot.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { learnerAt } from '../../../core/learner/store.ts';
import type { Database } from '../../../prisma/connect.ts';
import {
  createDiscordDouble,
  type DiscordDouble,
  type DoubleOptions,
  type Interaction,
  type Person,
} from '../../doubles/discord/index.ts';
import { botServices } from '../telegram/services.ts';

export interface Place {
  discord: DiscordDouble;
  bot: DiscordBot;
  services: BotServices;
  /** What the log was told. */
  lines: string[];
  /** The interaction once everything is answered. */
  done(interaction: Interaction): Promise<Interaction>;
  /** Types of what a person's behaviour says, oldest first. */
  events(person: Person): Promise<string[]>;
  close(): Promise<void>;
}

export interface PlaceOptions extends DoubleOptions {
  guild?: string;
  shards?: { ids: number[]; total: number };
  /** Token of the bot, where it is not the double's. */
  as?: string;
  /** In place of the fixture's. */
  services?: Partial<BotServices>;
  /** An existing double to connect to. */
  at?: DiscordDouble;
}

export async function openPlace(db: Database, options: PlaceOptions = {}): Promise<Place> {
  const discord = options.at ?? (await createDiscordDouble(options));
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const services = await botServices(db, log);
  const bot = createDiscordBot({
    services: { ...services, ...options.services },
    settings: {
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
    services,
    lines,
    async done(interaction) {
      await interaction.answered;
      await bot.idle();
      return interaction;
    },
    async events(person) {
      const learner = await learnerAt(db, 'discord', person.user.id);
      return learner ? (await eventsOf(db, learner.id)).map((event) => event.type) : [];
    },
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

/** Ids of the buttons and menus under a message. */
export function idsOf({ components }: { components: Interaction['messages'][number]['components'] }): string[] {
  return components.flatMap((row) => row.components.map((each) => each.custom_id ?? each.url ?? ''));
}

/** The first button whose id begins so. */
export function buttonOf(interaction: Interaction, start: string): [Interaction['messages'][number], string] {
  for (const message of interaction.messages) {
    const id = idsOf(message).find((each) => each.startsWith(start));
    if (id !== undefined) return [message, id];
  }
  throw new Error(`No button ${start} among ${interaction.messages.flatMap(idsOf).join(' ')}`);
}
