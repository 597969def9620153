import { Command } from 'commander';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registerCampaign } from '../../../app/commands/campaign.ts';
import { registerPush } from '../../../app/commands/push.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { sampleCourse } from '../../doubles/recommender.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-campaign-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  const { host, port, user, password, database } = db.config as Record<string, string>;
  const socket = encodeURIComponent(host!);
  vi.stubEnv('DATABASE_URL', `postgresql://${user}:${password}@localhost:${port}/${database}?host=${socket}`);
  // Nothing listens there.
  vi.stubEnv('COURSEBELL_PORT', '9');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a command prints. */
async function coursebell(...words: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const program = new Command('coursebell').exitOverride();
  registerCampaign(program);
  registerPush(program);
  await program.parseAsync(words, { from: 'user' });
  return printed.join('\n');
}
function file(plan: unknown): string {
  const name = path.join(folder, 'plan.json');
  fs.writeFileSync(name, typeof plan === 'string' ? plan : JSON.stringify(plan));
  return name;
}

test('a manager prints an example, counts it, starts it, looks at it and stops it', async () => {
  await upsertCourses(db, [sampleCourse('a', 'Data')]);
  for (const [messages, simulated] of [
    [true, false],
    [false, false],
    [true, true],
  ] as const) {
    const { id } = await db.prisma.learner.create({ data: { messages, simulated, recording: true } });
    if (!simulated)
      await db.prisma.address.create({ data: { learnerId: id, channel: 'web', chat: id, messages: true } });
  }
  const plan = JSON.parse(await coursebell('campaign', '--example')) as Record<string, unknown>;
  const everyone = file({ ...plan, audience: { everyone: true }, holdout: 0, name: 'c' });

  const counts = { audience: 2, consenting: 1, reachable: 1, heldOut: 0, codes: 1, simulated: 1 };
  expect(JSON.parse(await coursebell('campaign', 'start', everyone, '--dry-run', '--json'))).toEqual(counts);
  expect(await coursebell('campaign', 'list')).toContain('There is no campaign yet');

  const started = await coursebell('campaign', 'start', everyone);
  expect(started).toContain('it waits for `npm start`');
  await expect(coursebell('campaign', 'start', everyone)).rejects.toThrow('There is a campaign "c" already');
  expect(JSON.parse(await coursebell('campaign', 'status', 'c', '--json'))).toMatchObject({
    name: 'c',
    status: 'scheduled',
    planned: 0,
    heldOut: 0,
    arms: { treatment: { sent: 0, pressed: 0, redeemed: 0, bought: 0, revenue: {} }, holdout: { bought: 0 } },
  });
  expect(await coursebell('campaign', 'status')).toContain('revenue per learner');
  await expect(coursebell('campaign', 'status', 'd')).rejects.toThrow('There is no campaign "d"');
  expect(await coursebell('campaign', 'stop', 'c')).toContain('Stopped "c": 0 messages');
  expect(await coursebell('campaign', 'stop', 'c')).toContain('"c" is stopped already');
});

test('a plan that can not be used names each key, and starts nothing', async () => {
  const plan = {
    name: 'x',
    audience: { stages: [] },
    offer: { percent: 0, limit: 1 },
    text: { en: 'no code' },
    colour: 1,
  };
  const refused = coursebell('campaign', 'start', file(plan));
  await expect(refused).rejects.toThrow(/audience\.stages: unknown key/);
  await expect(refused).rejects.toThrow(/offer\.percent: /);
  await expect(refused).rejects.toThrow(/offer\.expires_at: /);
  await expect(refused).rejects.toThrow(/text\.en: must contain \{\{ code \}\}/);
  await expect(refused).rejects.toThrow(/colour: unknown key/);
  await expect(coursebell('campaign', 'start', file('{'))).rejects.toThrow('is not valid JSON');
  await expect(coursebell('campaign', 'start', path.join(folder, 'none'))).rejects.toThrow('can not be read');
});

test('pushes can be written at once, once a day', async () => {
  expect(JSON.parse(await coursebell('push', '--now', '--json'))).toEqual({ planned: 1 });
  expect(await coursebell('push', '--now')).toContain('Nobody to push to');
  await expect(coursebell('push', '--now', '--learner', 'nobody')).rejects.toThrow('There is no learner "nobody"');
});
