import type { Button } from '../../core/language/reply.ts';
import { named } from './say.ts';

/** What to offer when there is nothing better to say. */
export const shortcuts: readonly Button[] = [
  named('recommend', { action: 'recommend' }),
  named('search', { action: 'search' }),
  named('help', { action: 'help' }),
  named('onboard', { action: 'onboard' }),
];
