import type { IntentName } from '../intents.ts';

/** Utterances by intent, apart by `|`; `{t}` stands for any topic. */
export type IntentSeeds = Partial<Record<IntentName, string>>;

export interface Example {
  text: string;
  /** Undefined: no class is right. */
  label: string | undefined;
}

/** The utterances of one string, in order. */
export function utterances(seeds: string): string[] {
  return seeds
    .split('|')
    .map((text) => text.trim().replace(/\s+/g, ' '))
    .filter((text) => text !== '');
}
