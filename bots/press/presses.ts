/** Button ids within a platform's limit: Telegram gives them 64 bytes, Discord 100 characters. */

import { createHash } from 'node:crypto';
import type { Database } from '../../prisma/connect.ts';
import { keepTokens, pressOf } from './store.ts';

export interface Presses {
  /** By id, what stands on the button: the id itself where it fits in `limit` bytes, else a token for it that is kept. */
  shorten(ids: readonly string[], limit: number): Promise<Map<string, string>>;
  /** @returns the id that a button stands for; undefined for a token that is not (or no longer) known. */
  expand(shown: string): Promise<string | undefined>;
}

/** No button id of ours begins so, see `encodePress`. */
const MARK = '~';
/** 132 bits of the hash: nobody makes two ids of one token. */
const TOKEN_LENGTH = 22;
const TOKEN = new RegExp(`^${MARK}[\\w-]{${TOKEN_LENGTH}}$`);
/** Tokens that this process has seen in the database and need not be written again. */
const REMEMBERED = 5_000;

export function createPresses(db: Database): Presses {
  const known = new Map<string, string>();

  return {
    async shorten(ids, limit) {
      const shown = new Map(ids.map((id) => [id, fits(id, limit) ? id : tokenOf(id)]));
      const fresh = new Map<string, string>();
      for (const [id, token] of shown) if (token !== id && !known.has(token)) fresh.set(token, id);
      if (fresh.size > 0) await keepTokens(db, fresh);
      for (const [token, id] of fresh) remember(token, id);
      return shown;
    },
    async expand(shown) {
      if (!shown.startsWith(MARK)) return shown;
      const id = known.get(shown) ?? (TOKEN.test(shown) ? await pressOf(db, shown) : undefined);
      if (id !== undefined) remember(shown, id);
      return id;
    },
  };

  function remember(token: string, id: string) {
    known.set(token, id);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
  }
}

const fits = (id: string, limit: number) => Buffer.byteLength(id) <= limit && !id.startsWith(MARK);

/** The same id has the same token everywhere, so that a list shown again needs no new ones. */
function tokenOf(id: string): string {
  return MARK + createHash('sha256').update(id).digest('base64url').slice(0, TOKEN_LENGTH);
}
