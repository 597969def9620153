import { afterAll, beforeAll, describe } from 'vitest';
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
