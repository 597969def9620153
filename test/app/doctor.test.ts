import http from 'node:http';
import type { AddressInfo } from 'node:net';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { afterAll, expect, test, vi } from 'vitest';
import { examine, type DoctorOptions, type PlatformCheck } from '../../app/doctor.ts';
import { checkDiscord } from '../../bots/discord/check.ts';
import { checkTelegram } from '../../bots/telegram/check.ts';
import { upsertCourses } from '../../core/catalogue/store.ts';
import { writeMessages } from '../../core/campaign/message/store.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import { createDiscordDouble } from '../doubles/discord/index.ts';
import { createTelegramDouble } from '../doubles/telegram/index.ts';
import { sampleCourse } from '../doubles/recommender.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-doctor-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const now = new Date('2027-03-01T04:00:00Z');
const containing = (part: string) => expect.stringContaining(part) as string;
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const allWell: PlatformCheck = () => Promise.resolve([{ what: 'Telegram', state: 'ok', found: '@bot' }]);

function databaseUrl(): string {
  const { host, port, user, password, database } = db.config as Record<string, string>;
  return `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host!)}`;
}
/** Looks with these variables; nothing listens on the port unless a test says so. */
async function look(env: NodeJS.ProcessEnv = {}, platforms: Partial<DoctorOptions['platforms']> = {}) {
  const { findings, ok } = await examine({
    env: { COURSEBELL_DATA: folder, COURSEBELL_PORT: '9', DATABASE_URL: databaseUrl(), ...env },
    now,
    platforms: { telegram: allWell, discord: allWell, ...platforms },
  });
  return { findings, ok, of: (what: string) => findings.find((finding) => finding.what === what) };
}
/** Settings are read in the working folder. */
function inFolderWith(settings: unknown) {
  const place = fs.mkdtempSync(path.join(folder, 'cwd-'));
  fs.writeFileSync(path.join(place, 'coursebell.config.json'), JSON.stringify(settings));
  vi.spyOn(process, 'cwd').mockReturnValue(place);
}

test('a new installation: nothing is wrong, and what is still to do is said', async () => {
  const { ok, of } = await look();
  expect(ok).toBe(true);
  expect(of('Database')).toMatchObject({ state: 'ok', found: matching(/^PostgreSQL \d+\.\d+, external/) });
  expect(of('Clock')).toMatchObject({ state: 'ok' });
  expect(of('Queue')).toMatchObject({ state: 'ok', found: containing('on PostgreSQL; deliver 0') });
  expect(of('Data folder')).toMatchObject({ found: containing(folder) });
  expect(of('Catalogue')).toMatchObject({ state: 'warning', fix: containing('import --courses') });
  expect(of('Models')).toMatchObject({ state: 'warning', fix: containing('coursebell train') });
  expect(of('Telegram')).toMatchObject({ state: 'off', found: 'TELEGRAM_BOT_TOKEN is not set' });
  expect(of('Discord')).toMatchObject({ state: 'off', found: 'DISCORD_BOT_TOKEN is not set' });
  expect(of('Server')).toMatchObject({ state: 'off', fix: 'npm start' });
});

test('what stands in the database is told: courses, the model’s age, messages that nobody sends', async () => {
  await upsertCourses(db, [sampleCourse('a', 'Data'), sampleCourse('b', 'Music')]);
  const made = { status: 'champion', seed: 1, config: {}, artefact: new Uint8Array() };
  await db.prisma.modelVersion.create({
    data: { ...made, data: { events: 120, learners: 30 }, createdAt: new Date('2027-02-20T04:00:00Z') },
  });
  const { id } = await db.prisma.learner.create({ data: { messages: true } });
  const message = { idempotencyKey: 'm', learnerId: id, kind: 'push' as const, campaignId: null, circumstances: {} };
  const past = new Date('2026-01-01T00:00:00Z');
  const reply = { text: { key: 'x' } };
  await writeMessages(
    db.pool,
    [{ ...message, id: eventKey('m'), reply, notBefore: past, expiresAt: new Date('2036-01-01T00:00:00Z') }],
    past,
  );
  const idle = await look();
  expect(idle.of('Catalogue')).toMatchObject({ state: 'ok', found: '2 courses on offer, 0 archived' });
  // Old, and nothing new to learn from.
  expect(idle.of('Models')).toMatchObject({
    state: 'ok',
    found: matching(/trained 9 days ago on 120 events of 30 learners; 0 new/),
  });
  expect(idle.of('Messages')).toMatchObject({ state: 'warning', found: matching(/^1 should have gone/) });
  await db.prisma.event.create({
    data: {
      idempotencyKey: eventKey('e'),
      learnerId: id,
      type: 'view',
      occurredAt: now,
      receivedAt: now,
      channel: 'web',
    },
  });
  expect((await look()).of('Models')).toMatchObject({ state: 'warning', fix: containing('trainer') });
  // A training that did not replace the champion is one all the same.
  await db.prisma.modelVersion.create({ data: { ...made, status: 'challenger', data: {}, createdAt: now } });
  expect((await look()).of('Models')).toMatchObject({
    state: 'ok',
    found: matching(/trained 9 days ago .*; version \d+, trained within the last day, does not serve .* 0 new/),
  });
});

