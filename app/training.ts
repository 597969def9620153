import { hybrid } from '../core/recommend/models/hybrid.ts';
import type { TrainOptions } from '../core/recommend/train.ts';
import type { Settings } from './settings.ts';

/** How this installation trains: its own `train.config` over the defaults of the model. */
export function trainOptions(
  { seed, budgetMinutes, config }: Settings['train'],
  options: { validate: boolean; seed?: number },
): TrainOptions {
  return {
    config: hybrid.config.parse({ ...config, seed: options.seed ?? seed }),
    budgetMinutes,
    validate: options.validate,
  };
}
