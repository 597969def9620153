import type { Command } from 'commander';
import { registerAnalyse } from './analyse.ts';
import { registerCampaign } from './campaign.ts';
import { registerImport } from './import.ts';
import { registerEvaluate } from './evaluate.ts';
import { registerKey } from './key.ts';
import { registerPrivacy } from './privacy.ts';
import { registerPush } from './push.ts';
import { registerSample } from './sample.ts';
import { registerStart } from './start.ts';
import { registerTrain } from './train.ts';

/** Each adds its command to the program; work is imported when the command runs, to start fast. */
export const commands: readonly ((program: Command) => void)[] = [
  registerAnalyse,
  registerCampaign,
  registerEvaluate,
  registerImport,
  registerKey,
  registerPrivacy,
  registerPush,
  registerSample,
  registerStart,
  registerTrain,
];
