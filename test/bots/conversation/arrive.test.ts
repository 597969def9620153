import { beforeAll, describe, expect, it } from 'vitest';
import { payloadOf } from '../../../bots/conversation/deep-link.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { referralCode } from '../../../core/campaign/referral/store.ts';
import { writeMessages } from '../../../core/campaign/message/store.ts';
import { eventKey } from '../../../core/behaviour/key.ts';
import { learnerState } from '../../../core/interest/store.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;
beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

async function regular(): Promise<Person> {
  const person = await Person.arrive(services);
  await person.presses('consent||recording:on');
  return person;
}

describe('who comes by a link', () => {
  it('sees the course first, and then, as a newcomer, who is speaking', async () => {
    const ann = await Person.arrive(services);
    await ann.presses(`arrive||${payloadOf('course', 'c8')}`);
    expect(ann.courses).toEqual(['c8']);
    expect(ann.replies).toHaveLength(2);
    expect(ann.buttons).toContain('onboard');
    await ann.presses(`arrive||${payloadOf('course', 'c2')}`);
    expect(ann.replies).toHaveLength(1);
  });

  it('from a group goes on with what they asked there, and with nothing that changes anything', async () => {
    const may = await regular();
    await may.presses('arrive||own_coupons');
    expect(may.replies[0]!.text).toMatchObject({ key: expect.stringContaining('coupons') as string });
    const before = await may.learner();
    for (const action of ['erase', 'mute', 'unmute', 'consent']) await may.presses(`arrive||own_${action}`);
    expect(await may.learner()).toEqual(before);
  });

  it('is known by it in what they do', async () => {
    const bob = await regular();
    await bob.says(`/start ${payloadOf('course', 'c8')}`);
    expect((await bob.log()).at(-1)).toMatchObject({
      ...{ type: 'view', courseId: 'c8', circumstances: { arrival: 'course' } },
    });
    await bob.presses('course|c8');
    expect((await bob.log()).at(-1)?.circumstances).toEqual({});
  });

  it('finds a course whose id no link can carry', async () => {
    const id = services.catalogue.all()[0]!.id;
    const odd = { ...services.catalogue.all()[0]!, id: '课 程/1?x=y'.repeat(9) };
    const catalogue = {
      ...services.catalogue,
      all: () => [odd],
      get: (one: string) => (one === odd.id ? odd : undefined),
    };
    const ann = await Person.arrive({ ...services, catalogue });
    const payload = payloadOf('course', odd.id);
    expect(payload).toMatch(/^[\w-]{1,64}$/);
    await ann.presses(`arrive||${payload}`);
    expect(ann.courses).toEqual([odd.id]);
    expect(id).not.toBe(odd.id);
  });

  it('of an invitation gets the welcome coupon', async () => {
    const inviter = await regular();
    const code = (await referralCode(db, inviter.id))!;
    const ann = await Person.arrive(services);
    await ann.presses(`arrive||${payloadOf('ref', code)}`);
    expect(await db.prisma.coupon.count({ where: { learnerId: ann.id } })).toBe(1);
    expect(ann.buttons).toContain('onboard');
    expect(await db.prisma.referral.findUnique({ where: { referredId: ann.id } })).toMatchObject({
      referrerId: inviter.id,
    });
  });

  it('that leads nowhere is answered all the same', async () => {
    for (const payload of [
      'course_nothing',
      'campaign_x',
      'ref_nobody',
      'link_x',
      'challenge_x',
      'what_1',
      'hello',
      '',
    ]) {
      const ann = await Person.arrive(services);
      expect(await ann.presses(`arrive||${encodeURIComponent(payload)}`), payload).not.toBe('');
      expect(await ann.says(`/start ${payload}`), payload).not.toBe('');
    }
  });
});

describe('a reaction', () => {
  const ratingOf = async (person: Person) => (await learnerState(db, person.id)).history.get('c8')?.rating;

  it('is a rating, the newest of which counts; one that is taken back records nothing', async () => {
    const ann = await regular();
    for (const [value, rating] of [
      ['like', 0.75],
      ['love', 1],
      ['none', 1],
      ['dislike', 0],
      ['like', 0.75],
    ] as const) {
      await ann.presses(`react|c8|${value}`);
      expect(ann.replies).toEqual([]);
      expect(await ratingOf(ann)).toBe(rating);
    }
    expect(await ann.events()).toEqual(['register', 'rate', 'rate', 'rate', 'rate']);
    await ann.presses('react|c8|love', 'same');
    await ann.presses('react|c8|love', 'same');
    expect(await ann.events()).toHaveLength(6);
  });

  it('is not kept without consent, nor of what is no course', async () => {
    const bob = await Person.arrive(services);
    await bob.presses('react|c8|love');
    expect(bob.replies).toEqual([]);
    expect(await bob.log()).toEqual([]);
    const ann = await regular();
    for (const id of ['react|nothing|love', 'react||love', 'react|c8|odd', 'react|c8']) await ann.presses(id);
    expect(await ann.events()).toEqual(['register']);
  });

  it('to a pushed message is its outcome; taking it back is no press', async () => {
    const ann = await regular();
    const id = eventKey('reaction', ann.id);
    await writeMessages(
      db.pool,
      [
        {
          ...{
            id,
            idempotencyKey: 'r',
            learnerId: ann.id,
            kind: 'push',
            campaignId: null,
            reply: { text: { key: 'help' } },
          },
          ...{ circumstances: { list: 'push', propensity: 0.5 }, notBefore: ann.now, expiresAt: ann.now },
        },
      ],
      ann.now,
    );
    const outcome = async () => (await db.prisma.outboxMessage.findUniqueOrThrow({ where: { id } })).outcome;
    await ann.presses(`react|c8|none|m${id}`);
    expect([await outcome(), await ann.events()]).toEqual([null, ['register']]);
    await ann.presses(`react|c8|love|m${id}`);
    expect(await outcome()).toBe('rated');
    expect((await ann.log()).at(-1)).toMatchObject({
      ...{ type: 'rate', value: 1, circumstances: { list: 'push', propensity: 0.5, message: id } },
    });
  });

  it('leaves what is being talked about as it is', async () => {
    const ann = await regular();
    await ann.presses('rate|c8');
    await ann.presses('react|c2|like');
    await ann.says('4 stars');
    expect(await ratingOf(ann)).toBe(0.75);
  });
});

it('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
