import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createStreams } from '../../../bots/web/streams.ts';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(answer: (response: http.ServerResponse) => void): Promise<string> {
  const server = http.createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what is read while a stream ends is not written to it, and waits for the next one', async () => {
  const streams = createStreams();
  let deliver: (events: { id: string }[]) => void = () => {};
  const reads = [new Promise<{ id: string }[]>((resolve) => (deliver = resolve))];
  const errors: unknown[] = [];
  const address = await serve((response) => {
    response.on('error', (error) => errors.push(error));
    streams.open(
      response,
      'mei',
      undefined,
      () => reads.shift() ?? Promise.resolve([]),
      () => Promise.resolve(true),
    );
  });
  const answer = await fetch(address);
  streams.end('mei');
  deliver([{ id: '1' }]);
  expect(await answer.text()).not.toContain('id: 1');
  expect(errors).toEqual([]);
});
