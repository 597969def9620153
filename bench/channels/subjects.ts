/** Starting the process that is measured, and asking it. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface Subject {
  /** Of the web chat. */
  address: string;
  /** Milliseconds of CPU that the process has taken so far, its threads included. */
  cpuMs(): Promise<number>;
  /** Whether it ended by itself. */
  crashed(): boolean;
  stop(): Promise<void>;
}

export interface SubjectOptions {
  folder: string;
  env?: NodeJS.ProcessEnv;
}

/** @param args see subject.ts. */
export async function startSubject(args: string[], { folder, env = {} }: SubjectOptions): Promise<Subject> {
  const { PATH, HOME } = process.env;
  const child = fork(path.join(import.meta.dirname, 'subject.ts'), args, {
    cwd: folder,
    env: { PATH, HOME, ...env },
    execArgv: ['--import', import.meta.resolve('tsx')],
    // Standard output is for the result.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  let ended = false;
  let stopping = false;
  const exit = once(child, 'exit').then(() => void (ended = true));
  const early = exit.then(() => Promise.reject(new Error(`${args[0]} ended before it was ready`)));
  const [{ ready }] = (await Promise.race([once(child, 'message'), early])) as [{ ready: string }];
  early.catch(() => {});
  return {
    address: ready,
    async cpuMs() {
      child.send('cpu');
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }];
      return (cpu.user + cpu.system) / 1000;
    },
    crashed: () => ended && !stopping,
    async stop() {
      stopping = true;
      if (!ended) child.send('stop');
      await exit;
    },
  };
}
