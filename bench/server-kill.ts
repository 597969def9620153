/**
 * kill -9 of the whole server in the middle of a push run, then a new start:
 *   npm run bench:server-kill
 * Learners agree to messages in the chat, `push --now` writes their pushes, the server dies when a
 * fifth are delivered. Afterwards each learner's inbox is read through the API and counted.
 */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { joinEmbedded } from '../prisma/embedded.ts';
import { createInstallation } from './installation.ts';

const LEARNERS = 500;
const KILLED_AT = 100;

const installation = await createInstallation({ sample: true });
try {
  let server = await installation.start();
  const key = (await installation.run('key')).trim();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const learners = Array.from({ length: LEARNERS }, (_, index) => `push-${index}`);
  for (const learner of learners) {
    for (const press of ['language||en', 'consent||messages:on', 'consent||recording:on']) {
      const body = JSON.stringify({ learner, press });
      const answer = await fetch(`${installation.address}/api/chat`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    }
  }
  // Quiet hours hold pushes back, whatever the hour at which this runs.
  const embedded = await joinEmbedded(installation.data);
  const db = new pg.Client(embedded.connection);
  await db.connect();
  await db.query('update learners set quiet_from = 0, quiet_to = 0 where not simulated');
  const counts = async () => {
    const { rows } = await db.query<{ sent: number; open: number }>(
      `select count(*) filter (where status = 'sent')::int as sent,
              count(*) filter (where status in ('pending', 'queued', 'sending'))::int as open from outbox_messages`,
    );
    return rows[0]!;
  };

  await installation.run('push', '--now');
  while ((await counts()).sent < KILLED_AT) await pause(5);
  await server.stop('SIGKILL');
  const atKill = await counts();
  const restarted = performance.now();
  server = await installation.start();
  while ((await counts()).open > 0) await pause(50);
  const seconds = (performance.now() - restarted) / 1000;

  const perLearner: number[] = [];
  for (const learner of learners) {
    const answer = await fetch(`${installation.address}/api/inbox?learner=${learner}`, { headers });
    const { messages } = (await answer.json()) as { messages: unknown[] };
    perLearner.push(messages.length);
  }
  await db.end();
  await server.stop();
  await embedded.leave();
  console.log(
    JSON.stringify({
      learners: LEARNERS,
      sent_when_killed: atKill.sent,
      lost: perLearner.filter((count) => count === 0).length,
      sent_twice: perLearner.filter((count) => count > 1).length,
      seconds_from_restart_to_all_sent: Number(seconds.toFixed(1)),
    }),
  );
} finally {
  installation.remove();
}
