import { DatabaseError } from '../prisma/error.ts';
import { SettingsError } from './settings.ts';

/** An error whose message is written for the person at the terminal: shown without a stack. */
export class UserError extends Error {}

const readable = [UserError, SettingsError, DatabaseError];

/** What to print for an error that ended a command. */
export function explain(error: unknown): string {
  if (readable.some((kind) => error instanceof kind)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
