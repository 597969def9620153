/** What PostgreSQL refuses in jsonb though JSON has it: NUL, and halves of characters. An escaped backslash is passed over whole. */
const REFUSED = /\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g;

/** A value as JSON that a jsonb column takes, whatever its strings hold: what it refuses becomes U+FFFD. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json;
  return json.replaceAll(REFUSED, (found) => (found === '\\\\' ? found : '\ufffd'));
}
