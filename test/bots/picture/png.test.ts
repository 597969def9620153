import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { drawCover } from '../../../bots/picture/cover.ts';
import { drawnOnce, drawPng } from '../../../bots/picture/png.ts';
import { drawSvg } from '../../../bots/picture/svg.ts';
import type { Picture } from '../../../core/language/reply.ts';

const picture = (label: string): Picture => ({
  kind: 'interests',
  title: { key: 'profile.picture' },
  bars: [
    { label, share: 0.6 },
    { label: 'Excel & <b>', share: 0.4 },
  ],
});
const course = { id: 'c1', title: 'Excel & <b> “进阶”', translations: {}, topics: ['programming', 'design'] };

/** Width and height of a PNG. */
const size = (png: Buffer) => {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};

/** Bytes of the pixels, still as PNG's filters leave them. */
function pixels(png: Buffer): Buffer {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.subarray(at + 4, at + 8).toString() === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  return inflateSync(Buffer.concat(data));
}

it('draws interests as PNG, once for the same words, off the main thread', async () => {
  const [one, again, other] = await Promise.all([
    drawPng(picture('数据'), 'zh'),
    drawPng(picture('数据'), 'zh'),
    drawPng(picture('写作'), 'zh'),
  ]);
  expect(size(one)[0]).toBe(1040);
  expect(again).toBe(one);
  expect(pixels(other).equals(pixels(one))).toBe(false);
});

it('draws Chinese with the bundled font, and nothing for what it has not', async () => {
  const empty = pixels(await drawPng(picture(''), 'en'));
  expect(pixels(await drawPng(picture('😀 한국'), 'en')).equals(empty)).toBe(true);
  expect(pixels(await drawPng(picture('数据分析'), 'en')).equals(empty)).toBe(false);
});

it('draws a cover for any course, the same for the same one', async () => {
  const cover = await drawCover(course, 'zh');
  expect(size(cover)).toEqual([960, 400]);
  expect(await drawCover({ ...course }, 'zh')).toBe(cover);
  expect((await drawCover(course, 'en')).equals(cover)).toBe(false);
  expect(size(await drawCover({ id: '', title: '', translations: {}, topics: [] }, 'en'))).toEqual([960, 400]);
  expect(size(await drawCover({ ...course, title: '😀'.repeat(500), topics: ['x'.repeat(200)] }, 'en'))).toEqual([
    960, 400,
  ]);
});

it('says that something can not be drawn, and draws the next', async () => {
  const draw = () => ({ width: 10, height: 10, ground: '#fff', shapes: '<g', words: [], pixels: 10 });
  await expect(drawnOnce('bad', draw)).rejects.toThrow('could not be drawn');
  await expect(drawnOnce('bad', draw)).rejects.toThrow('could not be drawn');
  expect(size(await drawCover({ ...course, id: 'c2' }, 'en'))).toEqual([960, 400]);
});

it('draws for a page with a style sheet that follows its colours', async () => {
  const svg = await drawSvg(picture('数据'), 'en');
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).toContain('Excel &amp; &lt;b&gt;');
});
