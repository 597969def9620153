/** Replies as the calls that show them, in order; what is sent with which destination stands in `outlet.ts`. */

import type { TelegramInputPollOption } from '@gramio/types';
import type { Course } from '../../core/catalogue/course.ts';
import { render } from '../../core/language/render.ts';
import type { Button, Invoice, Language, Reply, Text } from '../../core/language/reply.ts';
import { groupReplies } from '../message/group.ts';
import { refOf } from '../message/ref.ts';
import { splitText } from '../message/split.ts';
import type { Presses } from '../press/presses.ts';
import type { Params, Upload } from './call.ts';
import { coversOf, profilePicture, type Image } from './images.ts';
import { keyboardOf, labelOf, turners, type Keyboard } from './keyboard.ts';

const LONGEST_TEXT = 4096;
const LONGEST_CAPTION = 1024;
const LONGEST_QUESTION = 300;
const LONGEST_OPTION = 100;
const MOST_OPTIONS = 12;

/** What comes back to a message is about this. */
export interface Shown {
  course?: string | undefined;
  ref?: string | undefined;
  /** Of a message with pages. */
  pages?: readonly Reply[];
}

/** One call, without its destination. */
export type Step = { shown?: Shown; keyboard?: Keyboard | undefined } & (
  | { kind: 'text'; text: string }
  /** `instead` is sent when the picture is refused. */
  | { kind: 'photo'; image: Image; caption?: string; instead: Step[] }
  | { kind: 'document'; file: Upload; caption?: string }
  | { kind: 'quiz'; question: string; options: TelegramInputPollOption[]; correct: number; presses: string[] }
  | { kind: 'invoice'; invoice: InvoiceParams }
);

export type InvoiceParams = Omit<Params<'sendInvoice'>, 'chat_id' | 'message_thread_id' | 'reply_parameters'>;

export interface Composer {
  presses: Presses;
  /** Of the catalogue. */
  course: (id: string) => Course | undefined;
  invoice: (invoice: Invoice, language: Language) => InvoiceParams;
}

export interface ComposeOptions {
  language: Language;
  /** Whether each reply about a course is shown with its cover, as in a push; else only those that ask for it. */
  covers?: boolean;
  /** Whether a quiz may be asked as a poll: its answer must be one person's. */
  polls: boolean;
}

export async function compose(composer: Composer, replies: readonly Reply[], options: ComposeOptions): Promise<Step[]> {
  const steps: Step[] = [];
  for (const message of groupReplies(replies)) {
    if ('reply' in message) steps.push(...(await stepsOf(composer, message.reply, options)));
    else steps.push(await page(composer, withIntro(message.intro, message.pages), 0, options.language));
  }
  return steps;
}

/** One page of a message whose pages are turned in place. */
export async function page(
  { presses }: Pick<Composer, 'presses'>,
  pages: readonly Reply[],
  index: number,
  language: Language,
): Promise<Extract<Step, { kind: 'text' }>> {
  const reply = pages[index]!;
  const keyboard = await keyboardOf(reply.buttons ?? [], language, presses, turners(index, pages.length));
  return { kind: 'text', text: cut(render(reply.text, language)), keyboard, shown: { ...shownBy(reply), pages } };
}

/** The words that open a list stand on each of its pages. */
function withIntro(intro: Reply | undefined, pages: readonly Reply[]): readonly Reply[] {
  if (!intro) return pages;
  const both = '{{ intro }}\n\n{{ page }}';
  return pages.map((one) => ({
    ...one,
    text: { template: { zh: both, en: both }, args: { intro: intro.text, page: one.text } } satisfies Text,
  }));
}

