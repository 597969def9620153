import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../app/keys.ts';
import { createConversation } from '../../bots/conversation/conversation.ts';
import { createLinks } from '../../bots/conversation/deep-link.ts';
import { newLinkCode } from '../../core/learner/link/store.ts';
import { meetLearner, resolveExternal } from '../../core/learner/store.ts';
import { eraseLearner } from '../../core/privacy/erase.ts';
import { linkAccounts } from '../../core/privacy/merge.ts';
import { fixtureServices } from '../bots/conversation/chat.ts';
import { testServer } from '../bots/web/server.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();
const links = createLinks();
let http: Awaited<ReturnType<typeof testServer>>;
let key: string;

beforeAll(async () => {
  const services = await fixtureServices(db, () => {});
  http = await testServer(() => db, createConversation(services), { links });
  http.serveNow();
  ({ key } = await createKey(db, 'shop'));
});
afterAll(() => http.close());

const ask = (payload: object, headers: Record<string, string> = { authorization: `Bearer ${key}` }) =>
  http.app.inject({ method: 'POST', url: '/api/link', payload, headers: { host: 'bell.example', ...headers } });

interface Issued {
  web: string;
  telegram: string | null;
  discord: { url: string; command: string } | null;
  expires_at: string;
}
const issue = async (learner: string) => (await ask({ learner })).json<Issued>();
const codeIn = (link: string) => /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$/.exec(link)![0];
const learnerOf = async (name: string) => (await resolveExternal(db, [name], { create: false })).ids.get(name);

/** A browser that keeps its cookie. */
function browser() {
  let cookie = '';
  return async (press: string) => {
    const answer = await http.app.inject({
      ...{ method: 'POST' as const, url: '/api/chat', payload: { press } },
      headers: { cookie, 'accept-language': 'en' },
    });
    const set = answer.headers['set-cookie'];
    if (set) cookie = String(set).split(';')[0]!;
    return answer.json<{ messages: { text: string; buttons?: { id: string }[] }[] }>().messages;
  };
}

describe('POST /api/link', () => {
  it('gives the web chat’s link, and null for channels that are not connected', async () => {
    const before = Date.now();
    const issued = await issue('new-1');
    expect(issued).toEqual({
      web: `http://bell.example/?start=link_${codeIn(issued.web)}`,
      ...{ telegram: null, discord: null, expires_at: expect.any(String) as string },
    });
    const minutes = (new Date(issued.expires_at).getTime() - before) / 60_000;
    expect(Math.round(minutes)).toBe(10);
    // A learner without any consent.
    const learner = await db.prisma.learner.findUniqueOrThrow({ where: { id: (await learnerOf('new-1'))! } });
    expect(learner).toMatchObject({ recording: false, messages: false });
  });

  it('gives a code of its own for each connected channel', async () => {
    links.set('telegram', (payload) => `https://t.me/bell?start=${payload}`);
    links.set('discord', () => 'https://discord.com/users/1');
    const issued = await issue('shop-1');
    expect(issued.telegram).toMatch(/^https:\/\/t\.me\/bell\?start=link_[\w-]+$/);
    expect(issued.discord).toEqual({
      url: 'https://discord.com/users/1',
      command: expect.stringMatching(/^\/link /) as string,
    });
    const codes = new Set([issued.web, issued.telegram!, issued.discord!.command].map(codeIn));
    expect(codes.size).toBe(3);

    const shop = (await learnerOf('shop-1'))!;
    for (const code of codes) {
      const { id } = await meetLearner(db, 'telegram', randomUUID(), { reachable: true });
      expect(await linkAccounts(db, { code, learnerId: id, now: new Date() })).toEqual({ ok: true, learnerId: shop });
      const again = await meetLearner(db, 'telegram', randomUUID(), { reachable: true });
      expect(await linkAccounts(db, { code, learnerId: again.id, now: new Date() })).toMatchObject({ reason: 'used' });
    }
    expect(await db.prisma.address.count({ where: { learnerId: shop } })).toBe(3);
  });

  it('joins a browser’s visitor with the account, who is then the same for the seller’s server', async () => {
    const issued = await issue('shop-2');
    const press = browser();
    await press('start');
    await press('consent||recording:on');
    await press('save|c8');
    const [asked] = await press(`arrive||link_${codeIn(issued.web)}`);
    const confirm = asked!.buttons!.map(({ id }) => id).find((id) => id.startsWith('link||yes'))!;
    const [done] = await press(confirm);
    expect(done!.text).toContain('one learner now');
    const shop = (await learnerOf('shop-2'))!;
    const { rows } = await db.pool.query<{ type: string }>(
      'select type from events where learner_id = $1 order by id',
      [shop],
    );
    expect(rows.map(({ type }) => type)).toEqual(['register', 'save']);
    // The same browser goes on as that learner, in one chat.
    await press('save|c2');
    expect(await db.prisma.event.count({ where: { learnerId: shop } })).toBe(3);
    expect(await db.prisma.address.findMany({ where: { learnerId: shop } })).toMatchObject([
      { channel: 'web', chat: shop },
    ]);
    expect(await db.prisma.conversation.findMany({ where: { learnerId: shop } })).toMatchObject([{ chat: shop }]);
    const [same] = await press(confirm);
    expect(same!.text).toContain('one already');
  });

  it('refuses a request without a key, without a learner, and of somebody who was erased', async () => {
    expect((await ask({ learner: 'x' }, {})).statusCode).toBe(401);
    expect((await ask({ learner: 'x' }, { authorization: 'Bearer wrong' })).statusCode).toBe(401);
    expect((await ask({})).json()).toMatchObject({ error: { id: 'body.invalid' } });
    expect((await ask({ learner: '' })).statusCode).toBe(400);
    expect((await ask({ learner: 'x', more: 1 })).statusCode).toBe(400);
    expect(await learnerOf('x')).toBeUndefined();
    await issue('leaves');
    await eraseLearner(db, (await learnerOf('leaves'))!);
    const gone = await ask({ learner: 'leaves' });
    expect([gone.statusCode, gone.json()]).toMatchObject([410, { error: { id: 'learner.erased' } }]);
    expect(await newLinkCode(db, randomUUID(), new Date())).toBeUndefined();
  });
});
