import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasRedis, startRedis } from '../doubles/redis.ts';
import { testDatabase } from '../setup/database.ts';
import { pushKill } from './push-kill/run.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-kill-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a worker killed in the middle of a push run', () => {
  const onPostgres = testDatabase();
  const onRedis = testDatabase();

  test('loses no message and sends at most one twice, on PostgreSQL', { timeout: 120_000 }, async () => {
    const figures = await pushKill(onPostgres, { learners: 60, folder });
    expect(figures).toMatchObject({ planned: 60, lost: 0 });
    expect(figures.sentBeforeKill).toBeLessThan(60);
    expect(figures.doubled).toBeLessThanOrEqual(1);
  });

  test.skipIf(!hasRedis)(
    `the same on Redis${hasRedis ? '' : ' (skipped: redis-server is not installed here)'}`,
    { timeout: 120_000 },
    async () => {
      const redis = await startRedis();
      const figures = await pushKill(onRedis, { learners: 60, folder, redisUrl: redis.url });
      await redis.stop();
      expect(figures).toMatchObject({ planned: 60, lost: 0 });
      expect(figures.doubled).toBeLessThanOrEqual(1);
    },
  );
});
