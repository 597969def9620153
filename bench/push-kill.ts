// kill -9 of the worker in the middle of a push run of 500 learners, and a restart:
//   npm run bench:push-kill [-- times]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connect } from '../prisma/connect.ts';
import { pushKill } from './push-kill/run.ts';

const times = Number(process.argv[2] ?? 3);
for (let run = 1; run <= times; run++) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-push-kill-'));
  fs.chmodSync(folder, 0o755);
  const db = await connect({ folder: path.join(folder, 'data') });
  try {
    console.log(run, await pushKill(db, { learners: 500, folder }));
  } finally {
    await db.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
