import { beforeAll, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { render } from '../../../core/language/render.ts';
import { decodePress, languages } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line), 0.2);
});

test.each(['without', 'with'] as const)(
  'every button that is offered anywhere does something, %s consent',
  async (consent) => {
    const person = await Person.arrive(services);
    if (consent === 'with') await person.presses('consent||recording%3Aon');
    const seen = new Set<string>();
    const actions = new Set<string>();
    const queue = ['start', 'help'];
    for (let presses = 0; queue.length > 0 && presses < 350; presses++) {
      const id = queue.shift()!;
      await person.presses(id);
      const press = decodePress(id)!;
      actions.add(press.action);
      expect(person.replies.length, id).toBeGreaterThan(0);
      for (const { text } of person.replies) {
        expect('key' in text && ['press.unknown', 'error', 'learner.gone'].includes(text.key), id).toBe(false);
        for (const language of languages) expect(render(text, language).trim(), id).not.toBe('');
      }
      for (const next of person.buttons) {
        const { action, course = '', value = '' } = decodePress(next)!;
        // The ones that end the crawl: erasure, and withdrawing what the crawl is about.
        if (action === 'erase' && value === 'yes') continue;
        if (value === (consent === 'with' ? 'recording:off' : 'recording:on')) continue;
        const kind = [action, course, value].join('|');
        if (!seen.has(kind)) {
          seen.add(kind);
          queue.push(next);
        }
      }
    }
    expect(problems).toEqual([]);
    expect([...actions].sort()).toEqual(
      expect.arrayContaining([
        ...['buy', 'code', 'cancel', 'consent', 'coupons', 'course', 'courses', 'dismiss', 'erase', 'export'],
        ...['export.json', 'help', 'language', 'onboard', 'pay', 'privacy', 'profile', 'progress', 'rate', 'recommend'],
        ...['refund', 'save', 'saved', 'search', 'settings', 'similar', 'start'],
      ]),
    );
    if (consent === 'without') expect(await person.events()).toEqual([]);
  },
  120_000,
);
