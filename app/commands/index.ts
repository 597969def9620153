import type { Command } from 'commander';
import { registerAnalyse } from './analyse.ts';
import { registerCampaign } from './campaign.ts';
import { registerChallenge } from './challenge.ts';
import { registerCommunity } from './community.ts';
import { registerDoctor } from './doctor.ts';
import { registerImport } from './import.ts';
import { registerEvaluate } from './evaluate.ts';
import { registerForecast } from './forecast.ts';
import { registerKey } from './key.ts';
import { registerModels } from './models.ts';
import { registerOpe } from './ope.ts';
import { registerPrivacy } from './privacy.ts';
import { registerPush } from './push.ts';
import { registerQuestions } from './questions.ts';
import { registerSample } from './sample.ts';
import { registerStart } from './start.ts';
import { registerTrain } from './train.ts';
import { registerTune } from './tune.ts';

/** Each adds its command to the program; work is imported when the command runs, to start fast. */
export const commands: readonly ((program: Command) => void)[] = [
  registerAnalyse,
  registerCampaign,
  registerCommunity,
  registerChallenge,
  registerDoctor,
  registerEvaluate,
  registerImport,
  registerForecast,
  registerKey,
  registerModels,
  registerOpe,
  registerPrivacy,
  registerPush,
  registerQuestions,
  registerSample,
  registerStart,
  registerTrain,
  registerTune,
];
