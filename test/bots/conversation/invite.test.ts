import { beforeAll, expect, test } from 'vitest';
import { createLinks } from '../../../bots/conversation/deep-link.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { creditReferrals } from '../../../core/campaign/referral/store.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
let services: Services;
beforeAll(async () => {
  services = await fixtureServices(db, (line) => expect.fail(line));
});

test('links for every channel that is connected; a friend comes, buys, and both have their coupon', async () => {
  const links = createLinks();
  links.set('telegram', (payload) => `https://t.me/bot?start=${payload}`);
  links.set('web', (payload) => `https://learn.example/?start=${payload}`);
  const open = { ...services, links };
  const ann = await Person.arrive(open);
  const said = await ann.says('/invite');
  const code = /start=ref_([\w-]+)/.exec(said)![1]!;
  expect(said).toContain('gets 10% off one course at once');
  expect(said).toContain(`On the web: https://learn.example/?start=ref_${code}`);
  expect(said).toContain(`Telegram: https://t.me/bot?start=ref_${code}`);
  expect(said).not.toContain('Discord');
  expect(await ann.presses(`arrive||ref_${code}`)).toContain('That is your own invitation');

  const bob = await Person.arrive(open, 'zh');
  expect(await bob.says(`/start ref_${code}`)).toContain('朋友邀请你来，送你一张 9 折优惠券');
  expect(await bob.presses(`arrive||ref_${code}`)).toContain('邀请优惠只给第一次来的朋友');
  expect(await bob.says('我的优惠券')).toContain('9 折');
  await bob.presses('buy|c1');
  await bob.chooses('pay');
  const nextDay = new Date(bob.now.getTime() + 24 * 3_600_000);
  expect(await creditReferrals(db, services.referral, nextDay)).toBe(1);
  expect(await ann.says('my coupons')).toContain('10% off');
  expect(await ann.says('invite a friend')).toContain('Came by your links: 1; have bought: 1.');
});

test('an invitation that nobody has, and none at all', async () => {
  const ann = await Person.arrive(services);
  expect(await ann.presses('arrive||ref_nobody')).toContain('I do not know that invitation any more');
  expect(await ann.says('邀请好友')).toContain('还没有可以邀请别人的地址');
  const off = { ...services, referral: { percent: 0, days: 30 } };
  const eve = await Person.arrive(off);
  expect(await eve.says('/invite')).toBe('There are no invitations at the moment.');
});
