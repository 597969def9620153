import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKey, revokeKeys } from '../../../app/keys.ts';
import { webChannel } from '../../../bots/web/channel.ts';
import { putInInbox, readInbox } from '../../../bots/web/store.ts';
import { createLearner } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';
import { recording, testServer, words } from './server.ts';

const db = testDatabase();
const { turns, conversation } = recording();
let server: Awaited<ReturnType<typeof testServer>>;
let address: string;
beforeAll(async () => {
  server = await testServer(() => db, conversation);
  server.serveNow();
  address = await server.listen();
});
afterAll(() => server.close());

interface Message {
  id: string;
  at: string;
  text: string;
}

/** A browser: a session, with its learner. */
async function visitor() {
  const answer = await fetch(`${address}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'hello' }),
  });
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  const { learnerId } = turns.at(-1)!;
  return {
    cookie,
    learnerId,
    inbox: async (query = '') => {
      const got = await fetch(`${address}/api/inbox${query}`, { headers: { cookie } });
      return ((await got.json()) as { messages: Message[] }).messages;
    },
    seen: async (ids: string[]) => {
      const got = await fetch(`${address}/api/inbox/seen`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ ids }),
      });
      return ((await got.json()) as { seen: number }).seen;
    },
    stream: (headers: Record<string, string> = {}) => openStream({ cookie, ...headers }),
  };
}

async function push(learnerId: string, text: string, messageId: string = randomUUID()) {
  return webChannel(db).send({ learnerId, channel: 'web', chat: learnerId }, words(text), 'en', messageId);
}

/** An open event stream: `next()` is the next event, `ended` when the server closed it. */
async function openStream(headers: Record<string, string>, query = '') {
  const waiting: ((event: Message) => void)[] = [];
  const arrived: Message[] = [];
  const request = http.get(`${address}/api/inbox${query}`, { headers: { accept: 'text/event-stream', ...headers } });
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  request.on('error', () => undefined);
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const data = lines.find((line) => line.startsWith('data: '))?.slice(6);
      if (data === undefined) continue;
      const event = JSON.parse(data) as Message;
      expect(lines).toContain(`id: ${event.id}`);
      const taker = waiting.shift();
      if (taker) taker(event);
      else arrived.push(event);
    }
  });
  const ended = new Promise<void>((resolve) => response.on('close', resolve));
  return {
    response,
    ended,
    next: () =>
      new Promise<Message>((resolve) => (arrived.length > 0 ? resolve(arrived.shift()!) : waiting.push(resolve))),
    close: () => request.destroy(),
  };
}

describe('as JSON', () => {
  it('keeps a message until it is marked as seen; reading changes nothing', async () => {
    const me = await visitor();
    await push(me.learnerId, 'one');
    await push(me.learnerId, 'two');
    const first = await me.inbox();
    expect(first.map((message) => message.text)).toEqual(['one', 'two']);
    expect(first[0]).toEqual({
      id: expect.stringMatching(/^\d+$/) as string,
      at: expect.any(String) as string,
      text: 'one',
    });
    expect(Math.abs(Date.parse(first[0]!.at) - Date.now())).toBeLessThan(60_000);
    expect(await me.inbox()).toEqual(first);
    expect(await me.inbox(`?after=${first[0]!.id}`)).toEqual([first[1]]);
    expect(await me.seen([first[0]!.id])).toBe(1);
    expect(await me.seen([first[0]!.id])).toBe(0);
    expect(await me.inbox()).toEqual([first[1]]);
    expect(await me.inbox(`?after=0`)).toEqual(first);
  });

  it('shows nobody the messages of another, and lets nobody mark them', async () => {
    const [me, other] = [await visitor(), await visitor()];
    await push(other.learnerId, 'private');
    expect(await me.inbox()).toEqual([]);
    const [theirs] = await other.inbox();
    expect(await me.seen([theirs!.id])).toBe(0);
    expect(await other.inbox()).toHaveLength(1);
  });

  it.each(['?after=x', '?after=-1', '?unknown=1', '?after=99999999999999999999'])('refuses %s', async (query) => {
    const answer = await fetch(`${address}/api/inbox${query}`);
    expect(answer.status).toBe(400);
  });

  it('is read with a key for the named learner', async () => {
    const { key } = await createKey(db, 'shop');
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const none = await fetch(`${address}/api/inbox?learner=u-9`, { headers });
    expect(await none.json()).toEqual({ messages: [] });
    await fetch(`${address}/api/chat`, { method: 'POST', headers, body: '{"learner": "u-9", "text": "hi"}' });
    await push(turns.at(-1)!.learnerId, 'for u-9');
    const got = (await (await fetch(`${address}/api/inbox?learner=u-9`, { headers })).json()) as {
      messages: Message[];
    };
    expect(got.messages.map((message) => message.text)).toEqual(['for u-9']);
    const body = JSON.stringify({ learner: 'u-9', ids: [got.messages[0]!.id] });
    const seen = await fetch(`${address}/api/inbox/seen`, { method: 'POST', headers, body });
    expect(await seen.json()).toEqual({ seen: 1 });
  });
});

describe('the channel', () => {
  it('delivers an outbox message once, however often it is sent', async () => {
    const me = await visitor();
    const messageId = randomUUID();
    const sent = await Promise.all([1, 2, 3, 4].map(() => push(me.learnerId, 'once', messageId)));
    expect(new Set(sent.map((delivery) => JSON.stringify(delivery)))).toHaveProperty('size', 1);
    expect(sent[0]).toMatchObject({ ok: true });
    expect(await me.inbox()).toHaveLength(1);
  });

  it('says when the person is gone', async () => {
    const { id } = await createLearner(db);
    await db.pool.query('delete from learners where id = $1', [id]);
    expect(await push(id, 'nobody')).toEqual({ ok: false, kind: 'unreachable' });
  });
});

describe('as server-sent events', () => {
  it('gives what waits, then what comes, from whichever process it was sent', async () => {
    const me = await visitor();
    await push(me.learnerId, 'waiting');
    const stream = await me.stream();
    expect(stream.response.headers['content-type']).toContain('text/event-stream');
    expect(stream.response.headers['x-content-type-options']).toBe('nosniff');
    expect((await stream.next()).text).toBe('waiting');
    for (const text of ['a', 'b', 'c']) await push(me.learnerId, text);
    expect([await stream.next(), await stream.next(), await stream.next()].map((event) => event.text)).toEqual([
      'a',
      'b',
      'c',
    ]);
    stream.close();
  });

  it('goes on after Last-Event-ID and loses nothing of a broken connection', async () => {
    const me = await visitor();
    const first = await me.stream();
    await push(me.learnerId, 'one');
    const { id } = await first.next();
    first.close();
    await first.ended;
    await me.seen([id]);
    await push(me.learnerId, 'two');
    await push(me.learnerId, 'three');
    const again = await me.stream({ 'last-event-id': id });
    expect([await again.next(), await again.next()].map((event) => event.text)).toEqual(['two', 'three']);
    again.close();
  });

  it('wakes only who it is for', async () => {
    const [me, other] = [await visitor(), await visitor()];
    const [mine, theirs] = [await me.stream(), await other.stream()];
    await push(other.learnerId, 'for the other');
    expect((await theirs.next()).text).toBe('for the other');
    await push(me.learnerId, 'for me');
    expect((await mine.next()).text).toBe('for me');
    mine.close();
    theirs.close();
  });

  it('keeps an order that a cursor can follow when many are sent at once', async () => {
    const me = await visitor();
    const stream = await me.stream();
    const texts = Array.from({ length: 40 }, (_, n) => `m${n}`);
    const sending = Promise.all(texts.map((text) => push(me.learnerId, text)));
    const got = [];
    for (let n = 0; n < texts.length; n++) got.push(await stream.next());
    await sending;
    const ids = got.map((event) => Number(event.id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(got.map((event) => event.text))).toEqual(new Set(texts));
    stream.close();
  });

  it('shows nothing newer while something older is still being written', async () => {
    const { id } = await createLearner(db);
    const client = await db.pool.connect();
    await client.query('begin');
    await putInInbox({ ...db, pool: client as unknown as typeof db.pool }, id, randomUUID(), { text: 'older' });
    const newer = push(id, 'newer');
    const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await db.pool.query(blocked)).rowCount, { timeout: 10_000 }).toBe(1);
    expect(await readInbox(db, id)).toEqual([]);
    await client.query('commit');
    client.release();
    await newer;
    expect((await readInbox(db, id)).map((message) => message.text)).toEqual(['older', 'newer']);
  });

  it('comes back after the database cut its connections', async () => {
    const me = await visitor();
    const stream = await me.stream();
    await push(me.learnerId, 'before');
    await stream.next();
    await db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like 'listen %'`,
    );
    await push(me.learnerId, 'after');
    expect((await stream.next()).text).toBe('after');
    stream.close();
  });

  it('ends at the next heartbeat after its key was revoked, and not before', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { key, id } = await createKey(db, 'club');
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      await fetch(`${address}/api/chat`, { method: 'POST', headers, body: '{"learner": "u-10", "text": "hi"}' });
      const { learnerId } = turns.at(-1)!;
      const stream = await openStream({ authorization: headers.authorization }, '?learner=u-10');
      await push(learnerId, 'one');
      expect((await stream.next()).text).toBe('one');
      const comment = once(stream.response, 'data');
      vi.advanceTimersByTime(20_000);
      expect((await comment)[0]).toBe(':\n\n');
      await revokeKeys(db, id, new Date());
      vi.advanceTimersByTime(20_000);
      await stream.ended;
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends cleanly with the server, open streams and all', async () => {
    const other = await testServer(() => db, conversation);
    other.serveNow();
    const there = await other.listen();
    const me = await visitor();
    const request = http.get(`${there}/api/inbox`, { headers: { accept: 'text/event-stream', cookie: me.cookie } });
    request.on('error', () => undefined);
    const response = await new Promise<http.IncomingMessage>((resolve) => request.on('response', resolve));
    const ended = new Promise((resolve) => response.resume().on('close', resolve));
    await other.close();
    await ended;
  });
});
