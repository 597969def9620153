import type { Command } from 'commander';
import { registerAnalyse } from './analyse.ts';
import { registerImport } from './import.ts';
import { registerEvaluate } from './evaluate.ts';
import { registerKey } from './key.ts';
import { registerSample } from './sample.ts';
import { registerStart } from './start.ts';

/** Each adds its command to the program; work is imported when the command runs, to start fast. */
export const commands: readonly ((program: Command) => void)[] = [
  registerAnalyse,
  registerEvaluate,
  registerImport,
  registerKey,
  registerSample,
  registerStart,
];
