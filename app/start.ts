import { once } from 'node:events';
import { webChannel } from '../bots/web/channel.ts';
import { errorText } from '../core/numerics/error-text.ts';
import { silent, type Progress } from '../core/numerics/progress.ts';
import { UNTRAINED } from '../core/recommend/recommender.ts';
import { train } from '../core/recommend/worker.ts';
import type { Database } from '../prisma/connect.ts';
import { BackendError } from '../queue/backend.ts';
import { startWorkers, type Workers } from '../queue/index.ts';
import { openDatabase } from './database.ts';
import { platformChannels, startBots, type Bots } from './bots.ts';
import { UserError } from './explain.ts';
import { findEntrances } from './entrances.ts';
import { trainForecasts } from './forecasting.ts';
import { createHttp, type Http } from './http.ts';
import { createLog } from './log.ts';
import { reason } from './models-table.ts';
import { isRunning } from './running.ts';
import { createServices, type AppServices } from './services.ts';
import { loadSample, sampleIsDue } from './sample/store.ts';
import { settingsFile, type Settings } from './settings.ts';
import { setUpAlone } from './setup.ts';
import { trainOptions } from './training.ts';

export const roles = ['web', 'bots', 'worker', 'trainer'] as const;
export type Role = (typeof roles)[number];

export interface StartOptions {
  settings: Settings;
  roles: readonly Role[];
  /** One line for the person at the terminal. */
  print: (line: string) => void;
  progress: Progress;
  /** Told to stop: what is under way ends, and nothing new begins. */
  signal: AbortSignal;
}

export interface Running {
  /** Where the chat is; undefined without the role 'web'. */
  address: string | undefined;
  /** One line for each platform whose token is set: what it is connected as, or why it is not. */
  platforms: string[];
  /** Stops everything, the database too when nobody else uses it. */
  stop(): Promise<void>;
}

/**
 * Brings everything up in order: port, database, sample, models, chat, workers.
 *
 * @throws UserError when another Coursebell, or another program, has the port.
 */
export async function start({ settings, roles, print, progress, signal }: StartOptions): Promise<Running> {
  const log = createLog(settings.log);
  let http: Http | undefined;
  let db: Database | undefined;
  let services: AppServices | undefined;
  let workers: Workers | undefined;
  let bots: Bots | undefined;
  let forecasts: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  const closing = new AbortController();
  const ending = AbortSignal.any([signal, closing.signal]);
  const stop = () =>
    (stopping ??= (async () => {
      closing.abort();
      http?.notReady('stopping');
      await bots?.close();
      await http?.close();
      await workers?.close();
      await forecasts;
      await services?.close();
      await db?.close();
    })());

  const setUp = async (opened: Database) => {
    if (settings.sample && (await sampleIsDue(opened))) {
      http?.notReady('the sample community is being made');
      const sample = await loadSample(opened, settings.train.seed, new Date(), progress);
      print(
        `Loaded a sample: ${sample.courses} courses, ${sample.learners} simulated learners, ${sample.events} events`,
      );
    }
    signal.throwIfAborted();
    const made = await createServices(opened, settings, log);
    services = made;
    if (made.serving.current().version === UNTRAINED) {
      http?.notReady('the first models are being trained');
      await trainFirst(opened, settings, signal, print, progress);
      await made.serving.reload();
    }
    return made;
  };

  try {
    if (roles.includes('web') || takesWebhook(settings, roles)) {
      http = await createHttp({
        settings,
        logger: log,
        web: roles.includes('web'),
        ...(takesWebhook(settings, roles) && { webhook: () => bots?.taker() }),
      });
      await listen(http, settings);
      http.notReady('the database is starting');
    }
    db = await openDatabase(settings, print);
    signal.throwIfAborted();
    const opened = db;
    const ready = await setUpAlone(opened, { signal, print }, () => setUp(opened));
    signal.throwIfAborted();
    const work = roles.filter((role) => role === 'worker' || role === 'trainer');
    if (work.length > 0) {
      workers = await startWorkers({
        db: opened,
        catalogue: ready.catalogue,
        serving: ready.serving,
        train: async () => {
          const options = trainOptions(settings.train, { validate: true });
          const training = await train(opened, { ...options, progress: silent, signal });
          if (training.trained) log.info(`model version ${training.version.number}: ${reason(training.version)}`);
          await trainForecasts(opened, settings, { log, signal: ending });
        },
        channels: [webChannel(opened), ...platformChannels(ready, settings, (line) => log.warn(line))],
        settings,
        log: (line) => log.warn(line),
        roles: work,
      });
      // Nobody waits for it: the first forecasts come when they are there.
      if (work.includes('trainer')) forecasts = trainForecasts(opened, settings, { log, signal: ending, first: true });
    }
    http?.serve(ready);
    if (roles.includes('bots')) bots = startBots({ services: ready, settings, print, log: (line) => log.warn(line) });
    else findEntrances(ready.links, settings, closing.signal);
    if (http) void ready.warm().catch((error: unknown) => log.warn(`warming up failed: ${errorText(error)}`));
    const platforms = bots ? await untilAborted(bots.states, signal) : [];
    return { address: roles.includes('web') && http ? addressOf(settings, http) : undefined, platforms, stop };
  } catch (error) {
    await stop();
    throw error instanceof BackendError ? new UserError(error.message, { cause: error }) : error;
  }
}

