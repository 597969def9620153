/** Lines of a stack that tell where something failed. */
const PLACES = 8;

/**
 * What a log may say of an error: its kind, its code and where it came from. The message is told of
 * plain errors only, which are ours or the system's; databases and parsers quote data in theirs.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack = '' } = error;
  const { code } = error as { code?: unknown };
  const kind = typeof code === 'string' ? `${name} ${code}` : name;
  const places = stack.split('\n').filter((line) => line.startsWith('    at '));
  return [name === 'Error' ? `${kind}: ${message}` : kind, ...places.slice(0, PLACES)].join('\n');
}