test('settings that can not be used are told by name, and nothing else is looked at', async () => {
  const { ok, findings } = await look({ COURSEBELL_PORT: 'eighty' });
  expect(ok).toBe(false);
  expect(findings).toMatchObject([{ what: 'Settings', state: 'wrong', found: containing('COURSEBELL_PORT') }]);
});

test('a database and a Redis that can not be reached are wrong, and say what to do', async () => {
  const gone = await look({ DATABASE_URL: 'postgresql://me:hidden-word@127.0.0.1:9/none' });
  expect(gone.ok).toBe(false);
  expect(gone.of('Database')).toMatchObject({ state: 'wrong', fix: containing('DATABASE_URL') });
  expect(JSON.stringify(gone.findings)).not.toContain('hidden-word');
  const noRedis = await look({ REDIS_URL: path.join(folder, 'no-socket') });
  expect(noRedis.of('Queue')).toMatchObject({ state: 'wrong', fix: containing('REDIS_URL') });
});

test('platforms with a token are looked at; one that fails is wrong, and no token is ever told', async () => {
  const token = '123456:a-token-nobody-may-see';
  const asked: string[] = [];
  const { ok, findings, of } = await look(
    { TELEGRAM_BOT_TOKEN: token, DISCORD_BOT_TOKEN: `${token}-2` },
    {
      telegram: (settings) => {
        asked.push(settings.platforms.telegramToken!);
        return Promise.resolve([{ what: 'Telegram token', state: 'ok', found: '@bot' }]);
      },
      discord: () => Promise.reject(new Error(`connect to https://discord/bot${token}-2 failed`)),
    },
  );
  expect(asked).toEqual([token]);
  expect(ok).toBe(false);
  expect(of('Telegram token')).toMatchObject({ state: 'ok' });
  expect(of('Discord')).toMatchObject({ state: 'wrong', found: containing('could not be looked at') });
  expect(JSON.stringify(findings)).not.toContain('nobody-may-see');
});

test('the platforms’ own checks: a good token, and a wrong one that is not told', async () => {
  const [telegram, discord] = [await createTelegramDouble(), await createDiscordDouble()];
  const platforms = { telegram: checkTelegram, discord: checkDiscord };
  const roots = { TELEGRAM_API: telegram.root, DISCORD_API: discord.root };
  const good = await look(
    { ...roots, TELEGRAM_BOT_TOKEN: telegram.token, DISCORD_BOT_TOKEN: discord.token },
    platforms,
  );
  expect(good.of('Telegram token')).toMatchObject({ state: 'ok', found: containing('@coursebell_bot') });
  expect(good.of('Discord token')).toMatchObject({ state: 'ok' });
  const [one, two] = [`${telegram.token}-wrong`, `${discord.token}-wrong`];
  const bad = await look({ ...roots, TELEGRAM_BOT_TOKEN: one, DISCORD_BOT_TOKEN: two }, platforms);
  expect(bad.of('Telegram token')).toMatchObject({ state: 'wrong', fix: containing('TELEGRAM_BOT_TOKEN') });
  expect(bad.of('Discord token')).toMatchObject({ state: 'wrong', fix: containing('DISCORD_BOT_TOKEN') });
  expect(bad.ok).toBe(false);
  for (const secret of [telegram.token, discord.token])
    expect(JSON.stringify([good.findings, bad.findings])).not.toContain(secret);
  await Promise.all([telegram.close(), discord.close()]);
});

test('the public address: https for a webhook, and it must lead to the server that runs here', async () => {
  inFolderWith({ telegram: { receive: 'webhook' } });
  const token = { TELEGRAM_BOT_TOKEN: '1:a' };
  expect((await look(token)).of('Public address')).toMatchObject({
    state: 'wrong',
    fix: containing('https'),
  });
  inFolderWith({ telegram: { receive: 'webhook' }, publicUrl: 'https://learn.example:9443' });
  expect((await look(token)).of('Public address')).toMatchObject({
    state: 'wrong',
    fix: containing('8443'),
  });
  expect((await look()).of('Public address')).toMatchObject({ state: 'ok' });

  const answer = (status: string) =>
    http.createServer((_request, response) => response.end(JSON.stringify({ status }))).listen(0, '127.0.0.1');
  const [ours, another] = [answer('ready'), answer('somebody else')];
  await Promise.all([once(ours, 'listening'), once(another, 'listening')]);
  const port = (server: http.Server) => (server.address() as AddressInfo).port;
  const running = { COURSEBELL_PORT: String(port(ours)) };
  inFolderWith({ publicUrl: `http://127.0.0.1:${port(another)}` });
  const astray = await look(running);
  expect(astray.of('Server')).toMatchObject({ state: 'ok' });
  expect(astray.of('Public address')).toMatchObject({ state: 'wrong', fix: containing('proxy') });
  inFolderWith({ publicUrl: `http://127.0.0.1:${port(ours)}` });
  expect((await look(running)).of('Public address')).toMatchObject({
    state: 'warning',
    fix: containing('certificate'),
  });
  ours.close();
  another.close();
});
