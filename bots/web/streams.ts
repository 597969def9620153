import type { ServerResponse } from 'node:http';

/** Open pages of one learner; the oldest is closed for a newer one. */
const PER_LEARNER = 8;
/** A comment this often keeps proxies from closing a quiet connection. */
const HEARTBEAT_MS = 20_000;

/** Server-sent events to the pages that are open now. */
export interface Streams {
  /**
   * Answers with an event stream and lives until either side closes it.
   *
   * @param next reads what comes after an event id; called again after each wake-up.
   * @param may whether it may go on; asked at each heartbeat.
   */
  open(
    response: ServerResponse,
    learnerId: string,
    from: string | undefined,
    next: (after: string | undefined) => Promise<{ id: string }[]>,
    may: () => Promise<boolean>,
  ): void;
  /** Something may have come for this learner, or for anyone. */
  wake(learnerId: string | undefined): void;
  end(learnerId: string): void;
  endAll(): void;
}

interface Stream {
  wake(): void;
  end(): void;
}

export function createStreams(): Streams {
  const open = new Map<string, Set<Stream>>();
  return {
    open(response, learnerId, from, next, may) {
      const mine = open.get(learnerId) ?? new Set();
      open.set(learnerId, mine);
      if (mine.size >= PER_LEARNER) mine.values().next().value!.end();
      const stream = createStream(response, from, next, may, () => {
        mine.delete(stream);
        if (mine.size === 0 && open.get(learnerId) === mine) open.delete(learnerId);
      });
      mine.add(stream);
      open.set(learnerId, mine);
      stream.wake();
    },
    wake(learnerId) {
      const woken = learnerId === undefined ? [...open.values()] : [open.get(learnerId) ?? []];
      for (const streams of woken) for (const stream of streams) stream.wake();
    },
    end(learnerId) {
      for (const stream of [...(open.get(learnerId) ?? [])]) stream.end();
    },
    endAll() {
      for (const streams of [...open.values()]) for (const stream of [...streams]) stream.end();
    },
  };
}

function createStream(
  response: ServerResponse,
  from: string | undefined,
  next: (after: string | undefined) => Promise<{ id: string }[]>,
  may: () => Promise<boolean>,
  onClose: () => void,
): Stream {
  let cursor = from;
  let reading = false;
  let again = false;
  const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS);
  response.on('close', () => {
    clearInterval(heartbeat);
    onClose();
  });
  // Comes back soon after a restart of the server.
  response.write('retry: 2000\n\n');
  return { wake: () => void wake(), end };

  // Until the client has taken the rest the connection stays open: nothing may be written any more.
  function end() {
    clearInterval(heartbeat);
    response.end();
  }

  async function beat() {
    // Who may stay comes back when this can not be told now.
    const stays = await may().catch(() => false);
    if (response.writableEnded || response.destroyed) return;
    if (stays) response.write(':\n\n');
    else end();
  }

  async function wake() {
    again = true;
    if (reading) return;
    reading = true;
    try {
      while (again && !response.destroyed) {
        again = false;
        const events = await next(cursor);
        if (response.writableEnded) return;
        for (const event of events) response.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
        cursor = events.at(-1)?.id ?? cursor;
        again ||= events.length > 0;
      }
    } catch {
      // The page comes back with Last-Event-ID and loses nothing.
      end();
    } finally {
      reading = false;
    }
  }
}
