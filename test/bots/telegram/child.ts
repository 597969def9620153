/** A bot in a process of its own, to be killed. */

import { open } from '../../../prisma/connect.ts';
import { botFor } from './bot.ts';
import { botServices } from './services.ts';

interface Given {
  database: Parameters<typeof open>[0];
  root: string;
  token: string;
}

const { database, ...telegram } = JSON.parse(process.env['CHILD']!) as Given;
const db = await open(database);
const bot = botFor(telegram, await botServices(db, (line) => process.stderr.write(`${line}\n`)));
await bot.start();
process.send!('ready');
