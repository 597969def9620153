import { accounts } from './en/accounts.ts';
import { community } from './en/community.ts';
import { companion } from './en/companion.ts';
import { payment } from './en/payment.ts';
import { platform } from './en/platform.ts';
import { talk } from './en/talk.ts';

/** Every English string of the assistant, each in the part it belongs to. Same keys as `zh.ts`. */
export const en: Record<string, string> = { ...talk, ...companion, ...community, ...accounts, ...payment, ...platform };
