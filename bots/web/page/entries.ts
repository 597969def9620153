import type { Language } from '../../../core/language/reply.ts';
import type { ChatMessage } from '../message.ts';
import type { Input, Problem } from './api.ts';

/** What the person did, as a bubble of theirs. */
export interface Mine {
  kind: 'mine';
  key: string;
  text: string;
  input: Input;
  status: 'sending' | 'sent' | 'failed';
  problem?: Problem;
}

/** What the assistant answered, or pushed. */
export interface Theirs {
  kind: 'theirs';
  key: string;
  message: ChatMessage;
  language: Language;
  /** Of a pushed message. */
  inbox?: { id: string; at: string; seen: boolean };
}

export type Entry = Mine | Theirs;

const KEY = 'coursebell.chat';
/** The server keeps no texts: the last messages stay in this tab, for a reload. */
const KEPT = 80;

interface Stored {
  language: Language;
  entries: Entry[];
}

export function loadEntries(): Stored | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Stored | null;
    if (!stored) return undefined;
    // A turn that was under way when the page closed may or may not have arrived: it can be sent again.
    const entries = stored.entries.map((entry) =>
      entry.kind === 'mine' && entry.status === 'sending' ? { ...entry, status: 'failed' as const } : entry,
    );
    return { ...stored, entries };
  } catch {
    return undefined;
  }
}

export function saveEntries(stored: Stored): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...stored, entries: stored.entries.slice(-KEPT).map(withoutFile) }));
  } catch {
    // A browser without storage keeps the chat until the page is closed.
  }
}

/** A file is the person's to keep where they choose, not in the browser's storage. */
function withoutFile(entry: Entry): Entry {
  if (entry.kind === 'mine' || !entry.message.file) return entry;
  const message = { ...entry.message };
  delete message.file;
  return { ...entry, message };
}
