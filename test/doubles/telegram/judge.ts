import { problems } from './check.ts';
import { readDescription } from './description.ts';
import { botApi, type Description, type Schema } from './schema.ts';

/**
 * Holds everything that passes to the Bot API's types, and each call to the description that
 * BOT_API_DESCRIPTION names as well.
 */
export function createJudge(checked: boolean) {
  const api = botApi();
  const file = process.env['BOT_API_DESCRIPTION'];
  const second = file ? readDescription(file) : undefined;
  const violations: string[] = [];
  return {
    violations,
    call(method: string, params: unknown) {
      const known = api.methods[method];
      if (!known) violations.push(`${method} is no method of the Bot API`);
      else hold(api, known.params, params, method);
      if (second?.methods[method]) hold(second, second.methods[method].params, params, `${method} (description)`);
    },
    result: (method: string, result: unknown) => hold(api, api.methods[method]?.result, result, `answer to ${method}`),
    update: (update: unknown) => hold(api, { $ref: 'TelegramUpdate' }, update, 'pushed update'),
  };

  function hold({ definitions }: Description, schema: Schema | undefined, value: unknown, what: string) {
    if (!checked || !schema) return;
    for (const problem of problems(value, schema, definitions)) violations.push(`${what}${problem}`);
  }
}
