import { pino, type Logger } from 'pino';

/** Structured lines on standard error. What is logged never holds a token, a text or a name. */
export function createLog(level: string): Logger {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
}
