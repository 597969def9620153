/** A process that takes updates, to be killed in the middle; started by kill.test.ts. */

import { createIntake, type Work } from '../../../bots/update/intake.ts';
import { eventKey } from '../../../core/behaviour/key.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { open } from '../../../prisma/connect.ts';

interface Message {
  chat: string;
  learnerId: string;
}

const db = await open(JSON.parse(process.env['DATABASE_CONFIG']!) as Parameters<typeof open>[0]);

/** Something to record, with work before and after it in which the process may die. */
async function answer({ id, payload }: Work) {
  const { chat, learnerId } = payload as Message;
  await db.pool.query('select 1');
  await recordEvents(db, [
    {
      idempotencyKey: eventKey('turn', 'telegram', chat, id),
      learnerId,
      courseId: null,
      type: 'search',
      value: Number(id),
      occurredAt: new Date(1_760_000_000_000 + Number(id)),
      channel: 'telegram',
      circumstances: {},
    },
  ]);
  await db.pool.query('select 1');
}

const intake = createIntake({
  db,
  channel: 'telegram',
  chatOf: (payload) => (payload as Message).chat,
  work: answer,
  log: (line) => console.error(line),
});
await intake.replay();
process.on('message', (updates: { id: string; payload: Message }[]) => {
  void intake.take(updates).then(async () => {
    process.send!({ kept: updates.length });
    if (updates.length > 0) return;
    // Nothing more will come.
    await intake.idle();
    await db.close();
    process.disconnect();
  });
});
process.send!({ kept: 0 });
