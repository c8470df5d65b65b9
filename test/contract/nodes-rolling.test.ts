/** Servers are replaced one after another, and their tables grow, while customers write: nothing is lost or doubled. */

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Device } from '../support/device.ts';
import { type Node, type Nodes, requestAt, startNodes, streamAt } from '../support/nodes.ts';
import { SOON } from '../support/patience.ts';
import { openSse, type SseReader } from '../support/sse.ts';

const WRITERS = 8;
/** Milliseconds between two lines of one writer: enough to be under way at every moment, and little enough to be read back. */
const LINE_EVERY = 20;
/** Milliseconds for a test in which several servers start and stop, on a machine that is busy. */
const LONG = 180_000;

let nodes: Nodes;
beforeEach(async () => {
  nodes = await startNodes();
});
afterEach(() => nodes.close());

/** A customer who writes on and on, each line until it is acknowledged, to whichever server is there. */
const startWriter = (device: Device, live: readonly Node[]) => {
  const acknowledged: string[] = [];
  const failures: unknown[] = [];
  let open = true;

  const sendOnce = async (text: string, clientId: string, at: number): Promise<boolean> => {
    const node = live[at % live.length];
    if (!node) throw new Error('no server');
    try {
      const path = `/v1/conversations/${device.conversationId}/messages`;
      const { status } = await requestAt(node, device, { method: 'POST', path, body: { clientId, text } });
      if (status >= 500 && status !== 503) failures.push(status);
      return status === 200 || status === 201;
    } catch {
      // The server is on its way out.
      return false;
    }
  };

  const write = async () => {
    for (let line = 1; open; line += 1) {
      const clientId = randomUUID();
      let at = line;
      while (!(await sendOnce(`line ${line}`, clientId, at))) at += 1;
      acknowledged.push(`line ${line}`);
      await pause(LINE_EVERY);
    }
  };
  const writing = write();
  return {
    acknowledged,
    failures,
    async stop() {
      open = false;
      await writing;
    },
  };
};

/** Reads on and on, resuming at another server from its offset when its stream ends. */
const startReader = (device: Device, live: readonly Node[]) => {
  const events: SseReader['events'] = [];
  let open = true;
  let current: SseReader | null = null;
  let offset = '-1';
  const read = async () => {
    for (let at = 0; open; at += 1) {
      const node = live[at % live.length];
      if (!node) throw new Error('no server');
      current = await streamAt(node, device, offset).catch(() => null);
      await current?.ended;
      events.push(...(current?.events ?? []));
      offset = current?.offset ?? offset;
    }
  };
  const reading = read();
  return {
    events: () => [...events, ...(current && open ? current.events : [])],
    async stop() {
      open = false;
      current?.cancel();
      await reading;
    },
  };
};

const logOf = async ({ server }: Node, conversationId: string) => {
  const page = await server.runtime.store.readAfter(conversationId, 0, 100_000);
  return (page?.bodies ?? []).map((body) => JSON.parse(body));
};

const linesOf = (events: readonly { type: string; text?: unknown }[]) =>
  events.flatMap(({ type, text }) => (type === 'message' && String(text).startsWith('line') ? [text] : []));

/** Runs `change` while customers write and read, and looks at everything afterwards. */
const underLoad = async (live: Node[], change: (progress: () => Promise<void>) => Promise<void>) => {
  const devices = await Promise.all(Array.from({ length: WRITERS }, () => nodes.customer()));
  const writers = devices.map((device) => startWriter(device, live));
  const readers = devices.map((device) => startReader(device, live));
  /** Resolves when everyone has written some more. */
  const progress = async () => {
    const goals = writers.map(({ acknowledged }) => acknowledged.length + 5);
    await vi.waitFor(() => {
      for (const [index, { acknowledged }] of writers.entries())
        expect(acknowledged.length).toBeGreaterThan(goals[index] ?? 0);
    }, SOON);
  };
  await progress();
  await change(progress);
  await progress();
  await Promise.all(writers.map((writer) => writer.stop()));
  for (const [index, device] of devices.entries()) {
    const [first] = live;
    if (!first) throw new Error('no server');
    const log = await logOf(first, device.conversationId);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, at) => at + 1));
    expect(linesOf(log)).toEqual(writers[index]?.acknowledged);
    expect(writers[index]?.failures).toEqual([]);
    await vi.waitFor(() => expect(readers[index]?.events()).toEqual(log), SOON);
  }
  await Promise.all(readers.map((reader) => reader.stop()));
};

test('each server is replaced in turn', { timeout: LONG }, async () => {
  const live = [nodes.a, nodes.b];
  await underLoad(live, async (progress) => {
    for (const old of [nodes.a, nodes.b]) {
      live.push(await nodes.add());
      live.splice(live.indexOf(old), 1);
      await old.server.close();
      await progress();
    }
  });
});

test('old servers go on when a newer version has added to the tables', { timeout: LONG }, async () => {
  const pool = new Pool({ connectionString: nodes.database.url, max: 1 });
  const db = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) });
  try {
    await underLoad([nodes.a, nodes.b], async (progress) => {
      const { schema } = db;
      // What a migration may do: every table that is written to grows.
      const tables = ['conversations', 'sessions', 'identities', 'deliveries', 'inbound', 'agents', 'events'];
      for (const table of tables) {
        await schema.alterTable(table).addColumn('of_a_later_version', 'text').execute();
        await schema
          .alterTable(table)
          .addColumn('with_a_default', 'integer', (column) => column.notNull().defaultTo(7))
          .execute();
      }
      await schema.createTable('of_a_later_version').addColumn('id', 'text').execute();
      await progress();
    });
  } finally {
    await db.destroy();
  }
});

test('a server older than the tables is refused with plain words', async () => {
  const pool = new Pool({ connectionString: nodes.database.url, max: 1 });
  try {
    await pool.query("insert into kysely_migration values ('9999-later', '2100-01-01')");
    await expect(nodes.add()).rejects.toThrow(
      'the database was written by a newer version (it has 9999-later)',
    );
    // The one that was there before goes on.
    await nodes.customer('Hello');
  } finally {
    await pool.end();
  }
});

test('a customer whose server stops is not away while they come back elsewhere', async () => {
  const device = await nodes.customer();
  const sara = await nodes.signIn();
  const path = `${nodes.b.url}/v1/inbox/conversations/${device.conversationId}/events?live=sse&offset=-1`;
  const agent = await openSse(sara.fetch, path);
  const told = () => agent.signals.filter(({ type }) => type === 'customer').map(({ presence }) => presence);
  // What it is told of at first is read at a moment of its own.
  await vi.waitFor(() => expect(told()).toEqual(['away']), SOON);
  const stream = await streamAt(nodes.a, device);
  await vi.waitFor(() => expect(told().at(-1)).toBe('web'), SOON);
  await nodes.a.server.close();
  await stream.ended;
  expect(stream.signals.at(-1)).toMatchObject({ type: 'drain' });
  const again = await streamAt(nodes.b, device, stream.offset ?? '-1');
  const presence = nodes.b.server.runtime.presence;
  await vi.waitFor(() => expect(presence.here().web).toEqual([device.conversationId]), SOON);
  expect(told().slice(told().indexOf('web'))).toEqual(['web']);
  again.cancel();
  agent.cancel();
});
