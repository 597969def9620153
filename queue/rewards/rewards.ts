import { errorText } from '../../core/numerics/error-text.ts';
import type { Database } from '../../prisma/connect.ts';
import type { Channel } from '../ports.ts';
import { completionsAfter, completionsOf, keepRewardStanding, rewardStanding, type Completion } from './store.ts';

/** Events looked at in one step. */
const PAGE = 5_000;

/** Runs after which a reward that the platform refuses is given up: a day of trying, at one a minute. */
const TRIES = 1_440;

/** An event's id is given out before others see it: the newest wait until those before them are there. */
const SETTLED_MS = 5_000;

/**
 * Gives what communities give for a completed course, for each completion once; those that fail are tried
 * again with the next call. Killed half-way it gives some again, which a channel bears.
 *
 * @returns completions rewarded.
 */
export async function grantRewards(
  { db, channels, log }: { db: Database; channels: readonly Channel[]; log: (line: string) => void },
  now: Date,
): Promise<number> {
  const giving = channels.filter((channel) => channel.reward !== undefined);
  if (giving.length === 0) return 0;
  const names = giving.map(({ name }) => name);
  const standing = await rewardStanding(db);
  let rewarded = 0;

  const again = new Map(standing.failed.map(({ event, tries }) => [event, tries]));
  const failed: typeof standing.failed = [];
  const attempt = async (completion: Completion) => {
    if (await give(completion)) rewarded++;
    else {
      const tries = (again.get(completion.event) ?? 0) + 1;
      if (tries < TRIES) failed.push({ event: completion.event, tries });
    }
  };

  for (const completion of await completionsOf(db, [...again.keys()], names)) await attempt(completion);
  for (let { after } = standing; ;) {
    const before = new Date(now.getTime() - SETTLED_MS);
    const { completions, last } = await completionsAfter(db, { after, before, channels: names, limit: PAGE });
    for (const completion of completions) await attempt(completion);
    await keepRewardStanding(db, { after: last, failed });
    if (last === after) return rewarded;
    after = last;
  }

  async function give({ addresses }: Completion): Promise<boolean> {
    let given = true;
    for (const address of addresses) {
      try {
        await giving.find(({ name }) => name === address.channel)?.reward?.(address);
      } catch (error) {
        given = false;
        log(`reward on ${address.channel}: ${errorText(error)}`);
      }
    }
    return given;
  }
}
