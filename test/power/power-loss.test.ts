/**
 * Invariant 1 when the power fails: what the server has acknowledged is on the disk. Everything that the server writes,
 * syncs and sends is seen from outside, by strace. From that the disk is made as it would be found after the power had
 * failed at any moment: with what was synced, and with any part of the rest, down to sectors.
 *
 * Tests of their own (`npm run test:power`), because they need Linux, strace and the right to trace: nothing that npm
 * brings can see what SQLite asks of the system.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addBrandOn } from '../support/brand-on.ts';
import { createDevice, type Device } from '../support/device.ts';
import { createDice } from '../support/dice.ts';
import { SOON } from '../support/patience.ts';
import { createServerProcess, type ServerProcess } from '../support/server-process.ts';
import { createDisk, type Luck } from './disk.ts';
import { type Call, checkStrace, readTrace, straceCommand } from './strace.ts';

const DEVICES = 8;
/** Messages of each device in one round. There are as many rounds as SQLite needs to carry its log over into the database. */
const MESSAGES = 60;
/** Moments at which the power fails. */
const FAILURES = 25;

let server: ServerProcess;
let scratch: string;
let before: Map<string, Buffer>;
let calls: Call[];
/** Messages that were answered with 201. */
let written: number;
/** Client ids in the order of their acknowledgements, and where in `calls` each left. */
let acknowledged: { clientId: string; place: number }[];

const readFolder = async (folder: string): Promise<Map<string, Buffer>> => {
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
  const read = files.map(
    async ({ name }) => [join(folder, name), await readFile(join(folder, name))] as const,
  );
  return new Map(await Promise.all(read));
};

const writeMuch = async (devices: readonly Device[]): Promise<string[]> => {
  const sent = devices.map(async (device) => {
    const ids = Array.from({ length: MESSAGES }, () => randomUUID());
    for (const id of ids) expect((await device.send('kept', id)).status).toBe(201);
    return ids;
  });
  return (await Promise.all(sent)).flat();
};

beforeAll(async () => {
  await checkStrace();
  scratch = await mkdtemp(join(tmpdir(), 'continuo-power-'));
  server = await createServerProcess(
    { CONTINUO_LOG_LEVEL: 'silent', CONTINUO_RATE_LIMITS: 'false' },
    'source',
  );
  const { channelKey } = await addBrandOn(server);
  before = await readFolder(server.dataDir);
  const trace = join(scratch, 'trace');
  await server.start({ under: straceCommand(trace) });
  const devices = await Promise.all(Array.from({ length: DEVICES }, () => createDevice(server.url)));
  for (const device of devices) expect((await device.open(channelKey)).status).toBe(201);
  const changedAt = async () => (await stat(join(server.dataDir, 'continuo.db'))).mtimeMs;
  const startedAt = await changedAt();
  const ids: string[] = [];
  do ids.push(...(await writeMuch(devices)));
  while ((await changedAt()) === startedAt);
  written = ids.length;
  await server.kill();
  const isOver = async () => (await readFile(trace, 'latin1')).includes('killed by SIGKILL');
  await vi.waitUntil(isOver, SOON);
  calls = await readTrace(trace);
  const sent = calls.flatMap((call, place) =>
    call.do === 'send' ? { place, text: call.data.toString() } : [],
  );
  acknowledged = ids
    .map((clientId) => ({
      clientId,
      place: sent.find(({ text }) => text.includes(clientId))?.place ?? Number.NaN,
    }))
    .sort((one, other) => one.place - other.place);
});
afterAll(async () => {
  await server?.dispose();
  if (scratch) await rm(scratch, { recursive: true, force: true });
});

const isLog = (call: Call): boolean => call.do !== 'send' && call.path.endsWith('.db-wal');
/** What another process could not read anyway: SQLite makes it anew after a failure. */
const isShared = (call: Call): boolean => call.do !== 'send' && call.path.endsWith('.db-shm');

