import { createHttp, type Http, type HttpOptions } from '../../../app/http.ts';
import { createLinks, type OpenLinks } from '../../../bots/conversation/deep-link.ts';
import type { Conversation } from '../../../bots/conversation/conversation.ts';
import type { Turn } from '../../../bots/conversation/turn.ts';
import { createSearch } from '../../../core/catalogue/search.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import type { Reply } from '../../../core/language/reply.ts';
import type { Database } from '../../../prisma/connect.ts';

/** Says back what it got. */
export const echo: Conversation = {
  handle: (turn) => Promise.resolve({ replies: [echoed(turn)], learner: undefined }),
};

const echoed = ({ input }: Turn): Reply => words('text' in input ? input.text : `pressed ${input.press}`);

export const words = (text: string): Reply => ({ text: { template: { en: '{{ text }}' }, args: { text } } });

/** A conversation that keeps its turns for the test to look at. */
export function recording(answer: (turn: Turn) => Promise<Reply[]> | Reply[] = (turn) => [echoed(turn)]) {
  const turns: Turn[] = [];
  const conversation: Conversation = {
    async handle(turn) {
      turns.push(turn);
      return { replies: await answer(turn), learner: undefined };
    },
  };
  return { turns, conversation };
}

/** A server over HTTP with a conversation passed in; not yet listening. */
export async function testServer(
  db: () => Database,
  conversation: Conversation = echo,
  options: Partial<HttpOptions> & { courses?: Course[]; links?: OpenLinks } = {},
): Promise<Http & { serveNow(): void }> {
  const { courses = [], links = createLinks(), ...others } = options;
  const http = await createHttp({
    settings: { host: '127.0.0.1', port: 0, publicUrl: undefined, currency: 'CNY' },
    ...others,
  });
  const catalogue = {
    get: (id: string) => courses.find((course) => course.id === id),
    all: () => courses,
    topics: () => [],
    search: () => createSearch(courses),
    version: 1,
    refresh: () => Promise.resolve(false),
  };
  return {
    ...http,
    serveNow: () =>
      http.serve({
        db: db(),
        conversation,
        catalogue,
        links,
        exportPerson: (learnerId) => Promise.resolve({ learner: learnerId }),
      }),
  };
}
