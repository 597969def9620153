// Makes the picture of the README: `npm run screenshot`, beside a running server with the sample.
import { chromiumPath, launch, whySkipped } from './browser.ts';
import { visit } from './person.ts';

const address = process.argv[2] ?? 'http://127.0.0.1:8787';
const file = 'docs/chat.png';

if (!chromiumPath) throw new Error(whySkipped);
const browser = await launch();
const { page, press, type } = await visit(browser, address, {
  viewport: { width: 1180, height: 760 },
  reducedMotion: 'reduce',
});
await press('English');
await press('Python');
await press('Data');
await press('Done');
await press('Skip');
await press('Skip');
await press('I agree');
await press('Not now');
await type('recommend something');
await page.locator('.face-card').getByRole('button', { name: 'Details' }).first().click();
await page.getByText('Topics:').waitFor();
await press('Rate');
await press('5 / 5');
await type('recommend something');
await page.locator('#message').blur();
await page.screenshot({ path: file });
await browser.close();
console.log(`Wrote ${file}`);
