import type { Command } from 'commander';
import { registerAnalyse } from './analyse.ts';
import { registerSample } from './sample.ts';

/** Each adds its command to the program; work is imported when the command runs, to start fast. */
export const commands: readonly ((program: Command) => void)[] = [registerAnalyse, registerSample];
