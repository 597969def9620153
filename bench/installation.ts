/** An installation in a folder of its own, driven through its command line as an operator would. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const coursebell = path.join(import.meta.dirname, '..', 'app', 'coursebell.js');

export interface Installation {
  address: string;
  /** Its data folder. */
  data: string;
  run(...args: string[]): Promise<string>;
  start(): Promise<Server>;
  remove(): void;
}

export interface Server {
  pid: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** @param settings written to its `coursebell.config.json`. */
export async function createInstallation(settings: Record<string, unknown>): Promise<Installation> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-bench-'));
  fs.chmodSync(folder, 0o755);
  const port = await freePort();
  fs.writeFileSync(path.join(folder, 'coursebell.config.json'), JSON.stringify({ ...settings, port }));
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    data: path.join(folder, '.coursebell'),
    async run(...args) {
      const { stdout } = await promisify(execFile)(process.execPath, [coursebell, ...args], {
        cwd: folder,
        env,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    },
    async start() {
      const child = spawn(process.execPath, [coursebell, 'start'], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let output = '';
      await Promise.race([
        new Promise<void>((ready) =>
          child.stdout.setEncoding('utf8').on('data', (text: string) => {
            output += text;
            if (output.includes('is ready')) ready();
          }),
        ),
        exited.then(() => Promise.reject(new Error(`The server ended before it was ready:\n${output}`))),
      ]);
      return {
        pid: child.pid!,
        async stop(signal = 'SIGTERM') {
          child.kill(signal);
          await exited;
        },
      };
    },
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
