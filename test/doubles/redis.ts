import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Whether a Redis server is installed on this machine. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of the calling test's own, on a socket in a folder of its own, without a file on disk. */
export async function startRedis(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-redis-'));
  const socket = path.join(folder, 's');
  const server = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    server.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('eady to accept connections')) resolve();
    });
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  return {
    url: socket,
    async stop() {
      server.kill();
      await ended;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
