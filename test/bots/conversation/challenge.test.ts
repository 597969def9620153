import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { closeChallenges } from '../../../core/campaign/challenge/closing.ts';
import { render } from '../../../core/language/render.ts';
import type { Reply } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
let services: Services;
let community: string;
beforeAll(async () => {
  services = await fixtureServices(db, (line) => expect.fail(line));
});
beforeEach(async () => {
  const made = await db.prisma.community.create({
    data: { channel: 'telegram', chat: randomUUID(), title: 'Our group', trusted: true },
  });
  community = made.id;
});

async function member({ admin = false, name }: { admin?: boolean; name?: string } = {}): Promise<Person> {
  const person = await Person.arrive(services);
  await person.presses('consent||recording:on');
  if (name !== undefined) person.around = { displayName: name };
  return person.enters({ id: community, thread: '7', admin, discreet: false });
}

async function started(
  words = 'Spring 2026-11-20 2026-11-22 days=2 percent=15',
): Promise<{ id: string; boss: Person }> {
  const boss = await member({ admin: true });
  await boss.says(`/challenge start ${words}`);
  await boss.chooses('challenge');
  const { id } = await db.prisma.challenge.findFirstOrThrow({ where: { communityId: community } });
  return { id, boss };
}

describe('a manager', () => {
  test('sees what would start; it starts on the button, once, and is posted where the command was given', async () => {
    const boss = await member({ admin: true });
    expect(await boss.says('/challenge start Spring 2026-11-20 2026-11-22 days=2 percent=15')).toContain(
      'Spring\n2026-11-20 to 2026-11-22 (Asia/Shanghai)\n2 days with a check-in earn a coupon of 15%, good for 30 days.',
    );
    expect(await db.prisma.challenge.count({ where: { communityId: community } })).toBe(0);
    const [go] = boss.buttons;
    expect(await boss.presses(go!, 'the-turn')).toContain('“Spring” has started');
    await boss.presses(go!, 'the-turn');
    expect(await boss.presses(go!)).toContain('A challenge called “Spring” is going on already.');
    const posts = await db.prisma.outboxMessage.findMany({ where: { communityId: community } });
    expect(posts).toMatchObject([{ kind: 'post', thread: '7', learnerId: null }]);
    const post = posts[0]!.reply as unknown as Reply;
    expect(render(post.text, 'en')).toContain('Check-in challenge: Spring\n2026-11-20 to 2026-11-22');
    expect(post.buttons!.flat().map(({ id }) => id.split('|')[0])).toEqual(['enter', 'checkin', 'challenge']);
  });

  test('may attach a plan as JSON; a wrong one is answered with what is wrong', async () => {
    const boss = await member({ admin: true });
    boss.around.attachment = {
      name: 'plan.json',
      content: JSON.stringify({ name: 'From a file', first_day: '2026-12-01', last_day: '2026-12-05' }),
    };
    expect(await boss.says('/challenge')).toContain('From a file\n2026-12-01 to 2026-12-05');
    delete boss.around.attachment;
    expect(await boss.says('/challenge start Spring 2026-12-05 2026-12-01')).toContain(
      'The last day lies before the first.',
    );
    expect(await boss.says('/challenge start')).toContain('/challenge start NAME FIRST LAST');
  });

  test('stops it after a question; nobody else starts or stops one, not even by a button', async () => {
    const { id, boss } = await started();
    const other = await member();
    expect(await other.says('/challenge start X 2026-12-01 2026-12-05')).toContain('Only those who manage');
    expect(await other.presses(`challenge||${encodeURIComponent(`stop:${id}`)}`)).toContain('Only those who manage');
    const stranger = await Person.arrive(services);
    expect(await stranger.presses(`challenge||${encodeURIComponent(`stop:${id}`)}`)).toContain(
      'in the community that you manage',
    );
    expect(await boss.says('/challenge stop')).toContain('Nobody gets a coupon then');
    expect(await boss.chooses('challenge')).toBe('“Spring” is stopped.');
    expect(await db.prisma.challenge.findUnique({ where: { id } })).toMatchObject({ status: 'stopped' });
    expect(await boss.says('/challenge')).toBe('No challenge is going on. Managers start one with “/challenge start”.');
  });

  test('of a community that nobody trusts, or of another, does nothing here', async () => {
    const { id } = await started();
    const elsewhere = await db.prisma.community.create({
      data: { channel: 'telegram', chat: randomUUID(), trusted: true },
    });
    const boss = await Person.arrive(services);
    boss.enters({ id: elsewhere.id, admin: true, discreet: false });
    expect(await boss.presses(`challenge||${encodeURIComponent(`stop:${id}`)}`)).toBe('No challenge is going on.');
    await db.prisma.community.update({ where: { id: community }, data: { trusted: false } });
    const own = await member({ admin: true });
    expect(await own.says('/challenge start X 2026-12-01 2026-12-05')).toContain('not trusted yet');
  });
});

