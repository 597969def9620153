import type { IntentName, Slots } from './intents.ts';
import type { Language } from './reply.ts';

export { intentNames, type IntentName, type Slots } from './intents.ts';

export interface Understood {
  intent: IntentName;
  /** How clear the reading is: the margin of the best intent; 1 and more is sure, below 0 a guess. */
  confidence: number;
  /** The language of the message, the fallback where it has none of its own ("ok", "👍", "Python"). */
  language: Language;
  slots: Slots;
}

/** What the catalogue knows, asked at each message, so that it may change under way. */
export interface Vocabulary {
  /** Whether a term (of `tokenize`) stands in the catalogue. */
  knows?(term: string): boolean;
  /** The catalogue's topics. */
  topics?(): readonly string[];
}

export interface Understanding {
  /** Never throws; a message of any length and script has an answer. */
  understand(text: string, fallback?: Language): Understood;
}
