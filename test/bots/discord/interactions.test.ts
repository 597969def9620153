import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MessageFlags, InteractionResponseType } from 'discord-api-types/v10';
import { findLearner, learnerAt } from '../../../core/learner/store.ts';
import type { Guild, Interaction, Person } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { buttonOf, idsOf, openPlace, type Place } from './place.ts';

const db = testDatabase();
let place: Place;
let ann: Person;
let guild: Guild;

beforeAll(async () => {
  place = await openPlace(db);
});
afterAll(() => place.close());
beforeEach(() => {
  ann = place.discord.person('Ann');
  guild = place.discord.guild('School', ann);
});

const isEphemeral = (flags: number) => (flags & MessageFlags.Ephemeral) !== 0;
const slash = (
  name: string,
  options: Parameters<Place['discord']['slash']>[2] = [],
  where: 'direct' | Guild = 'direct',
) => place.done(place.discord.slash(ann, name, options, where));
const press = async (on: Interaction, start: string, values?: string[]) =>
  place.done(place.discord.press(ann, ...buttonOf(on, start), values));

async function agreeToRecording(): Promise<void> {
  const asked = await slash('privacy');
  await press(asked, 'consent||recording%3Aon');
}

describe('slash commands', () => {
  it('are acknowledged before they are answered', async () => {
    const searched = await slash('search', [{ name: 'query', value: 'excel' }]);
    expect(searched.type).toBe(InteractionResponseType.DeferredChannelMessageWithSource);
    expect(searched.messages[0]!.content).toContain('excel');
    const calls = place.discord.calls.filter((call) => call.path.includes(searched.token));
    expect(calls.map(({ method }) => method)).toEqual(['POST', 'PATCH']);
    // Answers to interactions need no token of ours, and do not count to the bot's limit.
    expect(calls.every((call) => !call.authorised)).toBe(true);
  });

  it('are answered to the person alone in a server, but for those that are open', async () => {
    const profile = await slash('privacy', [], guild);
    expect(profile.messages.every(({ flags }) => isEphemeral(flags))).toBe(true);
    const search = await slash('search', [{ name: 'query', value: 'excel' }], guild);
    expect(search.messages.every(({ flags }) => isEphemeral(flags))).toBe(false);
    expect(idsOf(search.messages[0]!).some((id) => id.startsWith('save'))).toBe(false);
  });

  it('count as behaviour with their channel and community', async () => {
    await agreeToRecording();
    await slash('search', [{ name: 'query', value: 'excel' }], guild);
    const { rows } = await db.pool.query<{ type: string; channel: string; community: string }>(
      `select e.type, e.channel, circumstances->>'community' as community from events e
       join addresses a on a.learner_id = e.learner_id and a.chat = $1 where e.type = 'search'`,
      [ann.user.id],
    );
    expect(rows).toEqual([{ type: 'search', channel: 'discord', community: expect.any(String) as string }]);
  });

  it('speak the language of the person', async () => {
    const bo = place.discord.person('博', { locale: 'zh-TW' });
    const shown = await place.done(place.discord.slash(bo, 'coupons'));
    expect(shown.messages[0]!.content).toMatch(/\p{Script=Han}/u);
  });

  it('rate a course that was chosen from the list', async () => {
    await agreeToRecording();
    const rated = await slash('rate', [
      { name: 'stars', value: 5 },
      { name: 'course', value: 'course_c4' },
    ]);
    expect(rated.messages[0]!.content).toContain('5');
    expect(await place.events(ann)).toContain('rate');
  });

  it('take free words where the bot reads no messages', async () => {
    const said = await slash('talk', [{ name: 'words', value: 'find excel courses' }], guild);
    expect(isEphemeral(said.messages[0]!.flags)).toBe(true);
    expect(said.messages[0]!.content).toContain('excel');
  });
});

describe('buttons and menus', () => {
  it('turn the pages of a list in place, and jump', async () => {
    const list = await slash('search', [{ name: 'query', value: 'excel' }]);
    const first = list.messages[0]!.embeds[0]!.title;
    const turned = await press(list, '@page:1:on');
    expect(turned.type).toBe(InteractionResponseType.UpdateMessage);
    expect(list.messages[0]!.embeds[0]!.title).not.toBe(first);
    expect(list.messages[0]!.content).toContain('excel');
    await press(list, '@page', ['@page:0']);
    expect(list.messages[0]!.embeds[0]!.title).toBe(first);
  });

  it('edit words that the person alone sees in place, and leave cards and lists', async () => {
    const settings = await slash('privacy', [], guild);
    const changed = await press(settings, 'consent||recording%3Aon');
    expect(changed.type).toBe(InteractionResponseType.DeferredMessageUpdate);
    expect(changed.original!.id).toBe(settings.messages[0]!.id);
    const list = await slash('talk', [{ name: 'words', value: 'find excel courses' }], guild);
    const listed = list.messages[0]!;
    const saved = await press(list, 'save|');
    expect(saved.messages[0]!.id).not.toBe(listed.id);
    expect(isEphemeral(saved.messages[0]!.flags)).toBe(true);
    expect(listed.embeds).toHaveLength(1);
  });

  it('under what everybody sees are answered to their presser alone', async () => {
    const shown = await slash('course', [{ name: 'course', value: 'course_c4' }], guild);
    expect(isEphemeral(shown.messages[0]!.flags)).toBe(false);
    expect(shown.messages[0]!.files.map((file) => file.name)).toEqual(['cover.png']);
    const bo = place.discord.person('Bo');
    place.discord.world.join(guild, bo);
    const similar = await place.done(place.discord.press(bo, ...buttonOf(shown, 'similar')));
    expect(similar.messages.every(({ flags }) => isEphemeral(flags))).toBe(true);
  });

  it('show the profile as a picture', async () => {
    await agreeToRecording();
    for (const id of ['c4', 'c1', 'c2']) {
      await slash('rate', [
        { name: 'stars', value: 5 },
        { name: 'course', value: `course_${id}` },
      ]);
    }
    const profile = await slash('profile', [], guild);
    expect(profile.messages.flatMap(({ files }) => files.map((file) => file.name))).toContain('picture.png');
    expect(profile.messages.every(({ flags }) => isEphemeral(flags))).toBe(true);
  });

  it('do what a press that is too long for Discord stands for', async () => {
    const query = 'excel '.repeat(19).trim();
    const asked = await slash('talk', [{ name: 'words', value: query }]);
    const ids = asked.messages.flatMap(idsOf);
    expect(ids.every((id) => id.length <= 100)).toBe(true);
  });
});