describe('a member', () => {
  test('joins with a press, checks in here or in private, and stands on the leaderboard only by choice', async () => {
    const { id } = await started();
    const [ann, bob] = [await member({ name: 'Ann\u202e \n B' }), await member({ name: 'Bob' })];
    expect(await ann.presses(`enter||${id}`)).toContain('You are in: Spring.');
    await ann.presses(`enter||${id}`);
    await bob.presses(`enter||${id}`);
    expect(await ann.says('/checkin')).toBe('Checked in: today counts.');
    expect(await ann.says('/checkin')).toBe('You have checked in today already.');
    bob.leaves();
    expect(await bob.says('/checkin')).toContain('Spring: 1 of 2 days');
    expect(await bob.says('/challenge')).toContain(
      'Spring, 2026-11-20 to 2026-11-22: 1 of 2 days for 15% off.\nYour name is not on the leaderboard.',
    );
    const seen = () => ann.says('/challenge');
    expect(await seen()).toBe(
      'Spring\n2026-11-20 to 2026-11-22 · 2 days for 15% off\n2 take part; 0 have reached it.\nNobody shows their name on the leaderboard yet.',
    );
    expect(await ann.presses(`board||${id}`)).toBe('You are on the leaderboard as “Ann B”.');
    expect(await seen()).toContain('\n\n1. Ann B: 1\nand 1 more');
    await ann.presses(`unboard||${id}`);
    expect(await seen()).not.toContain('Ann');
    // Nothing of who they are is kept but the choice.
    expect(await db.prisma.challengeMember.findMany({ where: { challengeId: id, shownAs: { not: null } } })).toEqual(
      [],
    );
  });

  test('who has not agreed to recording is asked in private, and goes on from there', async () => {
    const { id } = await started();
    services.links.to('web', '');
    const eve = await Person.arrive(services);
    eve.enters({ id: community, admin: false, discreet: false });
    expect(await eve.presses(`enter||${id}`)).toContain('Others read here');
    expect(await eve.presses('checkin')).toContain('Others read here');
    eve.leaves();
    expect(await eve.presses(`arrive||challenge_${id}`)).toContain('you have not agreed to that yet');
    expect(await eve.presses('consent||recording:on')).toContain('You are in: Spring, 2026-11-20 to 2026-11-22.');
    expect(await db.prisma.challengeMember.count({ where: { challengeId: id } })).toBe(1);
  });

  test('leaves, and is in none that is over', async () => {
    const { id } = await started();
    const ann = (await member()).leaves();
    await ann.presses(`enter||${id}`);
    await ann.chooses('challenge');
    expect(ann.buttons.some((button) => button.startsWith('enter'))).toBe(false);
    await ann.says('/challenge');
    expect(await ann.chooses('leave')).toContain('You are out');
    expect(await ann.says('/challenge')).toContain('You are in no challenge right now.');
    ann.now = new Date('2026-11-22T16:00:00Z');
    expect(await ann.presses(`enter||${id}`)).toBe('“Spring” is over.');
  });

  test('another calendar of the challenge takes a second check-in on the learner’s own day', async () => {
    const { id } = await started('LA 2026-11-20 2026-11-24 days=2');
    await db.prisma.challenge.update({ where: { id }, data: { timeZone: 'America/Los_Angeles' } });
    const ann = (await member()).leaves();
    // 15:00 on the 21st in Shanghai is 23:00 on the 20th in Los Angeles, two hours later it is the 21st there.
    ann.now = new Date('2026-11-21T07:00:00Z');
    await ann.presses(`enter||${id}`);
    expect(await ann.says('/checkin')).toContain('LA: 1 of 2 days');
    ann.now = new Date('2026-11-21T09:00:00Z');
    expect(await ann.says('/checkin')).toContain('LA: 2 of 2 days');
    expect(await ann.says('/checkin')).toContain('already');
  });

  test('gets the coupon in the end', async () => {
    const { id } = await started();
    const ann = (await member()).leaves();
    await ann.presses(`enter||${id}`);
    for (const day of ['20', '22']) {
      ann.now = new Date(`2026-11-${day}T05:00:00Z`);
      await ann.presses('checkin');
    }
    await closeChallenges({ db, defaultTimeZone: 'Asia/Shanghai' }, new Date('2026-11-22T17:00:00Z'));
    expect(await ann.says('my coupons')).toContain('15% off');
  });
});
