/** Updates on their way from a platform to their answer: none is lost, none counts twice. */

import type { ChannelName } from '../../core/learner/learner.ts';
import { errorText } from '../../core/numerics/error-text.ts';
import type { Database } from '../../prisma/connect.ts';
import { createBatches } from './batches.ts';
import { finishUpdates, keepUpdates, noteAttempts, unfinishedUpdates, type Update } from './store.ts';

/** An update to be answered. */
export interface Work extends Update {
  /** Messages of its answer that went out before a crash: they are not sent again. */
  sent: number;
}

export interface IntakeOptions {
  db: Database;
  channel: ChannelName;
  /** Updates of the same chat are worked on one after another, in the order they came. */
  chatOf(payload: unknown): string;
  /**
   * Answers one update. What throws is tried again, up to three times in all, then given up; it may
   * run again after a crash, so what it records must be the same facts.
   */
  work(update: Work): Promise<void>;
  log: (line: string) => void;
  /** Chats worked on at once. */
  most?: number;
  /** Pause before an update that failed is tried again, in ms. */
  pauseMs?: number;
  /** Whether an update that was left unfinished is this process's; else another one's, which runs. */
  owns?(payload: unknown): boolean;
}

export interface Intake {
  /**
   * Resolves once the updates are in the database, so that the platform may be told; the work goes
   * on. While very much waits already it resolves late, so that the platform holds the rest.
   *
   * @throws when they can not be kept: then the platform must send them again.
   */
  take: (updates: readonly Update[]) => Promise<void>;
  /** Takes up what a crash left, in its order; what this process has taken itself is left alone. */
  replay: () => Promise<void>;
  /** Resolves when everything taken is answered and noted so. */
  idle: () => Promise<void>;
}

const MOST_CHATS = 250;
const MOST_WAITING = 5_000;
/** More than can be under way, so that none of these is forgotten. */
const REMEMBERED = 4 * MOST_WAITING;
const MOST_ATTEMPTS = 3;
/** An update that ends the process this often is what ends it. */
const MOST_ENDED = 10;
const PAUSE_MS = 1_000;
/** PostgreSQL's codes for data that can not be stored. */
const REFUSED = /^2[23]/;

interface Job extends Work {
  /** Processes that ended in its work. */
  ended: number;
}

export function createIntake(options: IntakeOptions): Intake {
  const { db, channel, log, most = MOST_CHATS, pauseMs = PAUSE_MS } = options;
  /** Of every chat with work, what waits; the first is under way, or its chat is in `ready`. */
  const waiting = new Map<string, Job[]>();
  const ready: string[] = [];
  let running = 0;
  /** Taken and not yet noted as answered. */
  let open = 0;
  const watchers = new Set<() => void>();
  /** Ids of the latest that this process has worked on: no leavings, though the database may still say so. */
  const ours = new Set<string>();
  let turn = Promise.resolve();

  const kept = createBatches<Update>((updates) =>
    inTurn(async () => {
      const fresh = await keep(updates);
      // An id that stands twice in what came is new only once.
      for (const update of updates) if (fresh.delete(update.id)) enqueue({ ...update, sent: 0, ended: 0 });
    }),
  );
  const finished = createBatches<string>((ids) => finishUpdates(db, channel, ids));

  return {
    async take(updates) {
      if (updates.length === 0) return;
      await kept.add(updates);
      await until(() => open < MOST_WAITING);
    },
    replay: () =>
      inTurn(async () => {
        const left = (await unfinishedUpdates(db, channel)).filter(
          ({ id, payload }) => !ours.has(id) && (options.owns?.(payload) ?? true),
        );
        // Counted before the work: one that ends the process must not end it for ever.
        await noteAttempts(
          db,
          channel,
          left.map(({ id }) => id),
        );
        for (const { attempts, ...update } of left) enqueue({ ...update, ended: attempts + 1 });
      }),
    idle: () => until(() => open === 0),
  };

  /**
   * @returns ids that are new. One that the database refuses for what it holds is passed over: it must not
   *   take the others down that came with it, and would not be better for being sent again.
   */
  async function keep(updates: readonly Update[]): Promise<Set<string>> {
    try {
      return await keepUpdates(db, channel, updates);
    } catch (error) {
      if (!REFUSED.test((error as { code?: string }).code ?? '')) throw error;
      if (updates.length > 1) {
        const fresh = new Set<string>();
        for (const update of updates) for (const id of await keep([update])) fresh.add(id);
        return fresh;
      }
      log(`An update of ${channel} can not be kept: ${errorText(error)}`);
      return new Set();
    }
  }

  /** Keeping and looking for what was left take turns: what is being kept is not yet seen to be ours. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  function enqueue(job: Job) {
    ours.add(job.id);
    if (ours.size > REMEMBERED) ours.delete(ours.values().next().value!);
    open++;
    const chat = chatOf(job.payload);
    const queue = waiting.get(chat);
    if (queue) queue.push(job);
    else {
      waiting.set(chat, [job]);
      ready.push(chat);
    }
    pump();
  }

  /** What has no chat that we can see shares one. */
  function chatOf(payload: unknown): string {
    try {
      return options.chatOf(payload);
    } catch {
      return '';
    }
  }

  function pump() {
    while (running < most && ready.length > 0) {
      running++;
      void runNext(ready.shift()!);
    }
  }

  async function runNext(chat: string) {
    const queue = waiting.get(chat)!;
    const job = queue[0]!;
    await answer(job);
    void note(job);
    queue.shift();
    // Back in line, so that a busy chat does not hold its place against others.
    if (queue.length > 0) ready.push(chat);
    else waiting.delete(chat);
    running--;
    pump();
  }

  /** Never rejects. */
  async function answer({ ended, ...update }: Job): Promise<void> {
    if (ended > MOST_ENDED) {
      log(`An update of ${channel} was given up: the process ended ${ended} times in its work`);
      return;
    }
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      if (attempt > 1) await pause(pauseMs);
      try {
        await options.work(update);
        return;
      } catch (error) {
        log(`An update of ${channel} failed (attempt ${attempt} of ${MOST_ATTEMPTS}): ${errorText(error)}`);
      }
    }
  }

  /** Never rejects: what can not be noted now is worked on again after the next start, and changes nothing then. */
  async function note({ id }: Job): Promise<void> {
    try {
      await finished.add([id]).catch(async () => {
        await pause(pauseMs);
        await finished.add([id]);
      });
    } catch (error) {
      log(`An answered update of ${channel} could not be noted: ${errorText(error)}`);
    }
    open--;
    for (const look of watchers) look();
  }

  function until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
    });
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
