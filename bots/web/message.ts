import { localised, render } from '../../core/language/render.ts';
import type { Button, Language, Reply } from '../../core/language/reply.ts';
import { drawPicture } from './picture.ts';

/** A message as the web chat and its JSON speak it. `text` is plain; of a course, its first line is the title. */
export interface ChatMessage {
  text: string;
  /** A `data:` URL. */
  image?: string;
  /** Course id. */
  course?: string;
  /** One with a `url` opens that address instead of being pressed. */
  buttons?: { id: string; label: string; url?: string }[];
  /** Something to keep, to be offered as a download. */
  file?: { name: string; content: string };
}

export async function toMessage(reply: Reply, language: Language): Promise<ChatMessage> {
  // A page has no quizzes of its own: the options are buttons before the others.
  const shown = [...(reply.quiz?.options ?? []), ...(reply.buttons?.flat() ?? [])];
  const buttons = shown.map((button) => ({
    id: button.id,
    label: label(button, language),
    ...(button.url !== undefined && { url: button.url }),
  }));
  return {
    text: render(reply.text, language),
    ...(reply.picture && { image: await drawPicture(reply.picture, language) }),
    ...(reply.course !== undefined && { course: reply.course }),
    ...(buttons.length > 0 && { buttons }),
    ...(reply.file && { file: reply.file }),
  };
}

function label({ label: text, id }: Button, language: Language): string {
  return 'key' in text || 'template' in text ? render(text, language) : (localised(text, language) ?? id);
}
