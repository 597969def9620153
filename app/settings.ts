import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isTimeZone } from '../core/learner/time-zone.ts';
import { hybrid } from '../core/recommend/models/hybrid.ts';
import { isCron } from './cron.ts';

export const settingsFile = 'coursebell.config.json';

/** Everything that an operator can set; each default is what `npm start` uses. */
const schema = z.strictObject({
  /** Where the chat, the API and the health check listen. */
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8787),
  /** Address that people see, when a proxy stands before the server; decides the allowed Origin and Secure cookies. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Minor-unit currency code for courses that name none. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as CNY')
    .default('CNY'),
  /** Load the sample catalogue and community into an empty database. */
  sample: z.boolean().default(true),
  recommend: z
    .strictObject({
      /** Courses in one answer. */
      slate: z.int().min(1).max(10).default(5),
      /** Share of slots given to exploration, its probability logged. */
      explore: z.number().min(0).max(0.5).default(0.1),
      /** 0 ranks by relevance alone, 1 by difference alone (MMR). */
      diversity: z.number().min(0).max(1).default(0.3),
      /** 0 leaves the mix of topics as it comes, 1 follows the learner's own alone (Steck 2018). */
      calibration: z.number().min(0).max(1).default(0.1),
      /** Whether language, level, price and having been shown before count. */
      fit: z.boolean().default(true),
    })
    .prefault({}),
  push: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Most marketing messages to one learner in a calendar day of theirs. */
      dailyCap: z.int().min(1).default(2),
      /** Hours without an answer after which a message counts as silent. */
      silentAfterHours: z.number().positive().default(72),
      /** Zone of learners whose own is not known. */
      defaultTimeZone: z
        .string()
        .refine(isTimeZone, 'not an IANA time zone such as Asia/Shanghai')
        .default('Asia/Shanghai'),
    })
    .prefault({}),
  /** Telegram: needs TELEGRAM_BOT_TOKEN. */
  telegram: z
    .strictObject({
      /** 'polling' needs no address; 'webhook' needs `publicUrl` with https. */
      receive: z.enum(['polling', 'webhook']).default('polling'),
      /** Stars for one unit of a course's currency (3 means 10 CNY = 30 Stars), for courses without a `price_stars` column. */
      starsPerUnit: z.number().positive().optional(),
    })
    .prefault({}),
  /** Discord: needs DISCORD_BOT_TOKEN. */
  discord: z
    .strictObject({
      /** Registers the commands in this server only, at once (development); everywhere when left out. */
      guild: z
        .string()
        .regex(/^\d{15,21}$/, 'the id of a server, in quotes')
        .optional(),
      /** Which shards this process serves, of how many; Discord's own advice when left out. */
      shards: z.strictObject({ ids: z.array(z.int().min(0)).min(1), total: z.int().min(1) }).optional(),
    })
    .prefault({}),
  /** What an invitation is worth: to the invited at once, to who invited them for the first course that is kept for a day. */
  referral: z
    .strictObject({
      /** 0: no invitations. */
      percent: z.int().min(0).max(100).default(10),
      /** Days that the coupons are good for. */
      days: z.int().min(1).default(30),
    })
    .prefault({}),
  train: z
    .strictObject({
      /** Cron pattern of the nightly training, UTC. */
      schedule: z.string().refine(isCron, 'not a cron pattern of five fields such as 0 3 * * *').default('0 3 * * *'),
      /** New events after which training starts by itself. */
      afterEvents: z.int().min(1).default(500),
      seed: z.int().default(1),
      /** Minutes after which models that learn in rounds stop at the best they have found; the others take what they take. */
      budgetMinutes: z.number().positive().default(60),
      /** Settings of the hybrid, its `parts` as `coursebell tune` finds them; its defaults where left out. */
      config: z.record(z.string(), z.unknown()).superRefine(fitsHybrid).default({}),
    })
    .prefault({}),
  log: z.enum(['debug', 'info', 'warn', 'error']).default('warn'),
});

/** Keys of the hybrid that have a setting of their own. */
const ownSettings: Readonly<Record<string, string>> = { seed: 'train.seed', budgetSeconds: 'train.budgetMinutes' };

/** What is kept is what was written: defaults stay where they are, with the model. */
function fitsHybrid(config: Record<string, unknown>, context: z.RefinementCtx): void {
  const parsed = hybrid.config.safeParse(config);
  for (const { path, message } of parsed.error?.issues ?? [])
    context.addIssue({ code: 'custom', path: [...path], message });
  for (const key of Object.keys(config)) {
    const own = ownSettings[key];
    if (own) context.addIssue({ code: 'custom', path: [key], message: `set ${own} instead` });
  }
}

export type Settings = z.output<typeof schema> & {
  /** Folder of the embedded database and the rejects files. */
  folder: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** Tokens and addresses of the platforms; a channel without its token is off. */
  platforms: {
    telegramToken: string | undefined;
    /** Of a payment provider, for courses marked as physical or live. */
    telegramProviderToken: string | undefined;
    /** Root of a Bot API server of one's own; Telegram's when left out. */
    telegramApi: string | undefined;
    discordToken: string | undefined;
    /** Root of Discord's REST API; for tests. */
    discordApi: string | undefined;
  };
};

/** A setting that can not be used; the message names the key and the fix. */
export class SettingsError extends Error {}

/**
 * Reads `coursebell.config.json` of the working folder, if there is one, and the environment
 * (COURSEBELL_DATA, COURSEBELL_HOST, COURSEBELL_PORT, DATABASE_URL, REDIS_URL).
 *
 * @throws SettingsError for unknown keys and values out of range, each by name.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): Settings {
  const file = path.join(cwd, settingsFile);
  let values: Record<string, unknown> = {};
  if (fs.existsSync(file)) {
    try {
      values = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as Record<string, unknown>;
    } catch (cause) {
      throw new SettingsError(`${settingsFile} is not valid JSON: ${(cause as Error).message}`, { cause });
    }
  }
  const port = env['COURSEBELL_PORT'];
  if (port && !/^\d+$/.test(port)) {
    throw new SettingsError(`COURSEBELL_PORT: "${port}" is not a port; write a number such as 8788`);
  }
  if (env['COURSEBELL_HOST']) values = { ...values, host: env['COURSEBELL_HOST'] };
  if (port) values = { ...values, port: Number(port) };
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || settingsFile}: ${issue.message}`);
    throw new SettingsError(`These settings can not be used (${settingsFile} or environment):\n${problems.join('\n')}`);
  }
  return {
    ...parsed.data,
    folder: path.resolve(cwd, env['COURSEBELL_DATA'] || '.coursebell'),
    databaseUrl: env['DATABASE_URL'] || undefined,
    redisUrl: env['REDIS_URL'] || undefined,
    platforms: {
      telegramToken: env['TELEGRAM_BOT_TOKEN'] || undefined,
      telegramProviderToken: env['TELEGRAM_PROVIDER_TOKEN'] || undefined,
      telegramApi: env['TELEGRAM_API'] || undefined,
      discordToken: env['DISCORD_BOT_TOKEN'] || undefined,
      discordApi: env['DISCORD_API'] || undefined,
    },
  };
}
