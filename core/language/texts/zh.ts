import { accounts } from './zh/accounts.ts';
import { community } from './zh/community.ts';
import { companion } from './zh/companion.ts';
import { payment } from './zh/payment.ts';
import { platform } from './zh/platform.ts';
import { talk } from './zh/talk.ts';

/** Every Chinese string of the assistant, each in the part it belongs to. Same keys as `en.ts`. */
export const zh: Record<string, string> = { ...talk, ...companion, ...community, ...accounts, ...payment, ...platform };
