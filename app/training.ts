import { hybrid } from '../core/recommend/models/hybrid.ts';
import type { TrainOptions } from '../core/recommend/train.ts';
import type { Settings } from './settings.ts';

/** How this installation trains: its own `train.config` over the defaults, every draw decided by its seed. */
export function trainOptions(
  { seed, budgetMinutes, config }: Settings['train'],
  { validate, ...given }: { validate: boolean; seed?: number },
): TrainOptions {
  return { config: hybrid.config.parse({ seed, ...config, ...given }), budgetMinutes, validate };
}
