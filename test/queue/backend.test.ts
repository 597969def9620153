import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackend } from '../../queue/backend.ts';
import { backendContract } from '../contracts/backend.ts';
import { hasRedis, startRedis } from '../doubles/redis.ts';
import { testDatabase } from '../setup/database.ts';

describe('on PostgreSQL', () => {
  const db = testDatabase();
  backendContract(() => ({ config: db.config }));
});

describe.skipIf(!hasRedis)(`on Redis${hasRedis ? '' : ' (skipped: redis-server is not installed here)'}`, () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  backendContract(() => ({ config: {}, redisUrl: redis.url }));
});

it('says at once when there is no Redis where it was told to find one', async () => {
  const connecting = createBackend({ config: {}, redisUrl: 'redis://127.0.0.1:1', log: () => {} });
  await expect(connecting).rejects.toThrow(/REDIS_URL can not be used: .*ECONNREFUSED/);
});
