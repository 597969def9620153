import type { Call, DiscordDouble, Message, Person } from '../../test/doubles/discord/index.ts';
import { Arrivals, type Chat } from './load.ts';

/** Name of the option that a command's words are at Discord. */
const optionOf: Readonly<Record<string, string>> = { search: 'query', rate: 'stars' };

/** People in direct messages at the double; every second one speaks Chinese. */
export function discordChats(discord: DiscordDouble, count: number): Chat[] {
  const byChannel = new Map<string, Arrivals>();
  const byToken = new Map<string, Arrivals>();
  discord.on(
    (call) => {
      const token = /^\/webhooks\/\d+\/([^/]+)/.exec(call.path)?.[1] ?? answeredAtOnce(call);
      const channel = /^\/channels\/(\d+)\/messages$/.exec(call.path)?.[1];
      const arrivals = token === undefined ? byChannel.get(channel ?? '') : byToken.get(decodeURIComponent(token));
      if (arrivals) setImmediate(() => arrivals.arrived());
      if (discord.calls.length > 2_000) discord.calls.length = 0;
      return false;
    },
    { status: 500 },
  );
  return Array.from({ length: count }, (_, nth) => {
    const chinese = nth % 2 === 0;
    const person = discord.person(`Person ${nth}`, { locale: chinese ? 'zh-CN' : 'en-US' });
    const channel = discord.world.directChannel(person).id;
    const arrivals = new Arrivals();
    byChannel.set(channel, arrivals);
    return {
      async take(step, messages) {
        if (step[0] === 'say') {
          forget(discord, channel);
          discord.say(person, chinese ? step[1] : step[2]);
          return arrivals.whole(messages);
        }
        const interaction = step[0] === 'press' ? press(person, step[1]) : command(person, step[1], step[2]);
        byToken.set(interaction.token, arrivals);
        const came = await arrivals.whole(messages);
        byToken.delete(interaction.token);
        return came;
      },
    };

    function press(who: Person, start: string) {
      const [message, id] = buttonOf(discord.world.messagesIn(channel), start);
      forget(discord, channel);
      discord.world.messages.set(message.id, message);
      return discord.press(who, message, id);
    }

    function command(who: Person, name: string, argument: string | undefined) {
      forget(discord, channel);
      const value = argument !== undefined && /^\d+$/.test(argument) ? Number(argument) : argument;
      return discord.slash(who, name, value === undefined ? [] : [{ name: optionOf[name] ?? name, value }]);
    }
  });
}

/** Of an interaction that is answered instead of put off. */
function answeredAtOnce({ path, body }: Call): string | undefined {
  const token = /^\/interactions\/\d+\/([^/]+)\/callback$/.exec(path)?.[1];
  return (body as { type?: number } | null)?.type === 4 ? token : undefined;
}

/** The double keeps every message for tests; here they are too many. */
function forget(discord: DiscordDouble, channel: string) {
  for (const { id } of discord.world.messagesIn(channel)) discord.world.messages.delete(id);
}

function buttonOf(messages: readonly Message[], start: string): [Message, id: string] {
  for (const message of messages.toReversed())
    for (const { custom_id: id } of message.components.flatMap(({ components }) => components))
      if (id?.startsWith(start)) return [message, id];
  throw new Error(`No button ${start} in the answer`);
}
