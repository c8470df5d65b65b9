/**
 * What an operator does to keep a deployment and to grow it, against the command line: a customer's session outlives all
 * of it.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, loadConfig, type Server } from '@continuo/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProgram } from '../../packages/server/src/cli/program.ts';
import { createTestDatabase, type TestDatabase } from '../../packages/server/src/storage/testing/postgres.ts';
import { signInAgent } from '../support/agent-client.ts';
import { createDevice, type Device } from '../support/device.ts';
import { freePort } from '../support/server-process.ts';

const AGENT = { email: 'sara@nimbus.example', password: 'correct horse battery staple' };

let folder: string;
let dataDir: string;
let environment: Record<string, string>;
let url: string;
let servers: Server[];
let databases: TestDatabase[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-operations-'));
  dataDir = join(folder, 'data');
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  environment = {
    CONTINUO_PORT: String(port),
    CONTINUO_HOST: '127.0.0.1',
    CONTINUO_PUBLIC_URL: url,
    CONTINUO_DATA_DIR: dataDir,
    CONTINUO_LOG_LEVEL: 'silent',
    CONTINUO_RATE_LIMITS: 'false',
  };
  servers = [];
  databases = [];
});
afterEach(async () => {
  for (const server of servers) await server.close();
  for (const database of databases) await database.drop();
  await rm(folder, { recursive: true });
});

/** `continuo …`; gives what it printed. */
const continuo = async (args: string[], more: Record<string, string> = {}): Promise<string[]> => {
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  const world = {
    env: { ...environment, ...more },
    readInput: async () => AGENT.password,
    print,
    printError: print,
  };
  await createProgram(world).parseAsync(['node', 'continuo', ...args]);
  return printed;
};

const serve = async (more: Record<string, string> = {}): Promise<Server> => {
  const server = await createServer(loadConfig({ ...environment, ...more }));
  servers.push(server);
  await server.listen();
  return server;
};

const makeDatabase = async (): Promise<string> => {
  const database = await createTestDatabase();
  databases.push(database);
  return database.url;
};

/** A brand, made by the command line. @returns the web channel's key */
const addBrand = async (more: Record<string, string> = {}): Promise<string> => {
  const [workspace = ''] = await continuo(['workspace', 'add', '--name', 'Nimbus'], more);
  const of = ['--workspace', workspace, '--name'];
  const [key = ''] = await continuo(['channel', 'add', 'web', ...of, 'Site'], more);
  await continuo(['agent', 'add', ...of, 'Sara', '--email', AGENT.email, '--password-stdin'], more);
  return key;
};

const texts = async (device: Device): Promise<string[]> => {
  const { body } = await device.request('GET', `/v1/conversations/${device.conversationId}/events?offset=-1`);
  return body.flatMap((event: { type: string; text: string }) =>
    event.type === 'message' ? [event.text] : [],
  );
};

const beginConversation = async (channelKey: string): Promise<Device> => {
  const device = await createDevice(url);
  expect((await device.open(channelKey)).status).toBe(201);
  expect((await device.send('one')).status).toBe(201);
  return device;
};

test('a backup of a running server brings its customers and agents back', async () => {
  const channelKey = await addBrand();
  const server = await serve();
  const device = await beginConversation(channelKey);
  const backup = join(folder, 'backup');
  expect((await continuo(['backup', backup])).at(-1)).toMatch(
    /^backed up and checked: 1 conversations, \d+ events/,
  );
  expect((await device.send('after the backup')).status).toBe(201);
  await expect(continuo(['restore', backup, '--force'])).rejects.toThrow('stop it first');
  expect(await texts(device)).toEqual(['one', 'after the backup']);

  await server.close();
  await expect(continuo(['restore', backup])).rejects.toThrow('With --force it is replaced');
  expect((await continuo(['restore', backup, '--force'])).join()).toContain('restored as of');
  await serve();
  expect(await texts(device)).toEqual(['one']);
  expect((await device.send('two')).status).toBe(201);
  expect(await texts(device)).toEqual(['one', 'two']);
  await signInAgent(url, AGENT);
  expect((await readdir(dataDir)).some((name) => name.startsWith('before-restore-'))).toBe(true);
});

test('a grown brand moves to PostgreSQL, and nobody has to sign in again', async () => {
  const channelKey = await addBrand();
  const server = await serve();
  const device = await beginConversation(channelKey);
  const { body: before } = await device.send('two');
  const grown = { CONTINUO_DATABASE_URL: await makeDatabase() };
  await expect(continuo(['import', '--to', 'postgres'], grown)).rejects.toThrow('stop it first');
  await server.close();

  const printed = await continuo(['import', '--to', 'postgres'], grown);
  expect(printed.at(-2)).toMatch(/^imported: \d+ tables, \d+ rows, each compared$/);
  expect(printed.filter((line) => line.startsWith('same ')).length).toBeGreaterThan(12);
  await expect(continuo(['import', '--to', 'postgres'], grown)).rejects.toThrow('The target is not empty');

  await serve(grown);
  const { status, body } = await device.send('three');
  expect(status).toBe(201);
  expect(body.event.seq).toBe(before.event.seq + 1);
  expect(await texts(device)).toEqual(['one', 'two', 'three']);
  await signInAgent(url, AGENT);
});

test.each(['embedded', 'PostgreSQL'])(
  'on %s, migrate tells what is to be done, does it, and then nothing',
  async (engine) => {
    const more: Record<string, string> =
      engine === 'PostgreSQL' ? { CONTINUO_DATABASE_URL: await makeDatabase() } : {};
    const pending = await continuo(['migrate', '--check'], more).catch((error: Error) => error.message);
    expect(pending).toContain('0001-initial');
    expect(pending).toContain('auth_users (accounts)');
    expect(await continuo(['migrate'], more)).toContain('done: 0001-initial');
    for (const args of [['migrate', '--check'], ['migrate']]) {
      expect(await continuo(args, more)).toEqual(['nothing to do: the tables are up to date']);
    }
    await addBrand(more);
  },
);

test('on PostgreSQL, backup and restore say what to use instead', async () => {
  const more = { CONTINUO_DATABASE_URL: 'postgres://continuo:a-secret@nowhere.invalid/continuo' };
  await expect(continuo(['backup', join(folder, 'x')], more)).rejects.toThrow('pg_dump --format=custom');
  await expect(continuo(['restore', join(folder, 'x')], more)).rejects.toThrow('pg_restore --exit-on-error');
  const secret = continuo(['import', '--to', more.CONTINUO_DATABASE_URL]);
  await expect(secret).rejects.toThrow('would show in the list of processes');
  await expect(secret).rejects.not.toThrow('a-secret');
});

test('the store of files is tried out', async () => {
  expect(await continuo(['files', 'check'])).toEqual(['files can be stored, read and deleted']);
  const s3 = { CONTINUO_FILES_URL: 's3://files/brand?endpoint=http://127.0.0.1:1' };
  await expect(continuo(['files', 'check'], s3)).rejects.toThrow('AWS_ACCESS_KEY_ID is missing');
});
