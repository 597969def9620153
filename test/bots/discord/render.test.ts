import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRenderer, type Renderer } from '../../../bots/discord/render/message.ts';
import { createPresses } from '../../../bots/press/presses.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import { encodePress, languages, type Button, type Reply } from '../../../core/language/reply.ts';
import { createRandom, type Random } from '../../../core/numerics/random.ts';
import { messageProblems, type MessageBody } from '../../doubles/discord/limits.ts';
import type { UploadedFile } from '../../doubles/discord/multipart.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
let renderer: Renderer;
const courses = new Map<string, Course>();
const lines: string[] = [];

beforeAll(() => {
  const find = { of: (id: string) => courses.get(id), currency: 'CNY' };
  renderer = createRenderer(createPresses(db), find, (line) => lines.push(line));
});
afterAll(() => expect(lines).toEqual([]));

const nasty = [
  ...['@everyone ', '<@1>', '**', '```', '||', '\n', '# ', ' ', 'https://a.example/_b_', '[x](http://y.example)'],
  ...['中文课程', '👩‍👩‍👧‍👦', '\u202e', 'é', 'x'.repeat(40), '·', "'", '"', '{{ a }}', '\\'],
];

describe('replies as messages', () => {
  it('shows a course as a card with its details and its picture', async () => {
    courses.set('c1', course('c1', 'Excel *Formulas*'));
    const [made] = await renderer.messages([card('c1', 'Excel *Formulas*')], 'en');
    expect(made!.body).toMatchObject({
      content: '',
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: String.raw`Excel \*Formulas\*`,
          description: 'Step by step.',
          fields: [
            { name: 'Level', value: 'Beginner', inline: true },
            { name: 'Length', value: '6.5 h', inline: true },
            { name: 'Price', value: '¥99', inline: true },
            { name: 'With', value: String.raw`Li \@here`, inline: true },
          ],
          image: { url: 'attachment://cover.png' },
        },
      ],
    });
    expect(made!.files.map((file) => file.name)).toEqual(['cover.png']);
    expect(made!.shows).toMatchObject({ course: 'c1', ref: 's1' });
  });

  it('shows a list one at a time, with buttons to turn and a menu to jump', async () => {
    const items = ['a', 'b', 'c'].map((id) => ({ ...card(id, `Course ${id}`), list: 'recommend' }));
    const [made, ...more] = await renderer.messages([{ text: { template: { en: 'For you:' } } }, ...items], 'en');
    expect(more).toEqual([]);
    expect(made!.body.content).toBe('For you:');
    expect(made!.body.embeds.map((embed) => embed.title)).toEqual(['Course a']);
    expect(made!.shows.pages).toHaveLength(3);
    const turned = await renderer.page(made!.shows.pages!, 2, 'en');
    expect(turned.embeds[0]!.title).toBe('Course c');
    const [, turning, menu] = turned.components.map((row) => row.components);
    expect(turning).toMatchObject([
      { label: '◀', disabled: false },
      { label: '3 / 3' },
      { label: '▶', disabled: true },
    ]);
    expect(menu).toMatchObject([{ options: [{ label: '1. Course a' }, {}, { label: '3. Course c', default: true }] }]);
  });

  it('puts a quiz on buttons, lettered where an option is too long for one', async () => {
    const option = (label: string): Button => ({ id: `quiz||${label.slice(0, 5)}`, label: { en: label } });
    const ask = (labels: string[]): Reply => ({
      text: { template: { en: 'Which?' } },
      quiz: { options: labels.map(option), correct: 0 },
    });
    const [short] = await renderer.messages([ask(['one', 'two'])], 'en');
    expect(short!.body.components.flatMap((row) => row.components)).toMatchObject([{ label: 'one' }, { label: 'two' }]);
    const [long] = await renderer.messages([ask(['first '.repeat(20), 'other'])], 'en');
    expect(long!.body.content).toContain('\nA. first');
    expect(long!.body.components.flatMap((row) => row.components)).toMatchObject([{ label: 'A' }, { label: 'B' }]);
  });

  it('puts what fits on no row of buttons into a menu', async () => {
    const buttons = Array.from({ length: 40 }, (_, at) => [{ id: `topic||${at}`, label: { en: `Topic ${at}` } }]);
    const [made] = await renderer.messages([{ text: { template: { en: 'Choose' } }, buttons }], 'en');
    expect(made!.body.components.flatMap((row) => row.components)).toMatchObject([
      { custom_id: '@menu:0', options: { length: 25 } },
      { custom_id: '@menu:1', options: { length: 15 } },
    ]);
  });

  it('is taken by Discord whatever courses, texts and buttons hold', async () => {
    const random = createRandom(11);
    for (let round = 0; round < 400; round++) {
      const replies = Array.from({ length: 1 + random.int(4) }, () => anyReply(random));
      for (const language of languages) {
        for (const { body, files } of await renderer.messages(replies, language)) {
          const uploaded: UploadedFile[] = files.map((file, at) => ({
            field: `files[${at}]`,
            name: file.name,
            content: Buffer.from(file.data as Buffer),
          }));
          const whole = { ...body, attachments: files.map((file, id) => ({ id, filename: file.name })) };
          expect(messageProblems(whole as unknown as MessageBody, uploaded)).toEqual([]);
          expect(body.allowed_mentions).toEqual({ parse: [] });
        }
      }
    }
  });
});

function card(id: string, title: string): Reply {
  return {
    text: {
      template: { en: '{{ title }}\n{{ meta }}\nStep by step.', zh: '{{ title }}\n{{ meta }}\nStep by step.' },
      args: { title, meta: 'Beginner · 6.5 h · ¥99 · Li @here' },
    },
    course: id,
    cover: true,
    buttons: [[{ id: encodePress({ action: 'save', course: id, ref: 's1' }), label: { en: 'Save' } }]],
  };
}

function course(id: string, title: string): Course {
  return {
    ...{ id, title, description: '', translations: {}, topics: ['Excel'], level: 'beginner', language: 'en' },
    ...{ priceMinor: 9900, currency: 'CNY', durationMinutes: 390, instructor: 'Li @here', publishedAt: null },
    ...{ archived: false, attributes: {}, simulated: false },
  };
}

function anyReply(random: Random): Reply {
  const words = (most: number) =>
    Array.from({ length: 1 + random.int(most) }, () => nasty[random.int(nasty.length)]).join('');
  const id = words(6);
  const title = words(12);
  courses.set(id, { ...course(id, title), instructor: words(80), level: words(20) });
  const button = (): Button => ({
    id: encodePress({ action: 'x', course: words(8), value: words(4) }),
    label: { en: words(8) },
  });
  const buttons = Array.from({ length: random.int(8) }, () => Array.from({ length: 1 + random.int(9) }, button));
  const shows = random.int(3) === 0;
  return {
    text: {
      template: { en: shows ? '{{ title }}\n{{ rest }}' : '{{ rest }}' },
      args: { title, rest: words(random.int(10) === 0 ? 900 : 30) },
    },
    ...(shows && { course: id, list: random.int(2) === 0 ? 'recommend' : 'search' }),
    ...(random.int(60) === 0 && { cover: true as const }),
    ...(random.int(3) > 0 && { buttons }),
    ...(random.int(8) === 0 && { file: { name: 'data.json', content: words(9) } }),
  };
}
