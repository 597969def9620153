/** Many chats at once, each waiting for its answer before it goes on. */

import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../../core/numerics/random.ts';
import type { Step } from './mix.ts';

/** One person at a platform's double. */
export interface Chat {
  /**
   * Takes the turn and resolves when its answer is there.
   *
   * @param messages of the answer; undefined: not known yet, wait until nothing more comes.
   * @returns how many messages the answer had.
   */
  take(step: Step, messages: number | undefined): Promise<number>;
}

export interface Measured {
  turns: number;
  seconds: number;
  /** Of each turn, until its whole answer was there. */
  times: number[];
}

/** Messages of the answer to each step, found out by one chat that takes its time. */
export async function calibrate(chat: Chat, steps: readonly Step[]): Promise<number[]> {
  const counts: number[] = [];
  for (const step of steps) counts.push(await chat.take(step, undefined));
  return counts;
}

export interface LoadOptions {
  rounds: number;
  /** Between two turns of a chat: drawn evenly from nothing to twice this, in ms. */
  pauseMs?: number;
}

/** Every chat takes the steps, in rounds; they begin at different steps, so that all kinds are under way at once. */
export async function load(
  chats: readonly Chat[],
  steps: readonly Step[],
  counts: readonly number[],
  { rounds, pauseMs = 0 }: LoadOptions,
): Promise<Measured> {
  const times: number[] = [];
  const random = createRandom(1);
  const beginnings = steps.flatMap(([how], at) => (how === 'press' ? [] : [at]));
  const begun = performance.now();
  await Promise.all(
    chats.map(async (chat, nth) => {
      const first = beginnings[nth % beginnings.length]!;
      for (let n = 0; n < rounds * steps.length; n++) {
        const at = (first + n) % steps.length;
        const step = steps[at]!;
        if (pauseMs > 0) await pause(2 * pauseMs * random.next());
        const started = performance.now();
        await chat.take(step, counts[at]).catch((cause: unknown) => {
          throw new Error(`Chat ${nth}: no answer to ${step.join(' ')}`, { cause });
        });
        times.push(performance.now() - started);
      }
    }),
  );
  return { turns: times.length, seconds: (performance.now() - begun) / 1000, times };
}

/** Every chat takes the steps once, from the first on. */
export async function walk(chats: readonly Chat[], steps: readonly Step[], counts: readonly number[]): Promise<void> {
  await Promise.all(
    chats.map(async (chat) => {
      for (const [at, step] of steps.entries()) await chat.take(step, counts[at]);
    }),
  );
}

/** No answer after this long is none. */
export const PATIENCE_MS = 30_000;
/** While the number of messages is not known: nothing more for this long, and the answer is whole. */
export const QUIET_MS = 400;

/** Counts what arrives for one chat. */
export class Arrivals {
  private count = 0;
  private wake: (() => void) | undefined;

  arrived(): void {
    this.count++;
    this.wake?.();
  }

  /** Waits for that many since the last call, or for quiet. @throws when they do not come. */
  async whole(messages: number | undefined): Promise<number> {
    const deadline = performance.now() + PATIENCE_MS;
    while (messages === undefined || this.count < messages) {
      const quiet = messages === undefined && this.count > 0;
      const came = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), quiet ? QUIET_MS : deadline - performance.now());
        this.wake = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
      this.wake = undefined;
      if (came) continue;
      if (quiet) break;
      throw new Error(`An answer of ${messages ?? 'some'} messages did not come: there were ${this.count}`);
    }
    const { count } = this;
    this.count = 0;
    return count;
  }
}
