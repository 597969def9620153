/** Replies as messages of Discord's. */

import type { APIEmbed, RawFile } from 'discord.js';
import { render } from '../../../core/language/render.ts';
import type { Button, Language, Reply } from '../../../core/language/reply.ts';
import { groupReplies } from '../../message/group.ts';
import { refOf } from '../../message/ref.ts';
import { drawCover } from '../../picture/cover.ts';
import { drawPng } from '../../picture/png.ts';
import type { Presses } from '../../press/presses.ts';
import { rowsOf, type Row } from './components.ts';
import { courseEmbed, type Courses } from './course.ts';
import { limits } from './limits.ts';
import { turningRows, TURNING_ROWS } from './pages.ts';
import { escapedCut, escapedPieces, labelOf, withNames } from './words.ts';

/** The body of a message, whole: what it lacks is empty, so that it can take another one's place. */
export interface Body {
  content: string;
  embeds: APIEmbed[];
  components: Row[];
  allowed_mentions: { parse: [] };
}

/** One message, and what is to be kept of it. */
export interface Outgoing {
  body: Body;
  files: RawFile[];
  /** Course and origin of what it shows, for a reaction; pages, for the buttons that turn them. */
  shows: { course?: string | undefined; ref?: string | undefined; pages?: readonly Reply[] };
}

export interface Renderer {
  /** One or more messages for each reply, or for each list. */
  messages(replies: readonly Reply[], language: Language): Promise<Outgoing[]>;
  /** One page of a list that stands there already: its words stay. */
  page(pages: readonly Reply[], at: number, language: Language): Promise<Pick<Body, 'embeds' | 'components'>>;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** @param log takes the cause when a picture can not be drawn: the message goes without it. */
export function createRenderer(presses: Presses, courses: Courses, log: (line: string) => void): Renderer {
  return {
    async messages(replies, language) {
      const made = await Promise.all(
        groupReplies(replies).map((message) =>
          'pages' in message ? list(message.intro, message.pages, language) : single(message.reply, language),
        ),
      );
      return made.flat();
    },
    page,
  };

  async function single(reply: Reply, language: Language): Promise<Outgoing[]> {
    const embed = courseEmbed(reply, language, courses);
    const { buttons, lines } = choices(reply, language);
    const text = [embed ? '' : render(reply.text, language), ...lines].filter((line) => line !== '').join('\n');
    const pieces = escapedPieces(text).map((piece) => withNames(piece, reply));
    const files = await filesOf(reply, embed, language);
    const last = message(pieces.at(-1) ?? '', embed && [embed], await rowsOf(buttons, language, presses), files);
    last.shows = { course: reply.course, ref: refOf(reply) };
    // Nothing at all would be refused.
    if (last.body.content === '' && !embed && files.length === 0) last.body.content = '…';
    return [...pieces.slice(0, -1).map((piece) => message(piece)), last];
  }

  async function list(intro: Reply | undefined, pages: readonly Reply[], language: Language): Promise<Outgoing[]> {
    const pieces = intro ? escapedPieces(render(intro.text, language)) : [];
    const { embeds, components } = await page(pages, 0, language);
    const last = message(pieces.at(-1) ?? '', embeds, components);
    last.shows = { pages };
    return [...pieces.slice(0, -1).map((piece) => message(piece)), last];
  }

  async function page(pages: readonly Reply[], at: number, language: Language) {
    const reply = pages[at]!;
    const rows = await rowsOf(reply.buttons ?? [], language, presses, limits.rows - TURNING_ROWS);
    const embed = courseEmbed(reply, language, courses) ?? {
      description: escapedCut(render(reply.text, language), limits.description),
    };
    return { embeds: [embed], components: [...rows, ...turningRows(pages, at, language)] };
  }

  async function filesOf(reply: Reply, embed: APIEmbed | undefined, language: Language): Promise<RawFile[]> {
    const files: RawFile[] = [];
    const course = reply.course === undefined ? undefined : courses.of(reply.course);
    try {
      if (reply.picture) files.push({ name: 'picture.png', data: await drawPng(reply.picture, language) });
      else if (reply.cover && embed && course) {
        files.push({ name: 'cover.png', data: await drawCover(course, language) });
        embed.image = { url: 'attachment://cover.png' };
      }
    } catch (error) {
      log(`A picture for Discord could not be drawn: ${error instanceof Error ? error.name : typeof error}`);
    }
    if (reply.file) files.push({ name: reply.file.name, data: Buffer.from(reply.file.content, 'utf8') });
    return files;
  }
}

/** The buttons of a reply; the options of a quiz are buttons too, lettered where one is too long for a button. */
function choices({ buttons = [], quiz }: Reply, language: Language): { buttons: Button[][]; lines: string[] } {
  const rows = buttons.map((row) => [...row]);
  if (!quiz) return { buttons: rows, lines: [] };
  const words = quiz.options.map((option) => labelOf(option, language, Infinity));
  if (words.every((each) => each.length <= limits.label))
    return { buttons: [...quiz.options.map((option) => [option]), ...rows], lines: [] };
  const lettered = quiz.options.map((option, at) => ({ ...option, label: { zh: LETTERS[at]!, en: LETTERS[at]! } }));
  return { buttons: [lettered, ...rows], lines: words.map((each, at) => `${LETTERS[at]}. ${each}`) };
}

function message(content: string, embeds: APIEmbed[] = [], components: Row[] = [], files: RawFile[] = []): Outgoing {
  return { body: { content, embeds, components, allowed_mentions: { parse: [] } }, files, shows: {} };
}
