import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { connect } from '../../prisma/connect.ts';
import { joinEmbedded } from '../../prisma/embedded.ts';

const folders: string[] = [];
function newFolder(name = 'd'): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-embedded-'));
  fs.chmodSync(folder, 0o755);
  folders.push(folder);
  return path.join(folder, name);
}
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

test('a second process joins the running server, and the last one out stops it', async () => {
  const folder = newFolder();
  const [first, second] = await Promise.all([joinEmbedded(folder), joinEmbedded(folder)]);
  await first.leave();
  const client = new pg.Client(second.connection);
  await client.connect();
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  await second.leave();
  expect(fs.existsSync(path.join(second.folder, 'postgres', 'postmaster.pid'))).toBe(false);
});

test('what was written is there after a restart, and a stale pid file of another program is no hindrance', async () => {
  const folder = newFolder();
  const first = await connect({ folder });
  await first.prisma.setting.create({ data: { name: 'kept', value: 1 } });
  await first.close();
  fs.writeFileSync(
    path.join(folder, 'postgres', 'postmaster.pid'),
    `${process.pid}\n${folder}\n1\n5432\n${folder}/socket\n\n\nready\n`,
  );
  const second = await connect({ folder });
  expect(await second.prisma.setting.findUnique({ where: { name: 'kept' } })).toMatchObject({ value: 1 });
  await second.close();
});

test('a folder too deep for a socket works all the same', async () => {
  const folder = newFolder(path.join('x'.repeat(60), 'y'.repeat(60)));
  const server = await joinEmbedded(folder);
  expect(server.connection.host).toBe('127.0.0.1');
  await server.leave();
});

test.each([
  ['of a process that died', '999999999', 0],
  ['that nobody can still be holding', String(process.pid), 3_600_000],
])('a lock %s is taken over', async (_, owner, ageMs) => {
  const folder = newFolder();
  fs.mkdirSync(folder, { recursive: true });
  const lock = path.join(folder, 'lock');
  fs.writeFileSync(lock, owner);
  const then = new Date(Date.now() - ageMs);
  fs.utimesSync(lock, then, then);
  const server = await joinEmbedded(folder);
  expect(fs.existsSync(lock)).toBe(false);
  await server.leave();
});
