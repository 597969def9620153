import { expect, it } from 'vitest';
import { refOf } from '../../../bots/message/ref.ts';
import { findSent, keepSent, type SentMessage } from '../../../bots/message/store.ts';
import { encodePress, type Reply } from '../../../core/language/reply.ts';
import { createLearner } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const ref = 's0f0f0f0f-0000-4000-8000-0123456789ab';
const page = (course: string): Reply => ({
  text: { key: 'course.item', args: { title: 'odd \ud800 \u0000' } },
  course,
});

it('finds what a message shows, until it shows something else', async () => {
  const { id } = await createLearner(db);
  const sent: SentMessage = { channel: 'telegram', chat: '7', platformId: '70', learnerId: id, course: 'a', ref };
  await keepSent(db, sent);
  expect(await findSent(db, 'telegram', '7', '70')).toEqual(sent);
  await keepSent(db, { ...sent, course: undefined, pages: [page('a'), page('b')] });
  const found = await findSent(db, 'telegram', '7', '70');
  expect(found).toMatchObject({ learnerId: id, ref, pages: [{ course: 'a' }, { course: 'b' }] });
  expect(found).not.toHaveProperty('course');
  expect(await findSent(db, 'telegram', '7', '71')).toBeUndefined();
  expect(await findSent(db, 'discord', '7', '70')).toBeUndefined();
});

it('keeps what stands in a community, and nothing of who is gone', async () => {
  await keepSent(db, { channel: 'discord', chat: 'guild', platformId: '1', course: 'a' });
  expect(await findSent(db, 'discord', 'guild', '1')).toEqual({
    channel: 'discord',
    chat: 'guild',
    platformId: '1',
    course: 'a',
  });
  const { id } = await createLearner(db);
  await keepSent(db, { channel: 'discord', chat: 'x', platformId: '2', learnerId: id });
  await db.pool.query('delete from learners where id = $1', [id]);
  expect(await findSent(db, 'discord', 'x', '2')).toBeUndefined();
  await keepSent(db, { channel: 'discord', chat: 'x', platformId: '3', learnerId: id });
  expect(await findSent(db, 'discord', 'x', '3')).toBeUndefined();
});

it('reads from its buttons what a reply belongs to', () => {
  const label = { key: 'button.save' };
  const button = (press: Parameters<typeof encodePress>[0]) => ({ id: encodePress(press), label });
  expect(refOf({ text: label })).toBeUndefined();
  expect(
    refOf({ text: label, buttons: [[button({ action: 'help' })], [button({ action: 'save', course: 'a', ref })]] }),
  ).toBe(ref);
  expect(refOf({ text: label, buttons: [[{ id: '%', label }]] })).toBeUndefined();
});
