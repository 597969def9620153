/** Servers that the bot is in, as communities. */

import { findCommunity, leaveCommunity, meetCommunity } from '../../core/campaign/community/store.ts';
import type { Database } from '../../prisma/connect.ts';

export interface Communities {
  /** Id of the community that a server is. */
  idOf: (guild: string) => Promise<string>;
  joined(guild: string, title: string): Promise<void>;
  left(guild: string): Promise<void>;
}

/** Ids do not change, so that each process may remember them. */
export function createCommunities(db: Database): Communities {
  const ids = new Map<string, Promise<string>>();
  return {
    idOf(guild) {
      const known = ids.get(guild) ?? lookUp(guild);
      ids.set(guild, known);
      known.catch(() => ids.delete(guild));
      return known;
    },
    async joined(guild, title) {
      const { id } = await meetCommunity(db, { channel: 'discord', chat: guild, title });
      ids.set(guild, Promise.resolve(id));
    },
    async left(guild) {
      ids.delete(guild);
      await leaveCommunity(db, 'discord', guild);
    },
  };

  /** Something may be done in a server before we are told of it. */
  async function lookUp(guild: string): Promise<string> {
    const known = await findCommunity(db, 'discord', guild);
    return (known ?? (await meetCommunity(db, { channel: 'discord', chat: guild, title: '' }))).id;
  }
}
