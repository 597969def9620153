import type { Progress } from '../core/numerics/progress.ts';

/** Between two lines on a terminal, and in a log. */
const EVERY_MS = { terminal: 100, log: 2_000 } as const;

/**
 * Shows progress on standard error: one line rewritten in place on a terminal, a line every two
 * seconds elsewhere. Work that ends sooner shows nothing in a log.
 */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let what = '';
  let shownAt = performance.now();
  let open = false;
  return (now, share) => {
    const time = performance.now();
    if (now !== what) {
      if (open) stream.write('\n');
      open = false;
      what = now;
      shownAt = stream.isTTY ? 0 : time;
    }
    const done = share >= 1;
    if (time - shownAt < (stream.isTTY ? EVERY_MS.terminal : EVERY_MS.log) && !(done && open)) return;
    shownAt = time;
    const text = `${what} … ${Math.floor(share * 100)} %`;
    if (stream.isTTY) stream.write(`\r${text}\x1b[K${done ? '\n' : ''}`);
    else stream.write(`${text}\n`);
    open = stream.isTTY && !done;
  };
}