describe('forms', () => {
  it('ask in a server for what nobody could write there', async () => {
    const asked = place.discord.slash(ann, 'search', [], guild);
    await asked.answered;
    expect(asked.modal!.title).toBe('Find a course');
    const found = await place.done(place.discord.submit(ann, asked, { words: 'excel' }));
    expect(isEphemeral(found.messages[0]!.flags)).toBe(true);
    expect(found.messages[0]!.content).toContain('excel');
  });

  it('hand a question to a manager, once it is confirmed', async () => {
    const asked = place.discord.slash(ann, 'ask', [], guild);
    await asked.answered;
    const shown = await place.done(place.discord.submit(ann, asked, { words: 'May I pay in two parts?' }));
    expect(shown.messages[0]!.content).toContain('May I pay in two parts?');
    await press(shown, 'ask||send');
    const { rows } = await db.pool.query<{ words: string }>('select words from questions');
    expect(rows).toEqual([{ words: 'May I pay in two parts?' }]);
  });

  it('take the code of a coupon', async () => {
    const coupons = await slash('coupons', [], guild);
    const form = place.discord.press(ann, ...buttonOf(coupons, '@form:code'));
    await form.answered;
    const used = await place.done(place.discord.submit(ann, form, { words: 'ABCD-EFGH-JKLM' }));
    expect(used.messages.map(({ content }) => content).join()).toMatch(/coupon|code/i);
  });
});

describe('an interaction', () => {
  it('counts once, however often it comes', async () => {
    await agreeToRecording();
    const searched = place.discord.slash(ann, 'search', [{ name: 'query', value: 'excel' }]);
    place.discord.again(searched);
    await place.done(searched);
    place.discord.again(searched);
    await place.bot.idle();
    expect((await place.events(ann)).filter((type) => type === 'search')).toHaveLength(1);
    expect(place.discord.calls.filter(({ path }) => path.endsWith(`${searched.token}/callback`))).toHaveLength(1);
    expect(searched.messages).toHaveLength(1);
  });

  it('that failed is answered with a sentence, and the next one as ever', async () => {
    const { conversation } = place.services;
    let turns = 0;
    const handle: typeof conversation.handle = (turn) =>
      ++turns <= 3 ? Promise.reject(new TypeError('the words of a person')) : conversation.handle(turn);
    const broken = await openPlace(db, { services: { conversation: { handle } } });
    const bo = broken.discord.person('Bo');
    const failed = await broken.done(broken.discord.slash(bo, 'help'));
    expect(failed.messages.map(({ content }) => content)).toEqual([expect.stringMatching(/went wrong/)]);
    expect(broken.lines.join()).not.toContain('the words of a person');
    const next = await broken.done(broken.discord.slash(bo, 'help'));
    expect(next.messages[0]!.content).toContain('/recommend');
    await broken.close();
  });

  it('is acknowledged again when Discord does not hear it at first', async () => {
    place.discord.on((call) => call.path.endsWith('/callback'), { status: 502 }, 2);
    const shown = await slash('help');
    expect(shown.messages[0]!.content).toContain('/recommend');
  });

  it('whose answer was lost on the way back is edited all the same', async () => {
    place.discord.on((call) => call.path.endsWith('/callback'), { status: 500, after: true }, 1);
    const shown = await slash('help');
    expect(shown.messages).toHaveLength(1);
  });

  it('waits as long as Discord says, and is answered then', async () => {
    place.discord.on((call) => call.method === 'PATCH', { status: 429, retryAfter: 0.2 }, 2);
    const shown = await slash('help');
    expect(shown.messages).toHaveLength(1);
  });

  it('that comes too late is not answered, but what it did is kept', async () => {
    await agreeToRecording();
    const late = place.discord.slash(ann, 'search', [{ name: 'query', value: 'excel' }]);
    late.expire();
    await place.discord.next((call) => call.path.endsWith(`${late.token}/callback`));
    await place.bot.idle();
    expect(late.messages).toEqual([]);
    expect(await place.events(ann)).toContain('search');
    expect(place.lines.at(-1)).toContain('too late');
  });
});

describe('erasing', () => {
  it('leaves nothing of the person, and answers that it is done', async () => {
    await agreeToRecording();
    const { id } = (await learnerAt(db, 'discord', ann.user.id))!;
    const asked = await slash('erase', [], guild);
    const done = await press(asked, 'erase|');
    expect(done.messages[0]!.content).not.toBe('');
    expect(await findLearner(db, id)).toBeUndefined();
    const { rows } = await db.pool.query('select 1 from sent_messages where learner_id = $1', [id]);
    expect(rows).toEqual([]);
  });
});
