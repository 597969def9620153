/**
 * The process under measurement: Coursebell with the roles of its first argument, or a bare bot that
 * only echoes ('echo-telegram', 'echo-discord', 'echo-web'). Started by bench/channels/subjects.ts; tells its CPU
 * time when asked, so that the platform's double and the load do not count.
 */
import { Client, GatewayIntentBits, Partials } from 'discord.js';
import fastify from 'fastify';
import { Telegraf } from 'telegraf';
import { readSettings } from '../../app/settings.ts';
import { start, type Role } from '../../app/start.ts';

const [what = '', place = '', token = ''] = process.argv.slice(2);

interface Ready {
  /** Of the web chat. */
  address?: string | undefined;
  stop(): Promise<void> | void;
}

const echoes: Readonly<Record<string, () => Promise<Ready>>> = {
  async 'echo-telegram'() {
    const bot = new Telegraf(token, { telegram: { apiRoot: place } });
    bot.on('message', (context) => context.reply('text' in context.message ? context.message.text : '…'));
    bot.on('callback_query', async (context) => {
      await Promise.all([
        context.answerCbQuery(),
        context.reply('data' in context.callbackQuery ? context.callbackQuery.data : '…'),
      ]);
    });
    await new Promise<void>((resolve) => void bot.launch({ dropPendingUpdates: false }, resolve));
    return { stop: () => bot.stop() };
  },
  async 'echo-discord'() {
    const { Guilds, DirectMessages } = GatewayIntentBits;
    const client = new Client({
      intents: [Guilds, DirectMessages],
      partials: [Partials.Channel],
      rest: { api: place, version: '10', globalRequestsPerSecond: 1_000_000 },
    });
    client.on('interactionCreate', (interaction) => {
      if (interaction.isChatInputCommand()) void interaction.reply(interaction.commandName);
    });
    client.on('messageCreate', (message) => {
      if (!message.author.bot && message.channel.isSendable()) void message.channel.send(message.content);
    });
    const ready = new Promise((resolve) => client.once('clientReady', resolve));
    await client.login(token);
    await ready;
    return { stop: () => client.destroy() };
  },
  async 'echo-web'() {
    const app = fastify();
    app.post('/api/chat', (request) => ({ messages: [{ text: JSON.stringify(request.body) }] }));
    return { address: await app.listen({ port: 0, host: '127.0.0.1' }), stop: () => app.close() };
  },
};

async function coursebell(): Promise<Ready> {
  const running = await start({
    settings: readSettings(),
    roles: what.split(',') as Role[],
    print: () => {},
    progress: () => {},
    signal: new AbortController().signal,
  });
  return { address: running.address, stop: () => running.stop() };
}

const ready = await (echoes[what] ?? coursebell)();
process.on('message', (asked: 'cpu' | 'stop') => {
  if (asked === 'cpu') process.send!({ cpu: process.cpuUsage() });
  else void Promise.resolve(ready.stop()).then(() => process.exit());
});
process.on('disconnect', () => process.exit());
process.send!({ ready: ready.address ?? '' });
