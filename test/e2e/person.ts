import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Somebody in front of the page. */
export interface Person {
  page: Page;
  /** Types into the message box, sends with Enter, and waits for the answer. */
  type: (text: string) => Promise<void>;
  /** Presses the newest button of that name in the conversation, and waits for the answer. */
  press: (name: string | RegExp) => Promise<void>;
  /** The text of the last message. */
  last: () => Promise<string>;
  close: () => Promise<void>;
}

/** Opens the page and waits for the greeting. Any request to elsewhere, and any error of the page, fails the test. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en', ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  await context.route('**/*', (route) => {
    const { origin } = new URL(route.request().url());
    if (origin === new URL(address).origin) return route.fallback();
    problems.push(`request to ${origin}`);
    return route.abort();
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) problems.push(message.text());
  });
  await page.goto(address);
  await page.locator('.theirs').first().waitFor();
  const idle = () => page.locator('.page[data-waiting="0"]').waitFor();
  await idle();
  return {
    page,
    async type(text) {
      await page.locator('#message').fill(text);
      await page.locator('#message').press('Enter');
      await idle();
    },
    async press(name) {
      await page.getByRole('log').getByRole('button', { name, exact: true }).last().click();
      await idle();
    },
    last: () => page.locator('.theirs').last().innerText(),
    async close() {
      if (problems.length > 0) throw new Error(problems.join('\n'));
      await context.close();
    },
  };
}
