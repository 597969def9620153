import { afterEach, describe, expect, it } from 'vitest';
import { createKey } from '../../../app/keys.ts';
import { createLearner, setConsent } from '../../../core/learner/store.ts';
import { eraseLearner } from '../../../core/privacy/erase.ts';
import { testDatabase } from '../../setup/database.ts';
import { echo, recording, testServer, words } from './server.ts';

const db = testDatabase();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(
  ...[conversation, options, database = () => db]: [
    Parameters<typeof testServer>[1]?,
    Parameters<typeof testServer>[2]?,
    Parameters<typeof testServer>[0]?,
  ]
) {
  const http = await testServer(database, conversation, options);
  open.push(http);
  http.serveNow();
  return {
    ...http,
    chat: (payload: unknown, headers: Record<string, string> = {}, url = '/api/chat') =>
      http.app.inject({ method: 'POST', url, payload: payload as object, headers }),
  };
}

const cookieOf = (answer: { headers: Record<string, unknown> }) =>
  ((answer.headers['set-cookie'] as string | undefined) ?? '').split(';')[0]!;

const count = async (table: string) =>
  Number((await db.pool.query<{ n: string }>(`select count(*) n from ${table}`)).rows[0]!.n);

describe('a browser session', () => {
  it('begins with the first message, in an unguessable http-only same-site cookie of which only the hash is kept', async () => {
    const { chat } = await start();
    const first = await chat({ text: 'hello' });
    expect(first.statusCode).toBe(200);
    expect(first.json()).toEqual({ messages: [{ text: 'hello' }] });
    const cookie = first.headers['set-cookie'] as string;
    expect(cookie).toMatch(/^coursebell_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const id = cookieOf(first).split('=')[1]!;
    const { rows } = await db.pool.query<{ id_hash: string }>('select id_hash from web_sessions');
    expect(JSON.stringify(rows)).not.toContain(id);
  });

  it('goes on with its cookie: same learner, the same cookie for longer, an address to reach them', async () => {
    const { turns, conversation } = recording();
    const { chat } = await start(conversation);
    const cookie = cookieOf(await chat({ text: 'one' }));
    const second = await chat({ press: 'save|c1' }, { cookie });
    expect(cookieOf(second)).toBe(cookie);
    expect(turns.map((turn) => turn.input)).toEqual([{ text: 'one' }, { press: 'save|c1' }]);
    expect(turns[1]!.learnerId).toBe(turns[0]!.learnerId);
    const { rows } = await db.pool.query('select channel, chat, reachable from addresses where learner_id = $1', [
      turns[0]!.learnerId,
    ]);
    expect(rows).toEqual([{ channel: 'web', chat: turns[0]!.learnerId, reachable: true }]);
  });

  it('tells the zone it is in; one that nobody knows here is passed over', async () => {
    const { turns, conversation } = recording();
    const { chat } = await start(conversation);
    const cookie = cookieOf(await chat({ text: 'one', time_zone: 'Europe/London' }));
    expect((await chat({ text: 'two', time_zone: 'Moon/Tranquility' }, { cookie })).statusCode).toBe(200);
    expect(turns.map(({ timeZone }) => timeZone)).toEqual(['Europe/London', undefined]);
  });

  it('is not made by looking, and not by a made-up cookie', async () => {
    const { app } = await start();
    const before = await count('learners');
    for (const headers of [{}, { cookie: 'coursebell_session=made-up' }]) {
      const inbox = await app.inject({ url: '/api/inbox', headers });
      expect([inbox.statusCode, inbox.json()]).toEqual([200, { messages: [] }]);
      expect((await app.inject({ url: '/api/export', headers })).statusCode).toBe(401);
      const stream = await app.inject({ url: '/api/inbox', headers: { ...headers, accept: 'text/event-stream' } });
      expect([stream.statusCode, stream.json()]).toMatchObject([401, { error: { id: 'session.missing' } }]);
    }
    expect(await count('learners')).toBe(before);
  });

  it('is Secure where people come by https', async () => {
    const { chat } = await start(echo, {
      settings: { host: '127.0.0.1', port: 0, publicUrl: 'https://learn.example', currency: 'CNY' },
    });
    const answer = await chat({ text: 'hi' }, { origin: 'https://learn.example' });
    expect(answer.headers['set-cookie']).toMatch(/; Secure/);
    expect(answer.headers['strict-transport-security']).toBeDefined();
    expect((await chat({ text: 'hi' }, { origin: 'http://learn.example' })).statusCode).toBe(403);
  });

  it('ends after half a year without a visit', async () => {
    const { chat, app } = await start();
    const cookie = cookieOf(await chat({ text: 'one' }));
    await db.pool.query(`update web_sessions set seen_at = now() - interval '181 days'`);
    expect((await app.inject({ url: '/api/export', headers: { cookie } })).statusCode).toBe(401);
    expect(cookieOf(await chat({ text: 'two' }, { cookie }))).toMatch(/^coursebell_session=/);
  });

  it('survives the erasure of its learner: the next message is a new person', async () => {
    const { turns, conversation } = recording(async (turn) => {
      if ('text' in turn.input && turn.input.text === 'erase me') {
        await db.pool.query('delete from learners where id = $1', [turn.learnerId]);
      }
      return [words('done')];
    });
    const { chat } = await start(conversation);
    const cookie = cookieOf(await chat({ text: 'one' }));
    const [erased, queued] = await Promise.all([
      chat({ text: 'erase me' }, { cookie }),
      chat({ text: 'and me?' }, { cookie }),
    ]);
    expect(erased.json()).toEqual({ messages: [{ text: 'done' }] });
    expect(erased.headers['coursebell-erased']).toBe('true');
    expect(queued.statusCode).toBe(200);
    expect(queued.headers['set-cookie']).toBeDefined();
    expect(turns[2]!.learnerId).not.toBe(turns[1]!.learnerId);
  });
});

describe('an erasure by another process in the middle of a request', () => {
  /** The database as a request sees it whose learner is erased just before their address is touched. */
  function erasing(erase: (learnerId: string) => Promise<unknown>) {
    let armed = false;
    const pool = Object.create(db.pool) as typeof db.pool;
    pool.query = (async (query: string, values: unknown[]) => {
      if (armed && typeof query === 'string' && query.includes('insert into addresses')) {
        armed = false;
        await erase(values[0] as string);
      }
      return db.pool.query(query, values);
    }) as typeof db.pool.query;
    return { db: { ...db, pool }, arm: () => (armed = true) };
  }

  it('leaves a browser with a new person', async () => {
    const { turns, conversation } = recording();
    const racing = erasing((id) => eraseLearner(db, id));
    const { chat } = await start(conversation, {}, () => racing.db);
    const cookie = cookieOf(await chat({ text: 'one' }));
    racing.arm();
    const answer = await chat({ text: 'two' }, { cookie });
    expect([answer.statusCode, answer.json()]).toEqual([200, { messages: [{ text: 'two' }] }]);
    expect(cookieOf(answer)).toMatch(/^coursebell_session=/);
    expect(turns[1]!.learnerId).not.toBe(turns[0]!.learnerId);
  });

  it('is told to a server with a key', async () => {
    const { turns, conversation } = recording();
    const racing = erasing((id) => eraseLearner(db, id));
    const { chat } = await start(conversation, {}, () => racing.db);
    const { key } = await createKey(db, 'shop');
    racing.arm();
    const answer = await chat({ learner: 'u-6', text: 'hi' }, { authorization: `Bearer ${key}` });
    expect([answer.statusCode, answer.json()]).toMatchObject([410, { error: { id: 'learner.erased' } }]);
    expect(turns).toEqual([]);
  });
});

describe('the form of a request', () => {
  it.each([
    [{}, 'text'],
    [{ text: '' }, 'text'],
    [{ text: '  \n ' }, 'text'],
    [{ text: 7 }, 'text'],
    [{ text: 'x'.repeat(2_001) }, 'text'],
    [{ text: 'hi', press: 'save' }, 'text'],
    [{ press: '' }, 'press'],
    [{ text: 'hi', message: 'x' }, 'message'],
    [{ text: 'hi', turn: 'a b' }, 'turn'],
    [[], 'object'],
  ])('%j is refused by the name of its field', async (payload, field) => {
    const { chat } = await start();
    const answer = await chat(payload);
    expect(answer.statusCode).toBe(400);
    const { error } = answer.json<{ error: { id: string; message: string } }>();
    expect(error.id).toBe('body.invalid');
    expect(error.message).toContain(field);
  });

  it('takes exactly 2,000 characters, and gives buttons, course and picture as the page needs them', async () => {
    const { chat } = await start(
      recording(() => [
        {
          text: { template: { en: 'Excel\n9 CNY', zh: 'Excel 入门\n9 元' } },
          course: 'c1',
          buttons: [[{ id: 'save|c1', label: { en: 'Save', zh: '收藏' } }], [{ id: 'buy|c1', label: { zh: '购买' } }]],
          picture: {
            kind: 'interests',
            title: { template: { en: 'Interests' } },
            bars: [{ label: 'Excel', share: 0.6 }],
          },
        },
      ]).conversation,
    );
    const answer = await chat({ text: '长'.repeat(2_000) }, { 'accept-language': 'fr, zh-CN;q=0.8, en;q=0.5' });
    const [message] = answer.json<{ messages: Record<string, unknown>[] }>().messages;
    expect(message).toMatchObject({
      text: 'Excel 入门\n9 元',
      course: 'c1',
      buttons: [
        { id: 'save|c1', label: '收藏' },
        { id: 'buy|c1', label: '购买' },
      ],
    });
    expect(answer.headers['content-language']).toBe('zh');
    const [head, data] = (message!['image'] as string).split(',');
    expect(head).toBe('data:image/svg+xml;base64');
    expect(Buffer.from(data!, 'base64').toString()).toMatch(/^<svg[^>]*>.*Excel.*60%.*<\/svg>\s*$/s);
  });

  it('refuses pages of other sites, also on reading', async () => {
    const { chat, app } = await start();
    const cookie = cookieOf(await chat({ text: 'hi' }, { origin: 'http://localhost:80', host: 'localhost:80' }));
    for (const origin of ['https://evil.example', 'null', 'http://localhost:81']) {
      const answer = await chat({ text: 'buy all' }, { origin, cookie, host: 'localhost:80' });
      expect([answer.statusCode, answer.json()]).toMatchObject([403, { error: { id: 'origin.foreign' } }]);
      expect((await app.inject({ url: '/api/export', headers: { origin, cookie } })).statusCode).toBe(403);
    }
  });
});

describe('a server with a key', () => {
  it('acts for the learner it names, and for nobody without naming', async () => {
    const { turns, conversation } = recording();
    const { chat } = await start(conversation);
    const { key } = await createKey(db, 'shop');
    const authorization = `Bearer ${key}`;
    const answer = await chat({ learner: 'u-1', text: 'hi' }, { authorization, origin: 'https://shop.example' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['set-cookie']).toBeUndefined();
    await chat({ text: 'again' }, { authorization }, '/api/chat?learner=u-1');
    await chat({ learner: 'u-2', text: 'hi' }, { authorization });
    const [one, again, two] = turns.map((turn) => turn.learnerId);
    expect(again).toBe(one);
    expect(two).not.toBe(one);
    expect((await chat({ text: 'hi' }, { authorization })).json()).toMatchObject({ error: { id: 'learner.missing' } });
    const both = await chat({ learner: 'u-1', text: 'hi' }, { authorization }, '/api/chat?learner=u-2');
    expect([both.statusCode, both.json()]).toMatchObject([400, { error: { id: 'learner.two' } }]);
  });

  it.each(['u\0', 'u\ud800', ''])('refuses %j as the name of a learner', async (learner) => {
    const { chat } = await start();
    const { key } = await createKey(db, 'shop');
    const answer = await chat({ learner, text: 'hi' }, { authorization: `Bearer ${key}` });
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: { id: 'body.invalid' } }]);
  });

  it('never falls back to the cookie, and a cookie never names a learner', async () => {
    const { turns, conversation } = recording();
    const { chat, app } = await start(conversation);
    const cookie = cookieOf(await chat({ text: 'mine' }));
    const { key } = await createKey(db, 'shop');
    await chat({ learner: 'u-3', text: 'hi' }, { authorization: `Bearer ${key}`, cookie });
    expect(turns[1]!.learnerId).not.toBe(turns[0]!.learnerId);
    for (const headers of [{ cookie }, { cookie: `${cookie}; authorization=Bearer ${key}` }, {}]) {
      const named = await chat({ learner: 'u-3', text: 'hi' }, headers);
      expect([named.statusCode, named.json()]).toMatchObject([401, { error: { id: 'key.missing' } }]);
      for (const url of ['/api/inbox?learner=u-3', '/api/export?learner=u-3']) {
        expect((await app.inject({ url, headers })).statusCode).toBe(401);
      }
    }
    for (const authorization of ['Bearer wrong', `Basic ${key}`, 'Bearer ', `Bearer ${key} x`]) {
      expect((await chat({ learner: 'u-3', text: 'hi' }, { authorization, cookie })).statusCode).toBe(401);
    }
    await db.pool.query('update api_keys set revoked_at = now()');
    expect((await chat({ learner: 'u-3', text: 'hi' }, { authorization: `Bearer ${key}` })).statusCode).toBe(401);
    expect(turns).toHaveLength(2);
  });

  it('exports the named learner only', async () => {
    const { turns, conversation } = recording();
    const { chat, app } = await start(conversation);
    const { key } = await createKey(db, 'shop');
    const headers = { authorization: `Bearer ${key}` };
    await chat({ learner: 'u-4', text: 'hi' }, headers);
    const file = await app.inject({ url: '/api/export?learner=u-4', headers });
    expect(file.json()).toEqual({ learner: turns[0]!.learnerId });
    expect(file.headers['content-disposition']).toBe('attachment; filename="coursebell-export.json"');
    expect((await app.inject({ url: '/api/export?learner=nobody', headers })).statusCode).toBe(404);
  });

  it('makes nobody by reading', async () => {
    const { app } = await start();
    const { key } = await createKey(db, 'shop');
    const authorization = `Bearer ${key}`;
    const before = await count('learners');
    const inbox = await app.inject({ url: '/api/inbox?learner=u-7', headers: { authorization } });
    expect([inbox.statusCode, inbox.json()]).toEqual([200, { messages: [] }]);
    for (const request of [
      { url: '/api/inbox?learner=u-7', headers: { authorization, accept: 'text/event-stream' } },
      { url: '/api/export?learner=u-7', headers: { authorization } },
    ]) {
      const answer = await app.inject(request);
      expect([answer.statusCode, answer.json()]).toMatchObject([404, { error: { id: 'learner.unknown' } }]);
    }
    expect([await count('learners'), await count('external_ids where external_id = $$u-7$$')]).toEqual([before, 0]);
  });
});

