import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Threads that run one WebAssembly module over one shared memory; the calling thread is the first of them. */
export interface Crew {
  readonly threads: number;
  readonly memory: WebAssembly.Memory;
  /**
   * Calls an exported function on every thread at once, with arguments of its own on each, and gives what
   * they return. The calling thread works too: nothing else happens on it meanwhile.
   */
  call(name: string, argsOf: (thread: number) => readonly number[]): Promise<number[]>;
  close(): Promise<void>;
}

/** More share one memory bus for little gain. */
const MOST_THREADS = 8;
const PAGE = 65_536;

/** As many threads as this machine can run at once. */
export function threadsHere(): number {
  return Math.min(MOST_THREADS, availableParallelism());
}

/** @param module one that imports `env.memory`, shared. */
export async function openCrew(module: WebAssembly.Module, bytes: number, threads = threadsHere()): Promise<Crew> {
  const pages = Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const own = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<
    string,
    (...args: readonly number[]) => number
  >;
  const others = Array.from(
    { length: threads - 1 },
    () => new Worker(new URL('./worker-entry.js', import.meta.url), { workerData: { module, memory }, execArgv: [] }),
  );
  const close = async (): Promise<void> => {
    await Promise.all(others.map((worker) => worker.terminate()));
  };
  const answerOf = async (worker: Worker): Promise<unknown> => {
    const [answer] = (await once(worker, 'message')) as [unknown];
    return answer;
  };
  try {
    await Promise.all(others.map(answerOf));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    threads,
    memory,
    async call(name, argsOf) {
      const answers = others.map(async (worker, at) => {
        worker.postMessage({ name, args: argsOf(at + 1) });
        return (await answerOf(worker)) as number;
      });
      const first = own[name]!(...argsOf(0));
      return [first, ...(await Promise.all(answers))];
    },
    close,
  };
}

const binaries = new Map<string, Uint8Array<ArrayBuffer>>();
const modules = new Map<string, WebAssembly.Module>();

/** A binary that stands beside the code; read once in a process. */
export function bytesAt(url: URL): Uint8Array<ArrayBuffer> {
  let bytes = binaries.get(url.href);
  if (!bytes) binaries.set(url.href, (bytes = Uint8Array.from(readFileSync(url))));
  return bytes;
}

/** The same compiled. */
export function moduleAt(url: URL): WebAssembly.Module {
  let module = modules.get(url.href);
  if (!module) modules.set(url.href, (module = new WebAssembly.Module(bytesAt(url))));
  return module;
}
