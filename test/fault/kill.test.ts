/**
 * Invariant 1, against the `continuo` command in a process of its own: an acknowledged message survives kill -9, and is
 * never ahead of the disk.
 *
 * kill -9 leaves the machine's own caches alone, so it cannot prove anything of power loss. For that the write has to be
 * forced to the disk before the acknowledgement: the journal's mode is looked at here, `synchronous=FULL` and the order
 * of commit and answer in the store's own tests.
 */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConversationEvent } from '@continuo/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addBrandOn } from '../support/brand-on.ts';
import { createDevice, type Device } from '../support/device.ts';
import { createDice } from '../support/dice.ts';
import { SOON } from '../support/patience.ts';
import { createServerProcess, type ServerProcess } from '../support/server-process.ts';

const ROUNDS = 8;
const DEVICES = 8;
/** What the database may still grow by before the disk is full. */
const ROOM_BYTES = 500_000;

let server: ServerProcess;
let devices: Device[];
/** Acknowledged client ids, by device. */
let acknowledged: Map<Device, string[]>;

beforeAll(async () => {
  server = await createServerProcess(
    { CONTINUO_LOG_LEVEL: 'silent', CONTINUO_RATE_LIMITS: 'false' },
    'source',
  );
  const { channelKey } = await addBrandOn(server);
  await server.start();
  devices = await Promise.all(Array.from({ length: DEVICES }, () => createDevice(server.url)));
  for (const device of devices) expect((await device.open(channelKey)).status).toBe(201);
  acknowledged = new Map(devices.map((device) => [device, []]));
});
afterAll(() => server.dispose());

/** Sends one message after another until the server is gone. @returns how often it was refused */
const writeUntilGone = async (device: Device): Promise<number> => {
  let refused = 0;
  for (;;) {
    const clientId = randomUUID();
    try {
      const { status } = await device.send('kept', clientId);
      if (status === 201) acknowledged.get(device)?.push(clientId);
      else if (refused++ > 20) return refused;
    } catch {
      return refused;
    }
  }
};

/** The whole log over HTTP, page by page. */
const readAll = async (device: Device): Promise<ConversationEvent[]> => {
  const events: ConversationEvent[] = [];
  for (;;) {
    const offset = String(events.at(-1)?.seq ?? 0).padStart(16, '0');
    const path = `/v1/conversations/${device.conversationId}/events?offset=${offset}`;
    const { body, headers } = await device.request('GET', path);
    events.push(...body);
    if (headers.has('stream-up-to-date')) return events;
  }
};

const expectEverythingKept = async () => {
  for (const device of devices) {
    const events = await readAll(device);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const kept = events.flatMap((event) => (event.type === 'message' ? [event.clientId] : []));
    const promised = acknowledged.get(device) ?? [];
    expect(promised.filter((clientId) => !kept.includes(clientId))).toEqual([]);
    expect(new Set(kept).size).toBe(kept.length);
  }
};

const total = () => [...acknowledged.values()].reduce((sum, { length }) => sum + length, 0);

test('every acknowledged message is there after each of many kills, once, in a dense log', async () => {
  const dice = createDice(1);
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = total();
    const writing = devices.map(writeUntilGone);
    await expect.poll(total, SOON).toBeGreaterThan(before + 20);
    await wait(dice() * 250);
    await server.kill();
    await Promise.all(writing);
    await server.start();
    await expectEverythingKept();
  }
  expect(total()).toBeGreaterThan(ROUNDS * 20);
});

test('what is acknowledged is committed: another process reads it at once, from a database in WAL mode', async () => {
  const outside = new DatabaseSync(join(server.dataDir, 'continuo.db'), { readOnly: true });
  const find = outside.prepare('SELECT count(*) AS found FROM events WHERE client_id = ?');
  const writeAndLook = async (device: Device) => {
    for (let count = 0; count < 25; count += 1) {
      const clientId = randomUUID();
      expect((await device.send('kept', clientId)).status).toBe(201);
      expect(find.get(clientId)).toEqual({ found: 1 });
    }
  };
  await Promise.all(devices.map(writeAndLook));
  expect(outside.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  outside.close();
});

test('on a full disk nothing is acknowledged that is not kept, and all goes on when there is room', async () => {
  await server.stop();
  const { size } = await stat(join(server.dataDir, 'continuo.db'));
  await server.start({ fileBytes: size + ROOM_BYTES });
  const refusals = await Promise.all(devices.map(writeUntilGone));
  expect(Math.min(...refusals)).toBeGreaterThan(20);
  const stored = total();
  expect(stored).toBeGreaterThan(0);
  await expectEverythingKept();
  await server.kill();

  await server.start();
  await expectEverythingKept();
  for (const device of devices) expect((await device.send('There is room again')).status).toBe(201);
  await expectEverythingKept();
});
