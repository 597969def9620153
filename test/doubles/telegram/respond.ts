import type http from 'node:http';

/** What Telegram is made to answer. */
export type Answer =
  | { result: unknown }
  | { error: number; description?: string; retryAfter?: number; migrateTo?: number }
  /** Never. */
  | 'silence'
  /** The connection breaks. */
  | 'hang up';

export function sendFile(response: http.ServerResponse, content: Buffer | undefined) {
  response.writeHead(content ? 200 : 404).end(content);
}

const WORDS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  409: 'Conflict',
};

export function respond(response: http.ServerResponse, answer: Answer): void {
  if (answer === 'silence') return;
  if (answer === 'hang up') return void response.destroy();
  if ('result' in answer) {
    json(response, 200, { ok: true, result: answer.result });
    return;
  }
  const { error, retryAfter, migrateTo } = answer;
  if (error >= 500) return void response.writeHead(error, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
  const description =
    answer.description ??
    (error === 429 ? `Too Many Requests: retry after ${retryAfter ?? 1}` : (WORDS[error] ?? 'Error'));
  json(response, error, {
    ok: false,
    error_code: error,
    description,
    ...((retryAfter !== undefined || migrateTo !== undefined || error === 429) && {
      parameters: {
        ...((retryAfter !== undefined || error === 429) && { retry_after: retryAfter ?? 1 }),
        ...(migrateTo !== undefined && { migrate_to_chat_id: migrateTo }),
      },
    }),
  });
}

function json(response: http.ServerResponse, status: number, value: unknown) {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}
