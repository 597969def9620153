import { expect, test } from 'vitest';
import type { Reply } from '../../core/language/reply.ts';
import type { Address } from '../../core/learner/learner.ts';
import type { Channel, Delivery, Place } from '../../queue/ports.ts';

/** What a platform can be made to do with the next message. */
export type Trouble =
  | 'unreachable'
  | { rateLimitedMs: number }
  /** A fault of the platform's own. */
  | 'fault'
  /** The message itself is refused. */
  | 'refusal'
  /** The connection breaks before an answer. */
  | 'broken';

/** A channel with the platform behind it, as far as a test needs it. */
export interface Stage {
  channel: Channel;
  /** A person who can be written to. */
  person(): Promise<Address>;
  /** Text of everything that reached a person, in order. */
  read(address: Address): Promise<string[]>;
  /** Does that with the next message to anybody; undefined where the platform knows no such trouble. */
  next?: (trouble: Trouble) => void;
  /** A community and a topic in it, and what was posted there; undefined for channels without communities. */
  community?: { place(): Promise<Place>; posted(place: Place): Promise<string[]> };
}

const reply = (words: string): Reply => ({
  text: { template: { en: words } },
  buttons: [[{ id: 'course|a%20b|value|m0b9c7a52-3b1e-4c56-9d3b-0f6a52a0b111', label: { en: 'More' } }]],
});
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
let made = 1;

/** The platform's own time, and no more than a moment beside it. */
function expectLimited(answer: Delivery, ms: number) {
  expect(answer).toMatchObject({ ok: false, kind: 'rate-limited' });
  const { retryAfterMs } = answer as { retryAfterMs: number };
  expect(retryAfterMs).toBeGreaterThanOrEqual(ms);
  expect(retryAfterMs).toBeLessThan(ms + 500);
}

/** What every way to reach people must do; `stage` gives the one under test. */
export function channelContract(stage: () => Stage) {
  const send = (address: Address, words: string, messageId = id(made++)) =>
    stage().channel.send(address, reply(words), 'en', messageId);

  test('what is sent reaches its person once, and the platform’s own id of it is told', async () => {
    const [mei, tim] = [await stage().person(), await stage().person()];
    const sent = await send(mei, 'Good morning');
    expect(sent).toEqual({ ok: true, platformId: expect.any(String) as string });
    expect((sent as { platformId: string }).platformId).not.toBe('');
    const read = await stage().read(mei);
    expect(read).toHaveLength(1);
    expect(read[0]).toContain('Good morning');
    expect(await stage().read(tim)).toEqual([]);
  });

  test('a title that looks like markup changes nothing, and what is too long for one message arrives whole', async () => {
    const mei = await stage().person();
    expect(await send(mei, '<b>&amp; *stars* _lines_ [x](y) `code` @everyone')).toMatchObject({ ok: true });
    const long = Array.from({ length: 900 }, (_, n) => `word${n}`).join(' ');
    let further = 0;
    const wait = () => {
      further++;
      return Promise.resolve();
    };
    expect(await stage().channel.send(mei, reply(long), 'en', id(made++), wait)).toMatchObject({ ok: true });
    const [, ...parts] = await stage().read(mei);
    for (const word of ['word0', 'word450', 'word899']) expect(parts.join(' ')).toContain(word);
    // The pace is asked for before each message after the first.
    expect(further).toBe(parts.length - 1);
  });

  test('where the platform tells a repeat, the same message again reaches its person once', async () => {
    const mei = await stage().person();
    const messageId = id(made++);
    const [first, second] = [await send(mei, 'Once', messageId), await send(mei, 'Once', messageId)];
    expect([first.ok, second.ok]).toEqual([true, true]);
    if (stage().channel.repeatable) expect(await stage().read(mei)).toHaveLength(1);
  });

  test('each trouble is told as what it means, and the next message goes through', async () => {
    const { next } = stage();
    if (!next) return;
    const mei = await stage().person();
    const told = async (trouble: Trouble) => {
      next(trouble);
      return send(mei, `after ${JSON.stringify(trouble)}`);
    };
    expectLimited(await told({ rateLimitedMs: 2_000 }), 2_000);
    for (const [trouble, kind] of [
      ['fault', 'temporary'],
      ['broken', 'temporary'],
      ['refusal', 'permanent'],
      ['unreachable', 'unreachable'],
    ] as const) {
      const answer = await told(trouble);
      expect(answer).toMatchObject({ ok: false, kind });
      // What is kept in the outbox and shown to the operator names nobody and nothing secret.
      expect(JSON.stringify(answer)).not.toContain(mei.chat);
      expect(JSON.stringify(answer)).not.toContain('after ');
    }
    expect(await stage().read(mei)).toEqual([]);
    expect(await send(mei, 'Hello again')).toMatchObject({ ok: true });
  });

  test('posts go to their community, with its troubles told the same way', async () => {
    const { channel, community, next } = stage();
    expect(channel.post !== undefined).toBe(community !== undefined);
    if (!community) return;
    const place = await community.place();
    const post = (words: string) => channel.post!(place, reply(words), 'en', id(made++));
    expect(await post('Picks of the week')).toMatchObject({ ok: true });
    expect((await community.posted(place)).join('\n')).toContain('Picks of the week');
    next?.({ rateLimitedMs: 3_000 });
    expectLimited(await post('Later'), 3_000);
    next?.('fault');
    expect(await post('Later')).toMatchObject({ ok: false, kind: 'temporary' });
  });
}
