import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unfinishedUpdates } from '../../../bots/update/store.ts';
import { meetLearner, setConsent } from '../../../core/learner/store.ts';
import { createDiscordDouble, type DiscordDouble, type Interaction, type Person } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
let discord: DiscordDouble;

beforeAll(async () => {
  discord = await createDiscordDouble({ patienceMs: 60_000 });
});
afterAll(() => discord.close());

const PEOPLE = 6;
const EACH = 5;
/** Answers after which a process is killed. */
const LIVES = [3, 11, 7];

it('kill -9 in the middle of updates loses none that Discord was told of, and counts none twice', async () => {
  const people = await Promise.all(Array.from({ length: PEOPLE }, (_, at) => consenting(`Person ${at}`)));
  const interactions: Interaction[] = [];
  let texts = 0;
  for (const answers of LIVES) {
    const bot = await start();
    const killed = new Promise<void>((resolve) => {
      let seen = 0;
      const stop = discord.on(
        (call) => {
          if (/\/messages/.test(call.path) && ++seen === answers) {
            stop();
            bot.kill('SIGKILL');
            resolve();
          }
          return false;
        },
        { silence: true },
      );
    });
    for (let round = 0; round < EACH; round++) {
      for (const person of people) {
        interactions.push(discord.slash(person, 'search', [{ name: 'query', value: `excel ${interactions.length}` }]));
        discord.say(person, `hello ${texts++}`);
      }
    }
    await killed;
    await once(bot, 'exit');
  }
  expect((await unfinishedUpdates(db, 'discord')).length).toBeGreaterThan(0);

  const last = await start();
  last.send('end');
  await once(last, 'exit');

  expect(await unfinishedUpdates(db, 'discord')).toEqual([]);
  const told = interactions.filter(({ type }) => type !== undefined);
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter(({ messages }) => messages.length !== 1)).toEqual([]);
  // Each search that Discord was told of is on record, once.
  const { rows } = await db.pool.query<{ query: string; times: number }>(
    "select circumstances->>'query' as query, count(*)::int as times from events where type = 'search' group by 1",
  );
  const counted = new Map(rows.map(({ query, times }) => [query, times]));
  expect([...counted.values()].every((times) => times === 1)).toBe(true);
  for (const interaction of told) expect(counted.get(`excel ${interactions.indexOf(interaction)}`)).toBe(1);
  // No answer to a message was sent twice.
  for (const person of people) {
    const channel = discord.world.directChannel(person).id;
    const answers = discord.world.messagesIn(channel).filter(({ nonce_by_bot: nonce }) => nonce !== undefined);
    expect(new Set(answers.map(({ nonce_by_bot: nonce }) => nonce)).size).toBe(answers.length);
  }
}, 120_000);

async function consenting(name: string): Promise<Person> {
  const person = discord.person(name);
  const { id } = await meetLearner(db, 'discord', person.user.id, { reachable: true });
  const at = new Date();
  await setConsent(db, { learnerId: id, kind: 'recording', granted: true, channel: 'discord', wording: '1', at });
  return person;
}

async function start() {
  const child = fork(fileURLToPath(new URL('killed.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, DATABASE_CONFIG: JSON.stringify(db.config), TOKEN: discord.token, ROOT: discord.root },
  });
  await once(child, 'message');
  return child;
}
