import { describe, expect, test } from 'vitest';
import { testDatabase } from '../setup/database.ts';
import { runPushes } from './pushes/run.ts';

describe.each(['telegram', 'discord'] as const)('pushes through %s, which refuses at random', (name) => {
  const db = testDatabase();

  test('lose none, double none, and keep to the platform’s limits', { timeout: 120_000 }, async () => {
    const shares = { rateLimited: 0.1, blocked: 0.1, failed: 0.1 };
    const figures = await runPushes(db, name, { pushes: 60, seed: 7, shares });
    // Every kind of refusal was played.
    expect(Object.values(figures.refused).every((count) => count > 0)).toBe(true);
    expect(figures).toMatchObject({ lost: 0, doubled: 0, exceeded: 0 });
    expect(figures.delivered + figures.blocked).toBe(60);
  });
});