/** Runs until the process is told to stop; both npm and the terminal may say so, several times. */
export async function runUntilStopped(options: Omit<StartOptions, 'signal'>): Promise<void> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  const stopped = once(controller.signal, 'abort');
  try {
    const running = await start({ ...options, signal: controller.signal });
    const ready = running.address
      ? `\nCoursebell is ready: ${running.address}`
      : `Coursebell is at work (${options.roles.join(', ')}).`;
    options.print([ready, ...running.platforms, 'Ctrl-C stops it.'].join('\n'));
    if (!controller.signal.aborted) await stopped;
    options.print('Stopping');
    await running.stop();
  } catch (error) {
    // Told to stop while starting: `start` has already taken down what was up.
    if (!controller.signal.aborted) throw error;
  }
  options.print('Stopped. Nothing is lost: the next start goes on from here.');
}

/** Telegram brings updates to whichever process has the bots, with the web chat or without it. */
function takesWebhook({ telegram, platforms }: Settings, roles: readonly Role[]): boolean {
  return roles.includes('bots') && platforms.telegramToken !== undefined && telegram.receive === 'webhook';
}

/** @throws the signal's reason when it is told to stop meanwhile. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const aborted = once(signal, 'abort', { signal: stop.signal }).then(() => signal.throwIfAborted());
  aborted.catch(() => {});
  try {
    signal.throwIfAborted();
    return (await Promise.race([work, aborted])) as T;
  } finally {
    stop.abort();
  }
}

async function trainFirst(
  db: Database,
  settings: Settings,
  signal: AbortSignal,
  print: (line: string) => void,
  progress: Progress,
): Promise<void> {
  print('Training the recommenders');
  const training = await train(db, { ...trainOptions(settings.train, { validate: false }), progress, signal });
  if (!training.trained) {
    print('There is no behaviour to learn from yet: recommendations go by topic and content until there is');
    return;
  }
  const { number, data } = training.version;
  print(`Trained model version ${number} on ${data.events} events of ${data.learners} learners`);
}

async function listen(http: Http, settings: Settings): Promise<void> {
  try {
    await http.listen();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) {
      throw new UserError(
        `Can not listen on ${settings.host}, port ${settings.port}: ${message}. ` +
          `Choose others: COURSEBELL_HOST, COURSEBELL_PORT, or "host" and "port" in ${settingsFile}`,
        { cause: error },
      );
    }
    if (code !== 'EADDRINUSE') throw error;
    if (await isRunning(settings)) {
      throw new UserError(`Coursebell is already running at http://${settings.host}:${settings.port}`, {
        cause: error,
      });
    }
    throw new UserError(
      `Another program uses port ${settings.port}. Choose a free one: COURSEBELL_PORT=8788 npm start, or "port" in coursebell.config.json`,
      { cause: error },
    );
  }
}

function addressOf(settings: Settings, http: Http): string {
  const bound = http.app.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : settings.port;
  return settings.publicUrl ?? `http://${settings.host}:${port}`;
}
