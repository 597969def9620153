import type { Language, Picture } from '../../core/language/reply.ts';
import { drawSvg } from '../picture/svg.ts';

/** A picture as a `data:` URL for the page. */
export async function drawPicture(picture: Picture, language: Language): Promise<string> {
  const svg = await drawSvg(picture, language);
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
