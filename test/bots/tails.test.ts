import { expect, it } from 'vitest';
import { createTails } from '../../bots/tails.ts';

it('runs the work of one chat in its order, whatever fails, and lets other chats pass', async () => {
  const tails = createTails();
  const done: string[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const first = tails.run('a', async () => {
    await gate;
    done.push('a1');
    throw new Error('broken');
  });
  const second = tails.run('a', () => Promise.resolve(done.push('a2')));
  await tails.run('b', () => Promise.resolve(done.push('b1')));
  release();
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(done).toEqual(['b1', 'a1', 'a2']);
});

it('refuses what no person types, and takes work again when the chat is through', async () => {
  const tails = createTails();
  const taken = Array.from({ length: 30 }, (_, n) => tails.run('a', () => Promise.resolve(n)));
  expect(taken.filter((result) => result === undefined)).toHaveLength(10);
  await Promise.all(taken.filter((result) => result !== undefined));
  expect(await tails.run('a', () => Promise.resolve('again'))).toBe('again');
});
