import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const coursebell = path.join(import.meta.dirname, '../../app/coursebell.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-start-'));
fs.chmodSync(folder, 0o755);
fs.writeFileSync(path.join(folder, 'coursebell.config.json'), '{"sample": false}');
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}

function run(port: number) {
  const child = spawn(process.execPath, [coursebell, 'start'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], COURSEBELL_PORT: String(port) },
  });
  let output = '';
  let told = () => {};
  const collect = (text: Buffer) => {
    output += text.toString();
    told();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return {
    child,
    exited: once(child, 'close').then(() => ({ code: child.exitCode, output })),
    said: (words: string) =>
      new Promise<void>((resolve, reject) => {
        told = () => {
          if (output.includes(words)) resolve();
        };
        told();
        child.once('close', () => reject(new Error(`It ended before it said "${words}":\n${output}`)));
      }),
  };
}

test('one runs, a second beside it says so and stops, and SIGTERM stops everything, the database too', async () => {
  const port = await freePort();
  const first = run(port);
  await first.said('is ready');
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);

  const second = await run(port).exited;
  expect(second).toMatchObject({ code: 1 });
  expect(second.output).toContain(`Coursebell is already running at http://127.0.0.1:${port}`);

  // A terminal and npm may both pass the signal on.
  first.child.kill('SIGTERM');
  first.child.kill('SIGINT');
  expect(await first.exited).toMatchObject({ code: 0 });
  expect(fs.existsSync(path.join(folder, '.coursebell', 'postgres', 'PG_VERSION'))).toBe(true);
  expect(fs.existsSync(path.join(folder, '.coursebell', 'postgres', 'postmaster.pid'))).toBe(false);
});

test('told to stop while it starts, it leaves nothing running', async () => {
  const starting = run(await freePort());
  await starting.said('Starting the database');
  starting.child.kill('SIGTERM');
  expect(await starting.exited).toMatchObject({ code: 0 });
  expect(fs.existsSync(path.join(folder, '.coursebell', 'postgres', 'postmaster.pid'))).toBe(false);
});

test('a port that another program has is named, with the fix', async () => {
  const other = net.createServer((socket) => socket.end('HTTP/1.0 204 No Content\r\n\r\n')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as net.AddressInfo;
  const { code, output } = await run(port).exited;
  other.close();
  expect(code).toBe(1);
  expect(output).toContain(`Another program uses port ${port}`);
  expect(output).toContain('COURSEBELL_PORT=');
});
