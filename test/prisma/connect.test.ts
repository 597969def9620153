import { expect, test } from 'vitest';
import { explain } from '../../app/explain.ts';
import { connect } from '../../prisma/connect.ts';

test('an external database that does not answer is told in one sentence with the fix', async () => {
  const error = await connect({ folder: 'unused', url: 'postgres://somebody:secret@127.0.0.1:1/courses' }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  const text = explain(error);
  expect(text).toMatch(/^The database does not let us in: .*ECONNREFUSED.* Check DATABASE_URL\.$/);
  expect(text).not.toContain('secret');
});
