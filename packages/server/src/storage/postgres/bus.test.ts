import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bus } from '../../nodes/bus.ts';
import { until } from '../../testing/until.ts';
import type { Store } from '../store.ts';
import { message, seedConversations } from '../testing/fixtures.ts';
import { createGate, type Gate } from '../testing/gate.ts';
import { createNodes, type Nodes } from '../testing/two-nodes.ts';
import { openPostgresBus, type PostgresBusOptions } from './bus.ts';

let nodes: Nodes;
let store: Store;
let gate: Gate;
let open: Bus[];

interface Heard {
  bus: Bus;
  messages: { message: unknown; from: string }[];
  gaps: number;
}

const listen = async (options: Partial<PostgresBusOptions> = {}): Promise<Heard> => {
  const bus = await openPostgresBus({ url: nodes.url, nodeId: randomUUID(), ...options });
  open.push(bus);
  const heard: Heard = { bus, messages: [], gaps: 0 };
  bus.listen({
    onMessage: (one, from) => heard.messages.push({ message: one, from }),
    onGap: () => {
      heard.gaps += 1;
    },
  });
  return heard;
};

beforeEach(async () => {
  open = [];
  nodes = await createNodes();
  gate = await createGate(nodes.url);
  store = await nodes.open();
});

afterEach(async () => {
  await Promise.all(open.map((bus) => bus.close()));
  await nodes.clear();
  await gate.close();
});

test('what one sends all others hear, in order, and itself not', async () => {
  const [one, two, three] = [await listen(), await listen(), await listen()];
  const sent = Array.from({ length: 500 }, (_, n) => ({ type: 'test', n, text: 'x'.repeat(n % 90) }));
  for (const item of sent.slice(0, 250)) one.bus.send(item);
  await until(() => expect(two.messages).toHaveLength(250));
  for (const item of sent.slice(250)) one.bus.send(item);
  for (const { messages } of [two, three]) {
    await until(() => expect(messages).toHaveLength(500));
    expect(messages).toEqual(sent.map((item) => ({ message: item, from: one.bus.nodeId })));
  }
  expect(one.messages).toEqual([]);
});

test('one who stopped listening hears no more, and one that throws disturbs nobody', async () => {
  const errors: unknown[] = [];
  const [one, two] = [await listen(), await listen({ onError: (error) => errors.push(error) })];
  const stopped = vi.fn();
  two.bus.listen({ onMessage: stopped, onGap: () => {} })();
  two.bus.listen({
    onMessage: () => {
      throw new Error('a bad listener');
    },
    onGap: () => {},
  });
  one.bus.send({ type: 'test' });
  await until(() => expect(two.messages).toHaveLength(1));
  expect(stopped).not.toHaveBeenCalled();
  expect(errors).toEqual([new Error('a bad listener')]);
});

test('a message that is too long is told of, and the others go on', async () => {
  const errors: unknown[] = [];
  const [one, two] = [await listen({ onError: (error) => errors.push(error) }), await listen()];
  one.bus.send({ type: 'test', text: 'x'.repeat(8000) });
  one.bus.send({ type: 'test', text: 'short' });
  await until(() => expect(two.messages).toHaveLength(1));
  expect(errors).toHaveLength(1);
});

test('what others say in words that nobody understands is told of, and the rest is heard', async () => {
  const errors: unknown[] = [];
  const [one, two] = [
    await listen({ onError: () => {} }),
    await listen({ onError: (error) => errors.push(error) }),
  ];
  for (const payload of ['no JSON', '{"from":1}']) {
    await store.write(({ db }) => sql`SELECT pg_notify('continuo', ${payload})`.execute(db));
  }
  one.bus.send({ type: 'test' });
  await until(() => expect(two.messages).toHaveLength(1));
  expect(errors).toHaveLength(2);
});

