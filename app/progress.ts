import type { Progress } from '../core/numerics/progress.ts';

/** Between two lines on a terminal, and in a log. */
const EVERY_MS = { terminal: 100, log: 2_000 } as const;

/** Before so much time or work an estimate would be a guess. */
const ESTIMATED_FROM = { ms: 5_000, share: 0.03 } as const;

/**
 * Shows progress on standard error, and how long it will still take: one line rewritten in place on a
 * terminal, a line every two seconds elsewhere. Work that ends sooner shows nothing in a log.
 *
 * @param clock milliseconds.
 */
export function terminalProgress(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  clock: () => number = () => performance.now(),
): Progress {
  let what = '';
  let shownAt = clock();
  let open = false;
  let began = { at: clock(), share: 0 };
  let reached = 0;
  return (now, share) => {
    const time = clock();
    // A share that falls is the beginning of other work; one that goes on under another name is the same.
    if (share < reached || reached >= 1) began = { at: time, share };
    reached = share;
    if (now !== what) {
      if (open) stream.write('\n');
      open = false;
      what = now;
      if (stream.isTTY) shownAt = 0;
    }
    const done = share >= 1;
    if (time - shownAt < (stream.isTTY ? EVERY_MS.terminal : EVERY_MS.log) && !(done && open)) return;
    shownAt = time;
    const text = `${what} … ${Math.floor(share * 100)} %${left(time - began.at, share - began.share, 1 - share)}`;
    if (stream.isTTY) stream.write(`\r${text}\x1b[K${done ? '\n' : ''}`);
    else stream.write(`${text}\n`);
    open = stream.isTTY && !done;
  };
}

/** As if what is left went as fast as what is done. */
function left(ms: number, done: number, rest: number): string {
  if (ms < ESTIMATED_FROM.ms || done < ESTIMATED_FROM.share || rest <= 0) return '';
  const seconds = (ms / 1000) * (rest / done);
  if (seconds < 90) return `, about ${Math.max(5, Math.ceil(seconds / 5) * 5)} s left`;
  return `, about ${Math.round(seconds / 60)} min left`;
}