async function stepsOf(composer: Composer, reply: Reply, options: ComposeOptions): Promise<Step[]> {
  const { language } = options;
  if (reply.quiz) return quizSteps(composer, reply, reply.quiz, options);
  const words = render(reply.text, language);
  const keyboard = await keyboardOf(reply.buttons ?? [], language, composer.presses);
  const shown = shownBy(reply);
  if (reply.file) {
    const file = { source: Buffer.from(reply.file.content), filename: fileName(reply.file.name) };
    if (words.length <= LONGEST_CAPTION)
      return [{ kind: 'document', file, caption: words, keyboard, ...(shown && { shown }) }];
    return [{ kind: 'document', file }, ...textSteps(words, keyboard, shown)];
  }
  if (reply.invoice) {
    const invoice = composer.invoice(reply.invoice, language);
    return [...textSteps(words, keyboard, shown), { kind: 'invoice', invoice }];
  }
  const images = imagesOf(composer, reply, options);
  const inWords = textSteps(words, keyboard, shown);
  if (words.length > LONGEST_CAPTION) return [...firstOf(images, {}, []), ...inWords];
  return firstOf(images, { caption: words, keyboard, ...(shown && { shown }) }, inWords);
}

/** The first picture, the next in its place should it be refused, and in the end what is sent without any. */
function firstOf(images: readonly Image[], around: Partial<Step> & { caption?: string }, without: Step[]): Step[] {
  const [image, ...others] = images;
  if (!image) return without;
  return [{ ...around, kind: 'photo', image, instead: firstOf(others, around, without) }];
}

/** In a form the name stands between quotes, in a line of its own. */
const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').trim() || 'file';

function imagesOf({ course }: Composer, reply: Reply, { language, covers }: ComposeOptions): Image[] {
  if (reply.picture) return [profilePicture(reply.picture, language)];
  const shown = reply.course !== undefined && (covers || reply.cover) ? course(reply.course) : undefined;
  return shown ? coversOf(shown, language) : [];
}

function shownBy(reply: Reply): Shown | undefined {
  const ref = refOf(reply);
  return reply.course === undefined && ref === undefined ? undefined : { course: reply.course, ref };
}

/** As many messages as the text needs; the buttons stand under the last. */
function textSteps(words: string, keyboard: Keyboard | undefined, shown: Shown | undefined): Step[] {
  const pieces = splitText(words.trim() === '' ? '…' : words, LONGEST_TEXT);
  return pieces.map((text, index) => ({
    kind: 'text',
    text,
    ...(index === pieces.length - 1 && { keyboard, ...(shown && { shown }) }),
  }));
}

const cut = (text: string): string => {
  const [first = '…', ...rest] = splitText(text, LONGEST_TEXT - 2);
  return rest.length > 0 ? `${first} …` : first;
};

async function quizSteps(
  { presses }: Composer,
  reply: Reply,
  { options, correct }: NonNullable<Reply['quiz']>,
  { language, polls }: ComposeOptions,
): Promise<Step[]> {
  const question = render(reply.text, language);
  const labels = options.map((option) => labelOf(option, language));
  const fits =
    polls &&
    question.length <= LONGEST_QUESTION &&
    options.length >= 2 &&
    options.length <= MOST_OPTIONS &&
    labels.every((label) => label.length <= LONGEST_OPTION);
  if (!fits) return asButtons(presses, question, reply, options, language);
  const keyboard = await keyboardOf(reply.buttons ?? [], language, presses);
  return [
    {
      kind: 'quiz',
      question,
      options: labels.map((text) => ({ text })),
      correct,
      presses: options.map(({ id }) => id),
      keyboard,
    },
  ];
}

/** Options that fit no poll stand in the text, their letters on the buttons. */
async function asButtons(
  presses: Presses,
  question: string,
  reply: Reply,
  options: readonly Button[],
  language: Language,
): Promise<Step[]> {
  const letter = (index: number) => String.fromCharCode(65 + index);
  const lines = options.map((option, index) => `${letter(index)}. ${labelOf(option, language)}`);
  const letters = options.map(({ id }, index) => ({ id, label: { zh: letter(index), en: letter(index) } }));
  const keyboard = await keyboardOf([letters, ...(reply.buttons ?? [])], language, presses);
  return textSteps(`${question}\n\n${lines.join('\n')}`, keyboard, undefined);
}
