import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Progress } from '../progress.ts';

export interface ThreadTask {
  /** The file that the thread begins with; it must come to `serveThread` with the same mark. */
  entry: URL;
  /** Tells our threads from others: a test runner may run a worker's file in a thread of its own. */
  mark: string;
  /** Of the thread, for errors and for who looks at the process. */
  name: string;
  /** What is to be done; copied. */
  task: unknown;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

type Message = { progress: [what: string, share: number] } | { result: unknown } | { error: Error };

/** Between two reports of progress. */
const REPORT_EVERY_MS = 100;

/**
 * Does one task in a thread of its own, which ends with it. This thread stays free.
 *
 * @throws what went wrong in the thread; an aborted signal ends it.
 */
export function inThread<Result>({ entry, mark, name, task, progress, signal }: ThreadTask): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(entry, {
      workerData: { [mark]: task },
      // The loader is registered by the entry; whatever the parent was started with stays out.
      execArgv: [],
      name,
    });
    const stop = () => void worker.terminate();
    signal?.addEventListener('abort', stop);
    const settle = (finish: () => void) => {
      signal?.removeEventListener('abort', stop);
      finish();
    };
    worker.on('message', (message: Message) => {
      if ('progress' in message) progress(...message.progress);
      else if ('result' in message) settle(() => resolve(message.result as Result));
      else settle(() => reject(message.error));
    });
    worker.on('error', (error) => settle(() => reject(error)));
    worker.on('exit', (code) => {
      const cause: unknown = signal?.reason;
      const ended = new Error(`The ${name} thread ended before its work`, { cause: cause ?? `code ${code}` });
      settle(() => reject(cause instanceof Error ? cause : ended));
    });
  });
}

/** The thread's side: runs the task that it was started with under this mark; elsewhere nothing happens. */
export async function serveThread(mark: string, run: (task: never, progress: Progress) => unknown): Promise<void> {
  const task = (workerData as Record<string, unknown> | null)?.[mark];
  const port = parentPort;
  if (!port || task === undefined) return;
  let reportedAt = 0;
  const progress: Progress = (what, share) => {
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    port.postMessage({ progress: [what, share] } satisfies Message);
  };
  try {
    port.postMessage({ result: await run(task as never, progress) } satisfies Message);
  } catch (error) {
    port.postMessage({ error: error as Error } satisfies Message);
  }
}