describe('many turns', () => {
  it('answers a turn that is sent twice once', async () => {
    const { turns, conversation } = recording();
    const { chat } = await start(conversation);
    const cookie = cookieOf(await chat({ text: 'one' }));
    const payload = { text: 'buy it', turn: 'turn-0001' };
    const answers = await Promise.all([chat(payload, { cookie }), chat(payload, { cookie })]);
    answers.push(await chat(payload, { cookie }));
    expect(answers.map((answer) => answer.json<unknown>())).toEqual(Array(3).fill({ messages: [{ text: 'buy it' }] }));
    expect(turns).toHaveLength(2);
    expect(turns[1]!.id).toBe(`${turns[1]!.learnerId}:turn-0001`);
    const other = cookieOf(await chat({ text: 'two' }));
    await chat(payload, { cookie: other });
    expect(turns).toHaveLength(4);
  });

  it('does not remember a turn that failed', async () => {
    let failures = 1;
    const { chat } = await start({
      handle: () =>
        failures-- > 0
          ? Promise.reject(new Error('gone'))
          : Promise.resolve({ replies: [words('here')], learner: undefined }),
    });
    const { key } = await createKey(db, 'shop');
    const headers = { authorization: `Bearer ${key}` };
    const payload = { learner: 'u-5', text: 'hi', turn: 'turn-0002' };
    const failed = await chat(payload, headers);
    expect([failed.statusCode, failed.json()]).toMatchObject([500, { error: { id: 'server.failed' } }]);
    expect(failed.body).not.toContain('gone');
    expect((await chat(payload, headers)).json()).toEqual({ messages: [{ text: 'here' }] });
  });

  it('takes 200 chats at once, the turns of each in their order and one at a time', async () => {
    const running = new Map<string, number>();
    const order = new Map<string, string[]>();
    let most = 0;
    const { chat } = await start({
      async handle(turn) {
        const now = (running.get(turn.chat) ?? 0) + 1;
        running.set(turn.chat, now);
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        running.set(turn.chat, now - 1);
        order.set(turn.chat, [...(order.get(turn.chat) ?? []), 'text' in turn.input ? turn.input.text : '']);
        return { replies: [words('ok')], learner: undefined };
      },
    });
    const { key } = await createKey(db, 'bench');
    const headers = { authorization: `Bearer ${key}` };
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        ['1', '2', '3'].map((text) => chat({ learner: `c-${n}`, text }, headers)),
      ).flat(),
    );
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([200]));
    expect(most).toBe(1);
    expect(order.size).toBe(200);
    expect(new Set([...order.values()].map((texts) => texts.join()))).toEqual(new Set(['1,2,3']));
  });

  it('slows one session down without touching another', async () => {
    const { chat } = await start(echo, { limits: { chat: { person: 3, address: 100 } } });
    const [mine, other] = [cookieOf(await chat({ text: 'a' })), cookieOf(await chat({ text: 'b' }))];
    const codes = [];
    for (let n = 0; n < 4; n++) codes.push((await chat({ text: 'x' }, { cookie: mine })).statusCode);
    expect(codes).toEqual([200, 200, 200, 429]);
    expect((await chat({ text: 'x' }, { cookie: other })).statusCode).toBe(200);
    const refused = await chat({ text: 'x' }, { cookie: mine });
    expect(refused.json()).toMatchObject({ error: { id: 'rate.exceeded' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each(['inbox', 'export'] as const)('slows reading of the %s down for each person apart', async (kind) => {
    const { chat, app } = await start(echo, { limits: { [kind]: { person: 2, address: 3 } } });
    const { key } = await createKey(db, 'shop');
    const authorization = `Bearer ${key}`;
    const [mine, other] = [cookieOf(await chat({ text: 'a' })), cookieOf(await chat({ text: 'b' }))];
    for (const learner of ['r-1', 'r-2']) await chat({ learner, text: 'hi' }, { authorization });
    const codes = async (times: number, headers: Record<string, string>, learner?: string) => {
      const url = `/api/${kind}${learner === undefined ? '' : `?learner=${learner}`}`;
      const answers = [];
      for (let n = 0; n < times; n++) answers.push((await app.inject({ url, headers })).statusCode);
      return answers;
    };
    expect(await codes(3, { cookie: mine })).toEqual([200, 200, 429]);
    expect(await codes(1, { cookie: other })).toEqual([200]);
    expect(await codes(3, { authorization }, 'r-1')).toEqual([200, 200, 429]);
    expect(await codes(1, { authorization }, 'r-2')).toEqual([200]);
    expect((await codes(4, {})).at(-1)).toBe(429);
  });
});

it('speaks the language that the learner has chosen, else what the browser asks for', async () => {
  const both = recording(() => [{ text: { template: { en: 'Hello', zh: '你好' } } }]);
  const { chat } = await start(both.conversation);
  const cookie = cookieOf(await chat({ text: 'hi' }, { 'accept-language': 'en-GB' }));
  expect((await chat({ text: 'hi' }, { cookie, 'accept-language': 'zh' })).json()).toEqual({
    messages: [{ text: '你好' }],
  });
  await db.pool.query(`update learners set language = 'en' where id = $1`, [both.turns[0]!.learnerId]);
  expect((await chat({ text: 'hi' }, { cookie, 'accept-language': 'zh' })).json()).toEqual({
    messages: [{ text: 'Hello' }],
  });
});

it('keeps learners who have no session of their own out of reach of any cookie', async () => {
  const learner = await createLearner(db);
  await setConsent(db, {
    learnerId: learner.id,
    kind: 'messages',
    granted: true,
    channel: 'web',
    wording: 'test',
    at: new Date(),
  });
  const { app } = await start();
  for (const cookie of [learner.id, learner.id.replaceAll('-', ''), '%00', "' or true --"]) {
    const answer = await app.inject({ url: '/api/export', headers: { cookie: `coursebell_session=${cookie}` } });
    expect(answer.statusCode).toBe(401);
  }
});