test('pointers to what a commit appended arrive when it can be read, and not before', async () => {
  const ids = Array.from({ length: 300 }, (_, n) => `cnv_${'x'.repeat(30)}_${n}`);
  await seedConversations(store, ids);
  const nodeId = randomUUID();
  const writer = await nodes.open({ nodeId });
  const { bus } = await listen();
  const reading: Promise<void>[] = [];
  const told = new Map<string, number>();
  const read = async (id: string, last: number): Promise<void> => {
    expect((await store.readHeads([id])).get(id)).toBeGreaterThanOrEqual(last);
  };
  bus.listen({
    onMessage(one, from) {
      expect(from).toBe(nodeId);
      expect(one).toMatchObject({ type: 'appended', pointers: expect.any(Array) });
      const { pointers } = one as { pointers: [string, number, number][] };
      for (const [id, first, last] of pointers) {
        expect(first).toBe((told.get(id) ?? 0) + 1);
        told.set(id, last);
        reading.push(read(id, last));
      }
    },
    onGap: () => {},
  });
  const append = (id: string, count: number) =>
    writer.write(
      (tx) =>
        tx.append(
          id,
          Array.from({ length: count }, () => message('hello')),
        ),
      [`conversation:${id}`],
    );
  await Promise.all(ids.flatMap((id, n) => [append(id, 1 + (n % 3)), append(id, 2)]));
  await until(() => expect([...told.values()].reduce((a, b) => a + b, 0)).toBe(300 * 4));
  await Promise.all(reading);
});

test('what a commit makes a node say goes out with the pointer to it', async () => {
  await seedConversations(store, ['cnv_a']);
  const nodeId = randomUUID();
  const bus = await openPostgresBus({ url: nodes.url, nodeId });
  open.push(bus);
  const node = await nodes.open({ nodeId, post: bus.post });
  const payloads: string[] = [];
  const client = new Client({ connectionString: nodes.url });
  client.on('notification', ({ payload = '' }) => payloads.push(payload));
  await client.connect();
  await client.query('LISTEN continuo');
  await node.write(
    async (tx) => {
      await tx.append('cnv_a', [message('hello')]);
      tx.afterCommit(() => setImmediate(() => bus.send({ type: 'test' })));
    },
    ['cnv_a'],
  );
  await until(() => expect(payloads).toHaveLength(1));
  await client.end();
  expect(JSON.parse(payloads[0] ?? '')).toEqual({
    from: nodeId,
    messages: [{ type: 'appended', pointers: [['cnv_a', 1, 1]] }, { type: 'test' }],
  });
});

test('nothing is told of what was undone, or appended nothing', async () => {
  await seedConversations(store, ['cnv_a']);
  const two = await listen();
  const undone = store.write(
    async (tx) => {
      await tx.append('cnv_a', [message('undone')]);
      throw new Error('on purpose');
    },
    ['cnv_a'],
  );
  await expect(undone).rejects.toThrow('on purpose');
  await store.write(({ db }) => db.updateTable('workspaces').set({ name: 'new' }).execute(), ['wsp_1']);
  await store.write((tx) => tx.append('cnv_a', [message('kept')]), ['cnv_a']);
  await until(() => expect(two.messages).toHaveLength(1));
  expect(two.messages[0]?.message).toEqual({ type: 'appended', pointers: [['cnv_a', 1, 1]] });
});

test('a connection that was lost comes back: listeners are told of the gap, and what waited is sent', async () => {
  const [one, two] = [await listen({ url: gate.url }), await listen()];
  gate.shut();
  two.bus.send({ type: 'missed' });
  one.bus.send({ type: 'late' });
  await until(() => expect(two.messages).toHaveLength(0));
  gate.open();
  await vi.waitFor(() => expect(one.gaps).toBe(1), { timeout: 10_000 });
  await vi.waitFor(() => expect(two.messages.at(-1)?.message).toEqual({ type: 'late' }), { timeout: 10_000 });
  two.bus.send({ type: 'again' });
  await until(() => expect(one.messages.at(-1)?.message).toEqual({ type: 'again' }));
  expect(two.gaps).toBe(0);
});

test('a backend that the server ends is a gap too', async () => {
  const one = await listen();
  await store.write(({ db }) =>
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`.execute(db),
  );
  await vi.waitFor(() => expect(one.gaps).toBe(1), { timeout: 10_000 });
});

test('a connection that went dead without a word is noticed', async () => {
  const one = await listen({ url: gate.url, checkInterval: 500 });
  gate.swallow('answers');
  await vi.waitFor(() => expect(gate.count()).toBe(0), { timeout: 20_000 });
  gate.open();
  await vi.waitFor(() => expect(one.gaps).toBeGreaterThan(0), { timeout: 20_000 });
});
