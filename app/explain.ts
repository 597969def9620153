import { SettingsError } from './settings.ts';

/** An error whose message is written for the person at the terminal: shown without a stack. */
export class UserError extends Error {}

/** What to print for an error that ended a command. */
export function explain(error: unknown): string {
  if (error instanceof UserError || error instanceof SettingsError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
