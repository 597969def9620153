import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../app/settings.ts';
import { start, type Running } from '../../app/start.ts';
import { parsePlan } from '../../core/campaign/plan.ts';
import { planPushes } from '../../core/campaign/planning.ts';
import { createCampaign } from '../../core/campaign/store.ts';
import { createCatalogue } from '../../core/catalogue/catalogue.ts';
import { createServing } from '../../core/recommend/serving.ts';
import { testDatabase } from '../setup/database.ts';
import { stumblingBlocks } from './accessibility.ts';
import { chromiumPath, launch, whySkipped } from './browser.ts';
import { visit } from './person.ts';

if (!chromiumPath) console.warn(`test/e2e: ${whySkipped}`);

const db = testDatabase();

const setVisibility = (page: Page, state: DocumentVisibilityState) =>
  page.evaluate((wanted) => {
    Object.defineProperty(document, 'visibilityState', { value: wanted, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

describe.skipIf(!chromiumPath)('the chat in a browser', { timeout: 120_000 }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-e2e-'));
  let running: Running;
  let address: string;
  let browser: Browser;

  beforeAll(async () => {
    const { host = '', port, user, password, database } = db.config;
    const settings = readSettings(
      {
        DATABASE_URL: `postgresql://${user}:${encodeURIComponent(password as string)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
        COURSEBELL_DATA: folder,
        COURSEBELL_PORT: '0',
      },
      folder,
    );
    const quiet = () => undefined;
    running = await start({
      settings: { ...settings, log: 'error' },
      roles: ['web', 'worker', 'trainer'],
      print: quiet,
      progress: quiet,
      signal: new AbortController().signal,
    });
    address = running.address!;
    browser = await launch();
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    await running.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('onboards, recommends, rates, pushes, redeems a coupon, forgets', async () => {
    const { page, type, press, last, close } = await visit(browser, address);
    await press('English');

    // Ticking changes the question in its place.
    const messages = page.locator('.theirs');
    const before = await messages.count();
    await press('Python');
    await press('Data');
    expect(await messages.count()).toBe(before);
    expect(await page.locator('.chip[aria-pressed="true"]').allInnerTexts()).toEqual(
      expect.arrayContaining(['✓ Python', '✓ Data']),
    );
    await press('Done');
    await press('Skip');
    await press('Skip');
    expect(await last()).toContain('May I remember what you do here?');
    await press('I agree');
    await press('I agree');

    await type('recommend something');
    const cards = page.locator('.face-card');
    expect(await cards.count()).toBeGreaterThanOrEqual(3);
    expect(await cards.first().locator('.words').innerText()).not.toBe('');
    const title = await cards.first().getByRole('heading').innerText();
    await cards.first().getByRole('button', { name: 'Details' }).click();
    await page.getByText('Topics:').waitFor();
    expect(await cards.last().getByRole('heading').innerText()).toBe(title);

    await press('Rate');
    await press('5 / 5');
    expect(await last()).toContain(`5 of 5 for “${title}”`);
    const { rows: sessions } = await db.pool.query<{ learner_id: string }>('select learner_id from web_sessions');
    const learnerId = sessions.at(-1)!.learner_id;
    const rated = await db.pool.query(`select value from events where type = 'rate' and learner_id = $1`, [learnerId]);
    expect(rated.rows).toEqual([{ value: 1 }]);

    // A night owl: messages may come at any hour, so that this test may run at any hour.
    await page.getByRole('navigation').getByRole('button', { name: 'Notifications' }).click();
    await press('Quiet time');
    await press('none');

    // A push, over server-sent events: nothing is pressed, nothing is loaded again.
    const catalogue = await createCatalogue(db);
    const serving = await createServing(db, catalogue, { explore: 0.1, diversity: 0.3, calibration: 0.1, fit: true });
    const planning = { db, catalogue, recommender: () => serving.current(), defaultTimeZone: 'Asia/Shanghai' };
    expect(await planPushes(planning, new Date(), { learnerIds: [learnerId] })).toBe(1);
    await serving.close();
    const pushed = page.locator('.pushed');
    await pushed.first().waitFor({ timeout: 60_000 });
    expect(await pushed.first().innerText()).toContain('A course for you today');
    await expect
      .poll(async () => (await page.request.get(`${address}/api/inbox`)).text(), { timeout: 20_000 })
      .toBe('{"messages":[]}');

    // A coupon campaign, of which this person is the audience: all others are simulated and can not be reached.
    const plan = parsePlan(
      {
        name: 'e2e',
        audience: { everyone: true },
        offer: { percent: 30, expires_at: '2099-01-01T00:00:00Z', limit: 10 },
        text: { en: '{{ percent }}% off for you with {{ code }}, until {{ expires }}.' },
        holdout: 0,
      },
      new Date(),
    );
    if (!plan.ok) throw new Error(plan.problems.join('\n'));
    // The page stands in the background: its title counts what is not seen, and nothing is marked as seen.
    await setVisibility(page, 'hidden');
    await createCampaign(db, plan.plan, new Date());
    await pushed.nth(1).waitFor({ timeout: 60_000 });
    expect(await page.title()).toBe('(1) Coursebell');
    await setVisibility(page, 'visible');
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('Coursebell');
    await type('recommend something');
    await cards.getByRole('button', { name: 'Buy', exact: true }).last().click();
    await page.getByRole('button', { name: 'Pay (sandbox)' }).waitFor();
    expect(await last()).toContain('30');
    await press('Pay (sandbox)');
    const { rows } = await db.pool.query<{ list: number; paid: number; redeemed_at: Date | null }>(
      `select o.list_minor as list, o.paid_minor as paid, c.redeemed_at
       from orders o join coupons c on c.id = o.coupon_id where o.learner_id = $1`,
      [learnerId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.redeemed_at).not.toBeNull();
    expect(rows[0]!.paid / rows[0]!.list).toBeCloseTo(0.7, 2);

    // A reload keeps the conversation and greets nobody twice.
    const many = await messages.count();
    await page.reload();
    await messages.first().waitFor();
    expect(await messages.count()).toBe(many);

    const file = await page.request.get(`${address}/api/export`);
    expect(await file.text()).toContain(learnerId);

    // Erased: the page forgets too, and the next words are those of a stranger.
    await type('erase everything');
    await press('Yes, erase everything');
    expect(await last()).toContain('erased');
    expect(await messages.count()).toBe(1);
    expect((await db.pool.query('select from learners where id = $1', [learnerId])).rowCount).toBe(0);
    await type('hello');
    expect(await last()).not.toBe('');
    await close();
  });

  it('is driven by the keyboard alone', async () => {
    const { page, last, close } = await visit(browser, address);
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    const idle = () => page.locator('.page[data-waiting="0"]').waitFor();
    // From the box, which has the focus, over the end of the page to its beginning.
    for (let n = 0; n < 4 && (await focused()) !== 'Skip to the message box'; n++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the message box');
    await page.keyboard.press('Enter');
    await page.keyboard.type('first line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('excel charts');
    expect(await page.locator('#message').inputValue()).toBe('first line\nexcel charts');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('search excel charts');
    await page.keyboard.press('Enter');
    await idle();
    await page.locator('.face-card').first().waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('message');
    // Backwards from the box: the newest buttons come first.
    await page.keyboard.press('Shift+Tab');
    for (let n = 0; n < 60 && (await focused()) !== 'Details'; n++) await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Details');
    const many = await page.locator('.theirs').count();
    await page.keyboard.press('Enter');
    await idle();
    expect(await page.locator('.theirs').count()).toBeGreaterThan(many);
    expect(await focused()).toBe('Details');
    expect(await last()).toContain('Excel');
    await close();
  });

  it.each([390, 320])('fits a phone of %i px, in Chinese, with a drawer for the menu', async (width) => {
    const { page, type, close } = await visit(browser, address, {
      viewport: { width, height: 700 },
      locale: 'zh-CN',
      hasTouch: true,
      isMobile: true,
    });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await type('python 入门');
    await page.locator('.face-card').first().waitFor();
    const over = () =>
      page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('.scroller')].map((e) => e.scrollWidth - e.clientWidth),
      );
    expect(Math.max(...(await over()))).toBeLessThanOrEqual(0);
    const open = page.getByRole('banner').getByRole('button', { name: '菜单' });
    await open.click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: '帮助' }).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await open.click();
    await drawer.getByRole('button', { name: '我的优惠券' }).click();
    await drawer.waitFor({ state: 'hidden' });
    await page.locator('.said').filter({ hasText: '我的优惠券' }).waitFor();
    await page.locator('.page[data-waiting="0"]').waitFor();
    await close();
  });

  it.each(['light', 'dark'] as const)(
    'puts nothing in the way of screen readers and weak eyes, %s',
    async (colorScheme) => {
      const { page, type, press, close } = await visit(browser, address, { colorScheme, reducedMotion: 'reduce' });
      await press('English');
      await press('Python');
      await type('search excel');
      await type('my profile');
      const log = page.getByRole('log');
      expect(await log.getAttribute('aria-live')).toBe('polite');
      expect(await log.getAttribute('aria-label')).toBe('Conversation');
      expect(await page.getByRole('main').count()).toBe(1);
      expect(await page.getByRole('textbox', { name: 'Message' }).count()).toBe(1);
      expect(await stumblingBlocks(page)).toEqual([]);
      await close();
    },
  );

  it('loses nothing of what was typed when the connection breaks', async () => {
    const { page, close } = await visit(browser, address);
    let sent = 0;
    const broken = '**/api/chat';
    await page.route(broken, (route) => {
      sent++;
      return route.abort();
    });
    await page.locator('#message').fill('excel charts');
    await page.locator('#message').press('Enter');
    const bubble = page.locator('.said.failed');
    await bubble.waitFor({ timeout: 30_000 });
    expect(sent).toBeGreaterThan(1);
    expect(await bubble.innerText()).toContain('excel charts');
    await page.reload();
    await bubble.waitFor();
    await page.unroute(broken);
    await bubble.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.face-card').first().waitFor();
    expect(await bubble.count()).toBe(0);
    await close();
  });
});
