import { Agent, request } from 'node:http';
import type { ChatMessage } from '../../bots/web/message.ts';
import type { Chat } from './load.ts';

/** People at the web chat, through an operator's key; every second one speaks Chinese. */
export function webChats(address: string, key: string, count: number): Chat[] {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  return Array.from({ length: count }, (_, nth) => {
    const chinese = nth % 2 === 0;
    const learner = `bench-${nth}`;
    let ids: string[] = [];
    return {
      async take(step) {
        const body =
          step[0] === 'press'
            ? { press: ids.find((id) => id.startsWith(step[1])) }
            : {
                text:
                  step[0] === 'command'
                    ? ['/' + step[1], step[2]].filter(Boolean).join(' ')
                    : chinese
                      ? step[1]
                      : step[2],
              };
        if ('press' in body && body.press === undefined) throw new Error(`No button ${step[1]} in the answer`);
        const headers = { authorization: `Bearer ${key}`, 'accept-language': chinese ? 'zh' : 'en' };
        const { messages } = (await post(agent, `${address}/api/chat`, headers, { learner, ...body })) as {
          messages: ChatMessage[];
        };
        ids = messages.toReversed().flatMap(({ buttons = [] }) => buttons.map(({ id }) => id));
        return messages.length;
      },
    };
  });
}

function post(agent: Agent, url: string, headers: Record<string, string>, value: unknown): Promise<unknown> {
  const body = JSON.stringify(value);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () =>
          response.statusCode === 200
            ? resolve(JSON.parse(text))
            : reject(new Error(`${response.statusCode}: ${text}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
