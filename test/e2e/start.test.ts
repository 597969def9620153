import fs from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Turn } from '../../bots/conversation/turn.ts';
import type { Reply } from '../../core/language/reply.ts';
import { recording, testServer, words } from '../bots/web/server.ts';
import { testDatabase } from '../setup/database.ts';
import { chromiumPath, launch, whySkipped } from './browser.ts';
import { visit } from './person.ts';

if (!chromiumPath) console.warn(`test/e2e: ${whySkipped}`);

const db = testDatabase();

const answer = ({ input }: Turn): Reply[] => [
  {
    ...words('text' in input ? input.text : input.press),
    quiz: { options: [{ id: 'quiz|a', label: { en: 'First' } }], correct: 0 },
    buttons: [[{ id: 'link', label: { en: 'Open there' }, url: 'https://t.me/bell?start=link_1' }]],
    file: { name: 'mine.json', content: '{"of":"me"}' },
  },
];

describe.skipIf(!chromiumPath)('a page that is opened by a link', { timeout: 60_000 }, () => {
  const { turns, conversation } = recording(answer);
  let http: Awaited<ReturnType<typeof testServer>>;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    http = await testServer(() => db, conversation);
    address = await http.listen();
    http.serveNow();
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await http.close();
  });

  const pressed = () => turns.splice(0).map(({ input }) => ('press' in input ? input.press : input.text));

  it('hands in what the link carries, once, and takes it out of the address', async () => {
    const { page, close } = await visit(browser, `${address}/?start=course_excel-04&x=1`);
    expect(pressed()).toEqual(['arrive||course_excel-04']);
    expect(page.url()).toBe(`${address}/?x=1`);
    await page.reload();
    await page.locator('.theirs').first().waitFor();
    expect(pressed()).toEqual([]);
    // Somebody who has a chat already comes by a link as well.
    await page.goto(`${address}/?start=link_ABCD`);
    await page.locator('.theirs').nth(1).waitFor();
    expect(pressed()).toEqual(['arrive||link_ABCD']);
    await close();
  });

  it('begins as ever where the link carries nothing that we make', async () => {
    const { page, close } = await visit(browser, `${address}/?start=${encodeURIComponent('<b>|x')}`);
    expect(pressed()).toEqual(['start']);
    expect(page.url()).toBe(`${address}/`);
    await close();
  });

  it('opens addresses in a tab of their own, saves files, and shows a quiz as buttons', async () => {
    const { page, press, close } = await visit(browser, address);
    const link = page.getByRole('link', { name: 'Open there' });
    expect(await link.getAttribute('href')).toBe('https://t.me/bell?start=link_1');
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await link.getAttribute('rel')).toContain('noopener');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'mine.json' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('mine.json');
    expect(fs.readFileSync(await download.path(), 'utf8')).toBe('{"of":"me"}');
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('of');
    pressed();
    await press('First');
    expect(pressed()).toEqual(['quiz|a']);
    await close();
  });
});
