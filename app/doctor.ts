import type { Finding } from '../bots/bot.ts';
import type { Database } from '../prisma/connect.ts';
import { openDatabase } from './database.ts';
import { checkData } from './doctor/data.ts';
import { checkPlace } from './doctor/place.ts';
import { explain } from './explain.ts';
import { readSettings, SettingsError, type Settings } from './settings.ts';

/** What looks at a platform whose token is set. */
export type PlatformCheck = (settings: Settings) => Promise<Finding[]>;

export interface Examination {
  findings: Finding[];
  /** Whether nothing is wrong. */
  ok: boolean;
}

export interface DoctorOptions {
  env?: NodeJS.ProcessEnv;
  now?: Date;
  /** Takes what opening the database has to say. */
  log?: (line: string) => void;
  platforms: Readonly<Record<'telegram' | 'discord', PlatformCheck>>;
}

/** Looks at everything that an installation needs, beside a running server or without one. */
export async function examine({
  env = process.env,
  now = new Date(),
  log = () => {},
  platforms,
}: DoctorOptions): Promise<Examination> {
  let settings: Settings;
  try {
    settings = readSettings(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return examined([
      {
        what: 'Settings',
        state: 'wrong',
        found: error.message,
        fix: 'Correct these, then run this again: the rest was not looked at',
      },
    ]);
  }
  const [place, data, telegram, discord] = await Promise.all([
    checkPlace(settings),
    database(settings, now, log),
    platform('Telegram', 'TELEGRAM_BOT_TOKEN', settings.platforms.telegramToken, platforms.telegram, settings),
    platform('Discord', 'DISCORD_BOT_TOKEN', settings.platforms.discordToken, platforms.discord, settings),
  ]);
  return examined([...place, ...data, ...telegram, ...discord].map((finding) => withoutSecrets(finding, settings)));
}

const examined = (findings: Finding[]): Examination => ({
  findings,
  ok: findings.every(({ state }) => state !== 'wrong'),
});

async function database(settings: Settings, now: Date, log: (line: string) => void): Promise<Finding[]> {
  let db: Database | undefined;
  try {
    db = await openDatabase(settings, log);
    return await checkData(db, settings, now);
  } catch (error) {
    return [
      {
        what: 'Database',
        state: 'wrong',
        found: explain(error).split('\n')[0]!,
        fix: settings.databaseUrl
          ? 'See that the PostgreSQL of DATABASE_URL runs, and that its user may connect and create tables'
          : 'See that the data folder is whole; a backup of it, put in its place, brings everything back',
      },
    ];
  } finally {
    await db?.close();
  }
}

async function platform(
  name: string,
  variable: string,
  token: string | undefined,
  check: PlatformCheck,
  settings: Settings,
): Promise<Finding[]> {
  if (token === undefined)
    return [
      { what: name, state: 'off', found: `${variable} is not set`, fix: `Set it to have ${name}: see the README` },
    ];
  try {
    return await check(settings);
  } catch (error) {
    return [
      {
        what: name,
        state: 'wrong',
        found: `could not be looked at: ${(error as Error).message}`,
        fix: 'See whether this machine reaches the internet',
      },
    ];
  }
}

/** Messages of libraries and databases may hold the address that they were given. */
function withoutSecrets(finding: Finding, { platforms, databaseUrl, redisUrl }: Settings): Finding {
  const passwords = [databaseUrl, redisUrl].flatMap((url) => {
    const password = url && URL.canParse(url) ? new URL(url).password : '';
    return password ? [url!, password, decodeURIComponent(password)] : [];
  });
  const secrets = [platforms.telegramToken, platforms.telegramProviderToken, platforms.discordToken, ...passwords];
  const clean = (text: string) => {
    let cleaned = text;
    for (const secret of secrets) if (secret) cleaned = cleaned.replaceAll(secret, '[secret]');
    return cleaned;
  };
  return {
    ...finding,
    found: clean(finding.found),
    ...(finding.fix !== undefined && { fix: clean(finding.fix) }),
  };
}
