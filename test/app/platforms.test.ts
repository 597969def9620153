import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDiscordDouble } from '../doubles/discord/index.ts';
import { createTelegramDouble } from '../doubles/telegram/index.ts';
import { createKey } from '../../app/keys.ts';
import { testDatabase } from '../setup/database.ts';

// One database for all: what is started here are the processes of one installation.
const db = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-platforms-'));
fs.writeFileSync(path.join(folder, 'coursebell.config.json'), '{"sample": false}');
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let telegram: Awaited<ReturnType<typeof createTelegramDouble>>;
let discord: Awaited<ReturnType<typeof createDiscordDouble>>;
beforeAll(async () => {
  telegram = await createTelegramDouble();
  discord = await createDiscordDouble();
});
afterAll(async () => {
  await telegram.close();
  await discord.close();
});

const children: { child: ChildProcess; exited: Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { child, exited } of children.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}

function run(roles: string, env: Record<string, string>) {
  const { host, port, user, password, database } = db.config as Record<string, string>;
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../../app/coursebell.js'), 'start', '--roles', roles],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        DATABASE_URL: `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host!)}`,
        ...env,
      },
    },
  );
  let output = '';
  const heard = new Set<() => void>();
  const collect = (text: Buffer) => {
    output += text.toString();
    for (const look of heard) look();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const started = {
    child,
    output: () => output,
    exited: once(child, 'close').then(() => child.exitCode),
    said: (words: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (output.includes(words)) resolve();
        };
        heard.add(look);
        look();
        child.once('close', () => reject(new Error(`It ended before it said "${words}":\n${output}`)));
      }),
  };
  children.push(started);
  return started;
}

/** Texts that a chat at Telegram was sent. */
const writtenTo = (chat: string) =>
  telegram.calls.flatMap(({ method, params }) =>
    method === 'sendMessage' && params['chat_id'] === chat ? [params['text']] : [],
  );

test('both platforms start with the rest, say whom they are connected as, answer, and stop cleanly', async () => {
  const port = String(await freePort());
  const all = run('web,bots,worker,trainer', {
    COURSEBELL_PORT: port,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API: telegram.root,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API: discord.root,
  });
  await all.said('is ready');
  await all.said('Ctrl-C');
  expect(all.output()).toContain('Telegram: @coursebell_bot');
  expect(all.output()).toMatch(/^Discord: \S/m);
  telegram.message(4711, '/start');
  await telegram.until(() => writtenTo('4711').length > 0);
  all.child.kill('SIGTERM');
  expect(await all.exited).toBe(0);
  expect(all.output()).not.toContain(telegram.token);
});

test('a wrong token says so in one line, and the rest runs', async () => {
  const port = String(await freePort());
  const wrong = `${telegram.token}x`;
  const all = run('web,bots', {
    COURSEBELL_PORT: port,
    TELEGRAM_BOT_TOKEN: wrong,
    TELEGRAM_API: telegram.root,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API: discord.root,
  });
  await all.said('Ctrl-C');
  expect(all.output()).toMatch(/^Telegram is off: TELEGRAM_BOT_TOKEN is not .*BotFather/m);
  expect(all.output()).toMatch(/^Discord: \S/m);
  expect(all.output()).not.toContain(wrong);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

test('a platform that can not be reached is tried until it is there; a process of bots alone serves no chat', async () => {
  const [closed, port] = [await freePort(), String(await freePort())];
  const bots = run('bots', {
    COURSEBELL_PORT: port,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API: `http://127.0.0.1:${closed}`,
  });
  await bots.said('Ctrl-C');
  expect(bots.output()).toMatch(/^Telegram: can not be reached, .*TELEGRAM_BOT_TOKEN/m);
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  const late = net.createServer((socket) => {
    // What comes to the closed port is passed on to the double.
    const through = net.connect(Number(new URL(telegram.root).port), '127.0.0.1');
    socket.on('error', () => through.destroy());
    through.on('error', () => socket.destroy());
    socket.pipe(through).pipe(socket);
  });
  late.listen(closed, '127.0.0.1');
  telegram.message(4712, '/start');
  await telegram.until(() => writtenTo('4712').length > 0);
  bots.child.kill('SIGTERM');
  expect(await bots.exited).toBe(0);
  late.close();
});

test('a worker without bots sends', async () => {
  const { id } = await db.prisma.learner.create({ data: { language: 'en' } });
  await db.prisma.address.create({ data: { learnerId: id, channel: 'telegram', chat: '4713' } });
  const message = {
    idempotencyKey: 'platforms-test',
    learnerId: id,
    kind: 'service',
    reply: { text: { template: { en: 'Your receipt' } } },
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  await db.prisma.outboxMessage.create({ data: message });
  const worker = run('worker', { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API: telegram.root });
  await telegram.until(() => writtenTo('4713').length > 0);
  expect(writtenTo('4713')).toEqual(['Your receipt']);
  worker.child.kill('SIGTERM');
  expect(await worker.exited).toBe(0);
  expect(await db.prisma.outboxMessage.findFirst({ where: { idempotencyKey: 'platforms-test' } })).toMatchObject({
    status: 'sent',
  });
});

test('a web chat without bots knows how the platforms are entered', async () => {
  const port = String(await freePort());
  const { key } = await createKey(db, 'platforms-test');
  const web = run('web', {
    COURSEBELL_PORT: port,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API: telegram.root,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API: discord.root,
  });
  await web.said('Ctrl-C');
  const links = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: '{"learner": "platforms-test"}',
    });
    return (await answer.json()) as { telegram: string | null; discord: { url: string } | null };
  };
  await expect.poll(links).toMatchObject({
    telegram: expect.stringMatching(/^https:\/\/t\.me\/coursebell_bot\?start=link_/) as string,
    discord: { url: expect.stringMatching(/^https:\/\/discord\.com\/users\/\d+$/) as string },
  });
  web.child.kill('SIGTERM');
  expect(await web.exited).toBe(0);
});
