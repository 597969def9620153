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
  buttons?: { id: string; label: string }[];
}

export async function toMessage(reply: Reply, language: Language): Promise<ChatMessage> {
  const buttons = reply.buttons?.flat().map((button) => ({ id: button.id, label: label(button, language) })) ?? [];
  return {
    text: render(reply.text, language),
    ...(reply.picture && { image: await drawPicture(reply.picture, language) }),
    ...(reply.course !== undefined && { course: reply.course }),
    ...(buttons.length > 0 && { buttons }),
  };
}

function label({ label: text, id }: Button, language: Language): string {
  return 'key' in text || 'template' in text ? render(text, language) : (localised(text, language) ?? id);
}
