import type { BotServices } from '../../../bots/bot.ts';
import { createDiscordBot } from '../../../bots/discord/bot.ts';
import { createDiscordDouble, type Message, type Option } from '../../doubles/discord/index.ts';
import { answered, type Seat } from './seat.ts';

/** Name of the option that a command's words are at Discord. */
const optionOf: Readonly<Record<string, string>> = {
  search: 'query',
  recommend: 'topic',
  rate: 'stars',
  progress: 'percent',
};

/** Direct messages at Discord. */
export async function atDiscord(services: BotServices, log: (line: string) => void): Promise<Seat> {
  const discord = await createDiscordDouble();
  const bot = createDiscordBot({
    services: { ...services, log },
    settings: { discord: {}, platforms: { discordToken: discord.token, discordApi: discord.root } },
  });
  await bot.start();
  const person = discord.person('Ann');
  const channel = discord.world.directChannel(person).id;
  let updates = 0;
  let before = new Map<string, string>();

  async function after(push: () => unknown) {
    before = new Map(messages().map((message) => [message.id, readable(message)]));
    push();
    await answered(services.db, 'discord', ++updates);
  }

  /** The bot's messages as they stand now, the newest first. */
  const messages = (): Message[] =>
    discord.world
      .messagesIn(channel)
      .filter(({ author }) => author.bot === true)
      .reverse();

  async function find(start: string): Promise<[Message, id: string, values?: string[]]> {
    for (const message of messages()) {
      const here = within(message, start);
      if (here) return here;
      for (const page of pagesOf(message)) {
        const turned = discord.press(person, message, '@page', [page]);
        await turned.answered;
        const there = within(message, start);
        if (there) return there;
      }
    }
    throw new Error(`No button ${start} among ${JSON.stringify(messages().map(({ components }) => components))}`);
  }

  return {
    channel: 'discord',
    say: (text) => after(() => discord.say(person, text)),
    async press(start) {
      const [message, id, values] = await find(start);
      await after(() => discord.press(person, message, id, values));
    },
    command(name, argument) {
      const value = argument !== undefined && /^\d+$/.test(argument) ? Number(argument) : argument;
      const given: Option[] = value === undefined ? [] : [{ name: optionOf[name] ?? name, value }];
      return after(() => discord.slash(person, name, given));
    },
    read: () =>
      messages()
        .filter((message) => before.get(message.id) !== readable(message))
        .reverse()
        .map(readable)
        .join('\n'),
    async close() {
      await bot.close();
      await discord.close();
    },
  };
}

/** A button, or a choice of a menu. */
function within(message: Message, start: string): [Message, id: string, values?: string[]] | undefined {
  for (const { custom_id: id = '', options } of message.components.flatMap(({ components }) => components)) {
    if (!options && id.startsWith(start)) return [message, id];
    const choice = options?.find(({ value }) => value.startsWith(start));
    if (choice) return [message, id, [choice.value]];
  }
  return undefined;
}

function pagesOf(message: Message): string[] {
  const menus = message.components.flatMap(({ components }) => components);
  return menus.find(({ custom_id: id }) => id === '@page')?.options?.map(({ value }) => value) ?? [];
}

function readable({ content, embeds }: Message): string {
  const shown = embeds.flatMap(({ title, description, footer }) => [title, description, footer?.text]);
  return [content, ...shown].filter(Boolean).join('\n').replaceAll(/\\(.)/g, '$1');
}
