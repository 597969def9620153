/** Turns per second, latency and CPU time, on each channel and of a bare bot that only echoes. */

import { quantile } from '../../core/numerics/statistics.ts';
import type { DiscordDouble } from '../../test/doubles/discord/index.ts';
import type { TelegramDouble } from '../../test/doubles/telegram/index.ts';
import { discordChats } from './discord.ts';
import { calibrate, load, walk, type Chat } from './load.ts';
import { arrival, round, type Step } from './mix.ts';
import { startSubject, type Subject } from './subjects.ts';
import { telegramChats } from './telegram.ts';
import { webChats } from './web.ts';

export interface Speed {
  turns_per_s: number;
  p50_ms: number;
  p99_ms: number;
  cpu_ms_over_echo: number;
}

export interface Speeds {
  speed: Record<'telegram' | 'discord' | 'web', Speed>;
  /** CPU of a turn, in ms: of Coursebell and of the echo. */
  cpu: Record<'telegram' | 'discord' | 'web', { coursebell: number; echo: number }>;
}

const CHATS = 200;
/** Nobody pauses: how much it can do. */
const ROUNDS = 2;
/** A turn every two seconds and its answer, from each: how long people wait. */
const CALM_ROUNDS = 1;
const PAUSE_MS = 2_000;
const ECHO_ROUNDS = 4;

/** What an echo is asked: as many turns of each way of asking, but for buttons, which it has not. */
const echoed: readonly Step[] = round.map((step) => (step[0] === 'press' ? ['say', step[1], step[1]] : step));

export interface Doubles {
  telegram: TelegramDouble;
  discord: DiscordDouble;
}

export async function measureSpeed(
  { telegram, discord }: Doubles,
  coursebell: Subject,
  { key, folder, tell }: { key: string; folder: string; tell: (line: string) => void },
): Promise<Speeds> {
  const channels = ['telegram', 'discord', 'web'] as const;
  const chats: Record<(typeof channels)[number], Chat[]> = {
    telegram: telegramChats(telegram, CHATS),
    discord: discordChats(discord, CHATS),
    web: webChats(coursebell.address, key, CHATS),
  };
  const result: Speeds = { speed: {}, cpu: {} } as Speeds;
  for (const channel of channels) {
    const [first, ...others] = chats[channel];
    await walk(others, arrival, await calibrate(first!, arrival));
    const counts = await calibrate(first!, round);
    await walk(others, round, counts);
    const calm = await load(chats[channel], round, counts, { rounds: CALM_ROUNDS, pauseMs: PAUSE_MS });
    const before = await coursebell.cpuMs();
    const { turns, seconds } = await load(chats[channel], round, counts, { rounds: ROUNDS });
    const cpu = ((await coursebell.cpuMs()) - before) / turns;
    result.speed[channel] = {
      turns_per_s: Math.round(turns / seconds),
      p50_ms: Math.round(quantile(calm.times, 0.5)),
      p99_ms: Math.round(quantile(calm.times, 0.99)),
      cpu_ms_over_echo: cpu,
    };
    result.cpu[channel] = { coursebell: Number(cpu.toFixed(2)), echo: 0 };
    tell(`${channel}: ${JSON.stringify(result.speed[channel])}`);
  }
  await coursebell.stop();

  const echoChats: Record<(typeof channels)[number], (echo: Subject) => Chat[]> = {
    telegram: () => telegramChats(telegram, CHATS, 50_000),
    discord: () => discordChats(discord, CHATS),
    web: (echo) => webChats(echo.address, key, CHATS),
  };
  const places = {
    telegram: [telegram.root, telegram.token],
    discord: [discord.root, discord.token],
    web: [],
  };
  for (const channel of channels) {
    const echo = await startSubject([`echo-${channel}`, ...places[channel]], { folder });
    const made = echoChats[channel](echo);
    const counts = echoed.map(() => 1);
    await walk(made, echoed, counts);
    const before = await echo.cpuMs();
    const { turns } = await load(made, echoed, counts, { rounds: ECHO_ROUNDS });
    const cpu = ((await echo.cpuMs()) - before) / turns;
    await echo.stop();
    result.cpu[channel].echo = Number(cpu.toFixed(2));
    result.speed[channel].cpu_ms_over_echo = Number((result.speed[channel].cpu_ms_over_echo - cpu).toFixed(2));
    tell(`${channel}: an echo takes ${cpu.toFixed(2)} ms of CPU a turn`);
  }
  return result;
}
