/**
 * How messages of one channel follow each other. A channel that can not tell a repeat sends one at a
 * time, so that a process that is killed leaves one message of which nobody knows whether it arrived;
 * the next one is made ready meanwhile. One that can tell has no line.
 */
export interface Line {
  /** Makes a message ready: one is, while another is being sent. */
  ready<T>(work: () => Promise<T>): Promise<T>;
  /** Sends: nothing else does, until it is known what became of it. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** Being sent, and ready to be. */
const PLACES = 2;

export const noLine: Line = { ready: (work) => work(), alone: (work) => work() };

export function createLine(): Line {
  let free = PLACES;
  const waiting: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    async ready(work) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
    alone(work) {
      const turn = last.then(work);
      last = turn.catch(() => {});
      return turn;
    },
  };
}
