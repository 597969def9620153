import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../../bots/bot.ts';
import { isRunning } from '../running.ts';
import { settingsFile, type Settings } from '../settings.ts';

const GIB = 1024 ** 3;
/** Below the first it is time to look, below the second PostgreSQL will soon stop. */
const LITTLE_BYTES = 2 * GIB;
const TOO_LITTLE_BYTES = 0.2 * GIB;

/** Ports on which Telegram delivers to a webhook. */
const WEBHOOK_PORTS = ['', '443', '80', '88', '8443'];

/** Longest that the server may take to answer through its public address. */
const ANSWER_MS = 10_000;

/** The machine, the settings, and how the server is reached. */
export async function checkPlace(settings: Settings, cwd = process.cwd()): Promise<Finding[]> {
  const running = await isRunning(settings);
  return [
    {
      what: 'Settings',
      state: 'ok',
      found: existsSync(path.join(cwd, settingsFile)) ? settingsFile : `defaults (there is no ${settingsFile})`,
    },
    await disk(settings),
    server(settings, running),
    await address(settings, running),
  ];
}

async function disk({ folder, databaseUrl }: Settings): Promise<Finding> {
  const what = 'Data folder';
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.access(folder, fs.constants.W_OK);
    const { bavail, bsize } = await fs.statfs(folder);
    const free = bavail * bsize;
    const found = `${folder}, ${(free / GIB).toFixed(1)} GiB free`;
    if (free >= LITTLE_BYTES) return { what, state: 'ok', found };
    const fix = 'Make room, or put it elsewhere: COURSEBELL_DATA=<folder>';
    // Only the embedded database lives there.
    return { what, state: free < TOO_LITTLE_BYTES && !databaseUrl ? 'wrong' : 'warning', found, fix };
  } catch (error) {
    return {
      what,
      state: 'wrong',
      found: `${folder} can not be used: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
      fix: 'Choose another one: COURSEBELL_DATA=<folder>',
    };
  }
}

function server({ host, port }: Settings, running: boolean): Finding {
  if (running) return { what: 'Server', state: 'ok', found: `running at http://${host}:${port}` };
  return { what: 'Server', state: 'off', found: 'not running here', fix: 'npm start' };
}

async function address({ publicUrl, telegram, platforms }: Settings, running: boolean): Promise<Finding> {
  const what = 'Public address';
  const wantsWebhook = platforms.telegramToken !== undefined && telegram.receive === 'webhook';
  const https = publicUrl?.startsWith('https:') ?? false;
  if (wantsWebhook && !https)
    return {
      what,
      state: 'wrong',
      found: publicUrl ?? 'not set',
      fix: `Telegram's webhook needs "publicUrl" with https in ${settingsFile}; or set "telegram": {"receive": "polling"}`,
    };
  if (publicUrl === undefined)
    return {
      what,
      state: 'off',
      found: 'not set: the web chat is for this machine alone',
      fix: `Set "publicUrl" in ${settingsFile} to the address that your proxy serves`,
    };
  if (wantsWebhook && !WEBHOOK_PORTS.includes(new URL(publicUrl).port))
    return {
      what,
      state: 'wrong',
      found: publicUrl,
      fix: 'Telegram delivers to the ports 443, 80, 88 and 8443 only; or set "telegram": {"receive": "polling"}',
    };
  if (running && !(await answers(publicUrl)))
    return {
      what,
      state: 'wrong',
      found: `${publicUrl} does not lead to the server that runs here`,
      fix: 'Look at the proxy: it must pass every path on to the server, /healthz too',
    };
  if (!https)
    return {
      what,
      state: 'warning',
      found: `${publicUrl}: without https anyone on the way reads along`,
      fix: 'Give your proxy a certificate',
    };
  return { what, state: 'ok', found: running ? `${publicUrl} answers` : `${publicUrl} (asked once the server runs)` };
}

async function answers(publicUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/healthz', publicUrl), { signal: AbortSignal.timeout(ANSWER_MS) });
    return ['ready', 'unavailable'].includes(((await answer.json()) as { status: string }).status);
  } catch {
    return false;
  }
}
