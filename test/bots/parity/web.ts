import type { BotServices } from '../../../bots/bot.ts';
import type { ChatMessage } from '../../../bots/web/message.ts';
import { fixtureCourses } from '../conversation/courses.ts';
import { testServer } from '../web/server.ts';
import type { Seat } from './seat.ts';

/** A browser, through HTTP. */
export async function atWeb(services: BotServices): Promise<Seat> {
  const server = await testServer(() => services.db, services.conversation, { courses: fixtureCourses });
  server.serveNow();
  const address = await server.listen();
  let cookie = '';
  let shown: ChatMessage[] = [];
  /** Ids of buttons that stand in the chat, those of the newest answer first. */
  let offered: string[] = [];

  async function send(body: { text: string } | { press: string }) {
    const answer = await fetch(`${address}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-language': 'en', ...(cookie && { cookie }) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    shown = ((await answer.json()) as { messages: ChatMessage[] }).messages;
    offered = [...shown.flatMap(({ buttons = [] }) => buttons.map(({ id }) => id)), ...offered];
  }

  return {
    channel: 'web',
    say: (text) => send({ text }),
    async press(start) {
      const press = offered.find((id) => id.startsWith(start));
      if (!press) throw new Error(`No button ${start} among ${offered.join(' ')}`);
      await send({ press });
    },
    command: (name, argument) => send({ text: ['/' + name, argument].filter(Boolean).join(' ') }),
    read: () => shown.map(({ text }) => text).join('\n'),
    close: () => server.close(),
  };
}
