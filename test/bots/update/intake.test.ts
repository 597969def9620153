import { expect, it } from 'vitest';
import { createIntake, type IntakeOptions, type Work } from '../../../bots/update/intake.ts';
import { finishUpdates, keepUpdates, noteSent, unfinishedUpdates } from '../../../bots/update/store.ts';
import type { ChannelName } from '../../../core/learner/learner.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();

interface Said {
  chat: string;
  n: number;
}

const update = (n: number, chat: string) => ({ id: String(n), payload: { chat, n } satisfies Said });
const said = (work: Work) => work.payload as Said;

function intake(channel: ChannelName, work: (work: Work) => Promise<void>, more: Partial<IntakeOptions> = {}) {
  const lines: string[] = [];
  const chatOf = (payload: unknown) => (payload as Said).chat;
  const made = createIntake({ db, channel, chatOf, work, log: (line) => lines.push(line), pauseMs: 1, ...more });
  return { ...made, lines };
}

/** A promise and what resolves it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

it('keeps updates before it confirms them, and works on each chat in order and on chats side by side', async () => {
  const { open, opened } = gate();
  const done: number[] = [];
  const { take, idle } = intake('telegram', async (work) => {
    if (said(work).n === 1) await opened;
    done.push(said(work).n);
  });
  await take([update(1, 'a'), update(2, 'a'), update(3, 'b')]);
  expect((await unfinishedUpdates(db, 'telegram')).map(({ id }) => id)).toEqual(expect.arrayContaining(['1', '2']));
  expect(done).not.toContain(1);
  await take([update(4, 'b')]);
  open();
  await idle();
  expect(done.filter((n) => n < 3)).toEqual([1, 2]);
  expect(done.filter((n) => n >= 3)).toEqual([3, 4]);
  expect(done.indexOf(3)).toBeLessThan(done.indexOf(1));
  expect(await unfinishedUpdates(db, 'telegram')).toEqual([]);
  const { rows } = await db.pool.query("select payload from updates where channel = 'telegram'");
  expect(rows).toEqual([{ payload: null }, { payload: null }, { payload: null }, { payload: null }]);
});

it('counts what comes twice once: in one batch, while it waits, and after it was answered', async () => {
  const done: string[] = [];
  const { take, idle } = intake('telegram', (work) => Promise.resolve(void done.push(work.id)));
  await Promise.all([take([update(11, 'a'), update(11, 'a')]), take([update(11, 'a'), update(12, 'a')])]);
  await idle();
  await take([update(11, 'a'), update(13, 'a')]);
  await idle();
  expect(done).toEqual(['11', '12', '13']);
});

it('loses none of a chat that writes faster than it is answered, and holds to the number of chats at once', async () => {
  let busy = 0;
  let most = 0;
  const done: number[] = [];
  const work = async (one: Work) => {
    most = Math.max(most, ++busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy--;
    done.push(said(one).n);
  };
  const { take, idle } = intake('discord', work, { most: 3 });
  const all = Array.from({ length: 300 }, (_, n) => update(n, `chat ${n % 7 === 0 ? n : 0}`));
  await Promise.all([take(all.slice(0, 200)), take(all.slice(200))]);
  await idle();
  expect(done).toHaveLength(300);
  const one = done.filter((n) => n === 0 || n % 7 !== 0);
  expect(one).toEqual(one.toSorted((a, b) => a - b));
  expect(most).toBe(3);
});

it('tries what fails three times, says so without its data, and goes on with the next', async () => {
  const tried: number[] = [];
  const { take, idle, lines } = intake('web', async (work) => {
    tried.push(said(work).n);
    await Promise.resolve();
    if (said(work).n === 1) throw new TypeError('the secret of a person');
    if (said(work).n === 2 && tried.filter((n) => n === 2).length === 1) throw new Error('once');
  });
  await take([update(1, 'a'), update(2, 'a'), update(3, 'a')]);
  await idle();
  expect(tried).toEqual([1, 1, 1, 2, 2, 3]);
  expect(lines).toHaveLength(4);
  expect(lines.join()).not.toContain('secret');
  expect(await unfinishedUpdates(db, 'web')).toEqual([]);
});

it('takes up what a crash left in its order, before what is new, with what was sent of it', async () => {
  await keepUpdates(db, 'discord', [update(1_002, 'a'), update(998, 'a')]);
  await keepUpdates(db, 'discord', [update(1_003, 'a'), update(1_004, 'b')]);
  await noteSent(db, 'discord', '998', 2);
  const done: [string, number][] = [];
  const work = (one: Work) => Promise.resolve(void done.push([one.id, one.sent]));
  const { take, replay, idle } = intake('discord', work, { owns: (payload) => (payload as Said).chat === 'a' });
  await replay();
  await take([update(1_005, 'a'), update(1_003, 'a')]);
  await idle();
  expect(done).toEqual([
    ['998', 2],
    ['1002', 0],
    ['1003', 0],
    ['1005', 0],
  ]);
  expect(await unfinishedUpdates(db, 'discord')).toMatchObject([{ id: '1004', attempts: 0 }]);
  await finishUpdates(db, 'discord', ['1004']);
});

it('gives up an update in which process after process ended', async () => {
  await keepUpdates(db, 'web', [update(500, 'a')]);
  await db.pool.query("update updates set attempts = 10 where id = '500'");
  const done: string[] = [];
  const { replay, idle, lines } = intake('web', (work) => Promise.resolve(void done.push(work.id)));
  await replay();
  await idle();
  expect(done).toEqual([]);
  expect(lines).toHaveLength(1);
  expect(await unfinishedUpdates(db, 'web')).toEqual([]);
});

it('keeps what a database would refuse: NUL, halves of characters, and chats that can not be read', async () => {
  const odd = 'a\u0000b\ud800c\\u0000 \\ \ud83d\ude00';
  const seen: unknown[] = [];
  const { take, replay, idle } = intake('web', (work) => Promise.resolve(void seen.push(work.payload)), {
    chatOf: () => {
      throw new Error('no chat');
    },
  });
  await keepUpdates(db, 'web', [{ id: '900', payload: { [odd]: odd } }]);
  await replay();
  await take([{ id: '901', payload: null }]);
  await idle();
  const kept = 'a\ufffdb\ufffdc\\u0000 \\ \ud83d\ude00';
  expect(seen).toEqual([{ [kept]: kept }, null]);
});

it('lets the platform wait while the database can not keep an update', async () => {
  const done: string[] = [];
  const broken = { pool: { query: () => Promise.reject(new Error('gone')) } } as unknown as typeof db;
  const { take, idle } = intake('web', (work) => Promise.resolve(void done.push(work.id)), { db: broken });
  await expect(take([update(950, 'a')])).rejects.toThrow('gone');
  await idle();
  expect(done).toEqual([]);
});

it('passes over what can not be stored, and nothing that came with it', async () => {
  const done: string[] = [];
  const { take, idle, lines } = intake('discord', (work) => Promise.resolve(void done.push(work.id)));
  const nameless = { ...update(0, 'a'), id: null as unknown as string };
  await Promise.all([
    take([update(901, 'a'), nameless]),
    take([update(902, 'b'), { ...update(903, 'b'), id: '\u0000' }]),
  ]);
  await idle();
  expect(done.sort()).toEqual(['901', '902']);
  expect(lines).toHaveLength(2);
});

it('takes up what a crash left beside what it has taken itself, and works on neither twice', async () => {
  await keepUpdates(db, 'discord', [update(911, 'left')]);
  const { open, opened } = gate();
  const done: string[] = [];
  const { take, replay, idle } = intake('discord', async (work) => {
    done.push(work.id);
    await opened;
  });
  await take([update(912, 'new')]);
  await replay();
  await replay();
  // What is taken as the leavings are looked for is in the database before it is in work.
  await Promise.all([take([update(913, 'new')]), replay()]);
  open();
  await idle();
  expect(done.sort()).toEqual(['911', '912', '913']);
});
