// One worker process whose channel writes each message's id into a file, and takes a while like a
// platform does: what the file holds when the process is killed is what people got.
import fs from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { PoolConfig } from 'pg';
import { createCatalogue } from '../../../core/catalogue/catalogue.ts';
import { open } from '../../../prisma/connect.ts';
import { startWorkers } from '../../../queue/index.ts';

export interface WorkerInput {
  connection: PoolConfig;
  redisUrl?: string;
  /** Sent messages, one id a line. */
  file: string;
  latencyMs: number;
}

const input = JSON.parse(process.argv[2]!) as WorkerInput;
const db = await open(input.connection);
const workers = await startWorkers({
  db,
  catalogue: await createCatalogue(db),
  serving: { current: () => undefined, reload: () => Promise.resolve() },
  train: () => Promise.resolve(),
  channels: [
    {
      name: 'telegram',
      async send(_address, _reply, _language, messageId) {
        await setTimeout(input.latencyMs);
        fs.appendFileSync(input.file, `${messageId}\n`);
        await setTimeout(input.latencyMs);
        return { ok: true, platformId: messageId };
      },
    },
  ],
  settings: {
    redisUrl: input.redisUrl,
    push: { enabled: false, dailyCap: 5, silentAfterHours: 72, defaultTimeZone: 'UTC' },
    referral: { percent: 10, days: 30 },
    train: { schedule: '0 3 * * *', afterEvents: 1_000_000 },
  },
  log: (line) => process.stderr.write(`${line}\n`),
  roles: ['worker'],
});
process.once('SIGTERM', () => {
  void workers
    .close()
    .then(() => db.close())
    .then(() => process.exit());
});
