import { describe, expect, it } from 'vitest';
import { toMessage } from '../../../bots/web/message.ts';
import type { Theirs } from '../../../bots/web/page/entries.ts';
import {
  buttonParts,
  courseParts,
  faceOf,
  initialOf,
  linkParts,
  purchaseButton,
} from '../../../bots/web/page/message-parts.ts';
import { drawPicture } from '../../../bots/web/picture.ts';
import { encodePress } from '../../../core/language/reply.ts';

const star = (stars: number) => ({
  id: encodePress({ action: 'rate', course: 'c', value: String(stars) }),
  label: '★',
});
const stars = [1, 2, 3, 4, 5].map(star);
const said = (message: Theirs['message'], inbox?: Theirs['inbox']): Theirs => ({
  kind: 'theirs',
  key: 'k',
  language: 'en',
  message,
  ...(inbox && { inbox }),
});

describe('a reply', () => {
  it('keeps what catalogues and people write as plain text', async () => {
    const text = { template: { en: '{{ title }}' }, args: { title: '<b>{{ x }}</b> & "Co"' } };
    expect(await toMessage({ text }, 'en')).toEqual({ text: '<b>{{ x }}</b> & "Co"' });
  });

  it('shows a quiz as buttons, opens what has an address, and hands files over', async () => {
    const label = (en: string) => ({ en });
    const message = await toMessage(
      {
        text: { template: { en: 'Which?' } },
        quiz: {
          options: [
            { id: 'a', label: label('A') },
            { id: 'b', label: label('B') },
          ],
          correct: 1,
        },
        buttons: [[{ id: 'link', label: label('Open'), url: 'https://t.me/bell?start=link_1' }]],
        file: { name: 'x.json', content: '{}' },
      },
      'en',
    );
    expect(message).toEqual({
      text: 'Which?',
      buttons: [
        { id: 'a', label: 'A' },
        { id: 'b', label: 'B' },
        { id: 'link', label: 'Open', url: 'https://t.me/bell?start=link_1' },
      ],
      file: { name: 'x.json', content: '{}' },
    });
  });

  it('leaves out what it does not have', async () => {
    expect(Object.keys(await toMessage({ text: { template: { zh: '好' } }, buttons: [] }, 'en'))).toEqual(['text']);
  });
});

it('begins labels at the left edge, where no font cuts them off', async () => {
  const url = await drawPicture(
    { kind: 'interests', title: { key: 'profile.picture' }, bars: [{ label: 'Writing', share: 1 }] },
    'en',
  );
  const svg = Buffer.from(url.split(',')[1]!, 'base64').toString();
  const label = /<text[^>]*>Writing<\/text>/.exec(svg)![0];
  expect(label).toContain('text-anchor="start"');
});

it('draws labels of any kind into a well-formed picture', async () => {
  const picture = {
    kind: 'interests' as const,
    title: { template: { en: 'Interests' } },
    bars: [{ label: 'R&D <script>"', share: 0.424 }],
  };
  const svg = Buffer.from((await drawPicture(picture, 'en')).split(',')[1]!, 'base64').toString();
  expect(svg).toContain('R&amp;D &lt;script&gt;&quot;');
  expect(svg).toContain('42.4%');
  expect(svg).not.toContain('<script');
  expect(svg.replaceAll(/="[^"<>]*"/g, '')).not.toContain('"');
});

describe('how the page reads a message', () => {
  it('shows a course as a card, a pushed one as an offer, words about one as a bubble', () => {
    expect(faceOf(said({ text: 'Hello\nthere' }))).toBe('bubble');
    expect(faceOf(said({ text: 'Excel\n1 h', course: 'c' }))).toBe('card');
    expect(faceOf(said({ text: 'Saved.', course: 'c' }))).toBe('bubble');
    expect(faceOf(said({ text: 'How was it?\n', course: 'c', buttons: stars }))).toBe('bubble');
    expect(faceOf(said({ text: 'For you', course: 'c' }, { id: '1', at: '', seen: false }))).toBe('offer');
  });

  it('finds title and facts', () => {
    expect(courseParts('Excel\nBeginner · 1 h\nBecause you asked')).toEqual({
      title: 'Excel',
      facts: ['Beginner', '1 h'],
      rest: 'Because you asked',
    });
    expect(courseParts('Excel\nBecause')).toEqual({ title: 'Excel', facts: [], rest: 'Because' });
  });

  it('makes one row of five stars and leaves other buttons', () => {
    const other = { id: 'save|c', label: 'Save' };
    expect(buttonParts([other, ...stars, other])).toEqual([{ button: other }, { stars }, { button: other }]);
    expect(buttonParts(stars.slice(1))).toEqual(stars.slice(1).map((button) => ({ button })));
  });

  it('lets one button stand out, and one letter stand for the course', () => {
    const of = (...ids: string[]) => purchaseButton(ids.map((id) => ({ id, label: id })));
    expect(of('save|c', 'buy|c')).toBe('buy|c');
    expect(of('buy|c|-', 'pay|c')).toBe('pay|c');
    expect(of('save|c', 'help')).toBeUndefined();
    expect(initialOf('excel from zero')).toBe('E');
    expect(initialOf('Done: “Statistics” is yours')).toBe('S');
    expect(initialOf('今天推荐《一步一步学 Python》')).toBe('步');
    expect(initialOf('…')).toBe('');
  });

  it('links web addresses and the export, nothing else', () => {
    const links = (text: string) =>
      linkParts(text)
        .filter((part) => part.link)
        .map((part) => part.text);
    expect(links('See https://a.example/x?y=1. Or javascript:alert(1)')).toEqual(['https://a.example/x?y=1']);
    expect(links('下载：/api/export。')).toEqual(['/api/export']);
    expect(links('x/api/export /api/exports https://')).toEqual([]);
    expect(
      linkParts('a https://b.example c')
        .map((part) => part.text)
        .join(''),
    ).toBe('a https://b.example c');
  });
});
