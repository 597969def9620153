import { expect, test } from 'vitest';
import { contactable, prospects } from '../../../../core/campaign/prospect/store.ts';
import { markUnreachable, meetLearner, setConsent, touchAddress } from '../../../../core/learner/store.ts';
import { testDatabase } from '../../../setup/database.ts';

const db = testDatabase();

test('who can get a message agreed to it at a place that works', async () => {
  const { id } = await meetLearner(db, 'telegram', '1', { reachable: true });
  await touchAddress(db, { learnerId: id, channel: 'web', chat: id });
  const found = async () => (await contactable(db, [id])).length;
  const reachable = async () =>
    (await prospects(db, { after: null, limit: 10, contactable: false })).map((prospect) => prospect.reachable);
  const consent = { learnerId: id, kind: 'messages', wording: '1', at: new Date(0) } as const;
  expect([await found(), await reachable()]).toEqual([0, [false]]);
  await setConsent(db, { ...consent, granted: true, channel: 'telegram', chat: '1' });
  expect([await found(), await reachable()]).toEqual([1, [true]]);
  // The web chat works, but there it was not agreed to.
  await markUnreachable(db, { channel: 'telegram', chat: '1' });
  expect([await found(), await reachable()]).toEqual([0, [false]]);
  expect(await prospects(db, { after: null, limit: 10, contactable: true })).toEqual([]);
  await meetLearner(db, 'telegram', '1', { reachable: true });
  expect(await found()).toBe(1);
  await setConsent(db, { ...consent, granted: false, channel: 'web', chat: id });
  expect(await found()).toBe(0);
});
