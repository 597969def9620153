import type { TelegramDocument } from '@gramio/types';
import type { Turn } from '../conversation/turn.ts';
import type { TelegramApi } from './call.ts';

/** Bytes of the longest file that is read. */
export const LONGEST_FILE = 256 * 1024;

/** @returns undefined for a file that is not JSON, or too long. */
export async function attachmentOf(api: TelegramApi, document: TelegramDocument): Promise<Turn['attachment']> {
  const name = document.file_name ?? 'file.json';
  const isJson = document.mime_type === 'application/json' || /\.json$/i.test(name);
  if (!isJson || (document.file_size ?? 0) > LONGEST_FILE) return undefined;
  try {
    const content = new TextDecoder('utf-8', { fatal: true }).decode(
      await api.download(document.file_id, LONGEST_FILE),
    );
    return { name, content };
  } catch (error) {
    // Longer than Telegram said, or not UTF-8.
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
