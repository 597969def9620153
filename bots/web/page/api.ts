import type { Language } from '../../../core/language/reply.ts';
import type { ChatMessage } from '../message.ts';

export type Input = { text: string } | { press: string };

export interface Answer {
  messages: ChatMessage[];
  language: Language | undefined;
  /** The turn erased the person: nothing of the chat may stay here. */
  erased: boolean;
}

const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

/** `refused` will not pass by trying again; the others may. */
export type Problem = 'offline' | 'starting' | 'busy' | 'failed' | 'refused';

export class TurnError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * One turn. Sent again with the same `turn`, it counts once.
 *
 * @throws TurnError
 */
export async function postTurn(input: Input, turn: string): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch('api/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...input, turn, ...(timeZone && { time_zone: timeZone }) }),
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    throw new TurnError('offline');
  }
  if (!response.ok) throw new TurnError(problemOf(response.status));
  const { messages } = (await response.json()) as { messages: ChatMessage[] };
  const language = response.headers.get('content-language');
  return {
    messages,
    language: language === 'zh' || language === 'en' ? language : undefined,
    erased: response.headers.has('coursebell-erased'),
  };
}

export async function postSeen(ids: string[]): Promise<void> {
  await fetch('api/inbox/seen', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ids }),
    keepalive: true,
  });
}

function problemOf(status: number): Problem {
  if (status === 503) return 'starting';
  if (status === 429) return 'busy';
  return status < 500 ? 'refused' : 'failed';
}