/** Client ids that the database found after a failure holds. @throws where it is broken */
const idsIn = async (survivors: ReadonlyMap<string, Buffer>): Promise<Set<string>> => {
  const folder = await mkdtemp(join(scratch, 'found-'));
  for (const [path, bytes] of survivors) await writeFile(join(folder, basename(path)), bytes);
  const db = new DatabaseSync(join(folder, 'continuo.db'));
  try {
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const holes = db.prepare(
      `SELECT id, head FROM conversations WHERE head <> (SELECT count(*) FROM events WHERE conversation_id = id)
       OR head <> (SELECT coalesce(max(seq), 0) FROM events WHERE conversation_id = id)`,
    );
    expect(holes.all()).toEqual([]);
    const rows = db.prepare('SELECT client_id FROM events WHERE client_id IS NOT NULL').all();
    return new Set(rows.map((row) => String(row.client_id)));
  } finally {
    db.close();
    await rm(folder, { recursive: true });
  }
};

const LUCK: ((dice: () => number) => Luck)[] = [
  // Nothing but what was synced.
  () => () => false,
  // Any part of the rest.
  (dice) => () => dice() < 0.5,
  // All of it but a few sectors.
  (dice) => () => dice() < 0.95,
];

/** Fails the power at moments in the course of `traced`. @returns what was acknowledged and is lost, or how the database is broken */
const failPower = async (traced: readonly Call[], seed: number): Promise<string[]> => {
  const dice = createDice(seed);
  const moments = Array.from({ length: FAILURES }, () => Math.floor(dice() * traced.length));
  moments.push(traced.length - 1);
  const disk = createDisk(server.dataDir, before);
  const ids = new Map(acknowledged.map(({ clientId, place }) => [calls[place], clientId]));
  const promised: string[] = [];
  const lost: string[] = [];
  for (const [place, call] of traced.entries()) {
    if (!isShared(call)) disk.apply(call);
    const id = ids.get(call);
    if (id !== undefined) promised.push(id);
    if (!moments.includes(place)) continue;
    for (const luck of LUCK) {
      const found = await idsIn(disk.survivors(luck(dice))).catch((error: unknown) => String(error));
      if (typeof found === 'string') lost.push(found);
      else lost.push(...promised.filter((clientId) => !found.has(clientId)));
    }
  }
  return lost;
};

test('every acknowledgement leaves after its message was written to the log and the log was synced', () => {
  const writes = calls.flatMap((call, place) =>
    isLog(call) && call.do === 'write' ? { place, data: call.data } : [],
  );
  const syncs = calls.flatMap((call, place) => (isLog(call) && call.do === 'sync' ? place : []));
  expect(acknowledged.filter(({ place }) => place >= 0)).toHaveLength(written);
  for (const { clientId, place } of acknowledged) {
    const logged = writes.find(({ data }) => data.includes(clientId))?.place ?? Number.NaN;
    const synced = syncs.find((sync) => sync > logged) ?? Number.NaN;
    const isInOrder = logged < synced && synced < place;
    expect({ clientId, logged, synced, place, isInOrder }).toMatchObject({ isInOrder: true });
  }
  console.info(`${acknowledged.length} acknowledgements, ${syncs.length} syncs of the log`);
});

test('whenever the power fails, every acknowledged message is there, and the database is whole', async () => {
  // The log was carried over meanwhile: the part that is hardest to get right.
  const carried = calls.some((call) => call.do === 'write' && call.path.endsWith('.db'));
  expect(carried).toBe(true);
  expect(await failPower(calls, 1)).toEqual([]);
});

test('the simulation sees it when a server does not sync: with synchronous=NORMAL acknowledged messages are lost', async () => {
  // What NORMAL leaves out: the sync of the log at each commit. It is still synced before it is carried over.
  const files = calls.filter((call) => call.do !== 'send' && !isShared(call));
  const next = new Map(files.map((call, index) => [call, files[index + 1]]));
  const isCarrying = (call: Call | undefined) => call?.do === 'write' && call.path.endsWith('.db');
  const normal = calls.filter((call) => !(isLog(call) && call.do === 'sync' && !isCarrying(next.get(call))));
  const lost = await failPower(normal, 1);
  expect(lost.length).toBeGreaterThan(0);
});
