import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { render } from '../../../core/language/render.ts';
import type { Language } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';
import { atDiscord } from './discord.ts';
import { script, type Step } from './script.ts';
import { listeningServices, type Heard, type Seat } from './seat.ts';
import { atTelegram } from './telegram.ts';
import { atWeb } from './web.ts';

const db = testDatabase();
const problems: string[] = [];
const seats: Seat[] = [];
const learners: string[] = [];
let heard: Heard[];

beforeAll(async () => {
  const log = (line: string) => void problems.push(line);
  const listening = await listeningServices(db, log);
  heard = listening.heard;
  for (const sit of [atWeb, atTelegram, atDiscord]) seats.push(await sit(listening.services, log));
});
afterAll(async () => {
  for (const seat of seats) await seat.close();
});

test('forty turns and more are one conversation on web, Telegram and Discord, and leave the same events', async () => {
  let language: Language = 'en';
  expect(script.length).toBeGreaterThanOrEqual(40);
  for (const step of script) {
    if (step[0] === 'command' && step[1] === 'language') language = step[2] as Language;
    const answers: Heard[] = [];
    for (const seat of seats) {
      await act(seat, step);
      const [answer, ...more] = heard.splice(0);
      expect(more, `${seat.channel}: ${step.join(' ')}`).toEqual([]);
      expect(answer?.turn.channel).toBe(seat.channel);
      answers.push(answer!);
      for (const line of linesOf(answer!, language))
        expect(seat.read(), `${seat.channel}: ${step.join(' ')}`).toContain(line);
    }
    const [web, telegram, discord] = answers.map(behaviour);
    expect(telegram, step.join(' ')).toEqual(web);
    expect(discord, step.join(' ')).toEqual(web);
    learners.splice(0, 3, ...answers.map(({ turn }) => turn.learnerId));
  }
  const [web, telegram, discord] = await Promise.all(learners.map(factsOf));
  expect(new Set(learners).size).toBe(3);
  expect(new Set(web!.map(({ type }) => type)).size).toBeGreaterThanOrEqual(12);
  expect(telegram).toEqual(web);
  expect(discord).toEqual(web);
  expect(problems).toEqual([]);
}, 120_000);

const act = (seat: Seat, [how, what, argument]: Step) =>
  how === 'command' ? seat.command(what, argument) : how === 'press' ? seat.press(what) : seat.say(what);

/** What the assistant does in a turn, whatever channel it is on. */
const behaviour = ({ replies }: Heard) =>
  replies.map(({ text, course, list }) => ({ said: 'key' in text ? sayingOf(text.key) : 'template', course, list }));

/** Where nothing is to pay, the web chat says that its checkout is a sandbox, and the others do not. */
const sandbox = new Map([
  ['quote.nothing', 'quote.free'],
  ['receipt.nothing', 'receipt'],
]);
const sayingOf = (key: string) => sandbox.get(key) ?? key;

/** What has to be readable: all words that are not about a course, which each channel shows in its own way. */
function linesOf({ replies }: Heard, language: Language): string[] {
  const words = replies.filter(({ course }) => course === undefined).map(({ text }) => render(text, language));
  return words.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
}

/** The events of a learner without what names the channel, the moment, or the slate. */
async function factsOf(learnerId: string) {
  return (await eventsOf(db, learnerId)).map(({ type, courseId, value, circumstances }) => {
    const { slate, ...around } = circumstances;
    return { type, courseId, value, around, ofSlate: slate !== undefined };
  });
}
