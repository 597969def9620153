import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../app/keys.ts';
import { testServer } from '../bots/web/server.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();

describe('before it is ready', () => {
  it('listens, says why it is not ready, and serves the page; then it is', async () => {
    const http = await testServer(() => db);
    const address = await http.listen();
    try {
      http.notReady('training the first models');
      const before = await fetch(`${address}/healthz`);
      expect([before.status, await before.json()]).toEqual([
        503,
        { status: 'unavailable', reason: 'training the first models' },
      ]);
      const chat = await fetch(`${address}/api/chat`, { method: 'POST' });
      expect(chat.status).toBe(503);
      expect(await chat.json()).toEqual({
        error: { id: 'server.starting', message: 'Not ready yet: training the first models' },
      });
      expect((await fetch(`${address}/`)).status).toBe(200);
      http.serveNow();
      expect((await fetch(`${address}/healthz`)).status).toBe(200);
    } finally {
      await http.close();
    }
  });

  it('says who has the port', async () => {
    const first = await testServer(() => db);
    const port = Number(new URL(await first.listen()).port);
    const second = await testServer(() => db, undefined, {
      settings: { host: '127.0.0.1', port, publicUrl: undefined, currency: 'CNY' },
    });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await Promise.all([first.close(), second.close()]);
  });
});

describe('an API', () => {
  let http: Awaited<ReturnType<typeof testServer>>;
  let key: string;
  beforeAll(async () => {
    http = await testServer(() => db);
    http.serveNow();
    ({ key } = await createKey(db, 'shop'));
  });
  afterAll(() => http.close());

  it('answers errors as {error: {id, message}}', async () => {
    const unknown = await http.app.inject({ url: '/api/nothing' });
    expect([unknown.statusCode, unknown.json()]).toMatchObject([404, { error: { id: 'route.unknown' } }]);
    const broken = await http.app.inject({
      method: 'POST',
      url: '/api/chat',
      headers: { 'content-type': 'application/json' },
      payload: '{"text": ',
    });
    expect([broken.statusCode, broken.json()]).toMatchObject([400, { error: { id: 'body.not-json' } }]);
    const form = await http.app.inject({
      method: 'POST',
      url: '/api/chat',
      headers: { 'content-type': 'text/plain' },
      payload: '{"text": "hi"}',
    });
    expect([form.statusCode, form.json()]).toMatchObject([415, { error: { id: 'body.not-json' } }]);
  });

  it('refuses oversized bodies', async () => {
    const answer = await http.app.inject({ method: 'POST', url: '/api/chat', payload: { text: 'x'.repeat(200_000) } });
    expect([answer.statusCode, answer.json()]).toMatchObject([413, { error: { id: 'body.too-large' } }]);
  });

  it('sends a strict policy with the page, and no scheme but its own', async () => {
    const page = await http.app.inject({ url: '/' });
    const policy = page.headers['content-security-policy'] as string;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(page.body).not.toMatch(/<script>|<script [^>]*>[^<]*\w\(|\son\w+=|style="/);
    expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('takes events with a key only', async () => {
    const post = (authorization?: string) =>
      http.app.inject({
        method: 'POST',
        url: '/api/events',
        headers: authorization ? { authorization } : {},
        payload: { events: [{ id: 'e1', user_id: 'u1', course_id: 'c1', behavior_type: 'view', value: null }] },
      });
    expect((await post()).statusCode).toBe(401);
    expect((await post('Bearer cbk_guess')).json()).toMatchObject({ error: { id: 'key.invalid' } });
    const taken = await post(`Bearer ${key}`);
    expect(taken.statusCode).toBe(200);
    expect(taken.json()).toMatchObject({ accepted: 0, duplicate: 0, rejected: [{ id: 'e1', field: 'course_id' }] });
    const nothing = await http.app.inject({
      method: 'POST',
      url: '/api/events',
      headers: { authorization: `Bearer ${key}` },
      payload: { event: [] },
    });
    expect([nothing.statusCode, nothing.json()]).toMatchObject([400, { error: { id: 'request.invalid' } }]);
  });
});
