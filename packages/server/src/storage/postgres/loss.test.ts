import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../testing/until.ts';
import type { Store } from '../store.ts';
import { message, seedConversations } from '../testing/fixtures.ts';
import { createGate, type Gate } from '../testing/gate.ts';
import { createNodes, type Nodes } from '../testing/two-nodes.ts';
import { openReaders } from './readers.ts';

/* The connection to the database is lost. */

const SCOPE = ['conversation:cnv_a'];

let nodes: Nodes;
let gate: Gate;
/** Connected through the gate. */
let store: Store;
/** Connected past it. */
let other: Store;

beforeEach(async () => {
  nodes = await createNodes();
  gate = await createGate(nodes.url);
  store = await nodes.open({
    url: gate.url,
    pool: { lanes: 1 },
    limits: { wait: 2000, batch: 3000, silence: 1000 },
  });
  other = await nodes.open();
  await seedConversations(other, ['cnv_a', 'cnv_b']);
});

afterEach(async () => {
  gate.open();
  await nodes.clear();
  await gate.close();
});

const append = (text: string) => store.write((tx) => tx.append('cnv_a', [message(text)]), SCOPE);

const headOf = async (): Promise<number | undefined> => (await other.readHeads(['cnv_a'])).get('cnv_a');

/** As a customer's device does: the same id again is the same message. */
const send = (clientId: string, last: () => void = () => {}) =>
  store.write(async (tx) => {
    const found = await tx.findByClientId('cnv_a', clientId);
    const [event] = found
      ? [found.event]
      : await tx.append('cnv_a', [message('hello', clientId)], { clientId, hash: 'h' });
    last();
    return event?.seq;
  }, SCOPE);

test('connections that were lost while idle are made anew, unnoticed', async () => {
  await append('one');
  await store.readHeads(['cnv_a']);
  await other.write(({ db }) =>
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`.execute(db),
  );
  await append('two');
  await until(async () => expect((await store.readAfter('cnv_a', 0, 10))?.head).toBe(2));
});

test('units whose connection is lost under way run again, each once', async () => {
  let runs = 0;
  const events = await store.write(async (tx) => {
    runs += 1;
    const appended = await tx.append('cnv_a', [message('once')]);
    if (runs === 1) gate.shut();
    gate.open();
    await tx.findByClientId('cnv_a', 'x');
    return appended;
  }, SCOPE);
  expect(runs).toBe(2);
  expect(events).toMatchObject([{ seq: 1 }]);
  expect(await headOf()).toBe(1);
});

test('a commit whose answer is lost is never told as done, and sending again finds it', async () => {
  const sent = send('client-1', () => gate.swallow('answers'));
  await until(async () => expect(await headOf()).toBe(1));
  gate.shut();
  await expect(sent).rejects.toMatchObject({
    code: 'unavailable',
    details: { retryAfter: expect.any(Number) },
  });
  gate.open();
  expect(await send('client-1')).toBe(1);
  expect(await headOf()).toBe(1);
});

test('a commit that never arrived is not told as done either, and sending again makes up for it', async () => {
  const left = Promise.withResolvers<void>();
  const sent = send('client-1', () => {
    gate.swallow('questions');
    setImmediate(left.resolve);
  });
  await left.promise;
  gate.shut();
  await expect(sent).rejects.toMatchObject({ code: 'unavailable' });
  gate.open();
  expect(await headOf()).toBe(0);
  expect(await send('client-1')).toBe(1);
});

test('while the database is away writes and reads say so in time; when it is back they work', {
  timeout: 40_000,
}, async () => {
  gate.shut();
  const begun = performance.now();
  const ends = await Promise.allSettled([
    append('one'),
    store.write(async () => 'alone'),
    store.readAfter('cnv_a', 0, 10),
    store.db.selectFrom('events').selectAll().execute(),
  ]);
  expect(ends).toEqual(
    ends.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'unavailable' }) })),
  );
  expect(performance.now() - begun).toBeLessThan(30_000);
  gate.open();
  expect(await append('two')).toMatchObject([{ seq: 1 }]);
  expect((await store.readAfter('cnv_a', 0, 10))?.head).toBe(1);
});

test('a database that takes no more connections is one that is away', async () => {
  const role = `crowd_${randomUUID().replaceAll('-', '')}`;
  const alter = (words: string) => other.write(({ db }) => sql.raw(words).execute(db));
  await alter(`CREATE ROLE ${role} LOGIN PASSWORD 'crowd' CONNECTION LIMIT 0`);
  const url = new URL(nodes.url);
  url.username = role;
  url.password = 'crowd';
  const readers = openReaders(url.href, { max: 1, wait: 2000 });
  const look = () => readers.query({ text: 'SELECT 1 AS one' });
  await expect(look()).rejects.toMatchObject({ code: 'unavailable' });
  await alter(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
  expect((await look()).rows).toEqual([{ one: 1 }]);
  await readers.close();
  await alter(`DROP ROLE ${role}`);
});

test('a short absence is waited for', async () => {
  gate.shut();
  const waiting = append('patient');
  await until(async () => expect(await Promise.race([waiting, Promise.resolve('waits')])).toBe('waits'));
  gate.open();
  expect(await waiting).toMatchObject([{ seq: 1 }]);
});

test('a node that falls silent in the middle of a unit does not hold up the others', {
  timeout: 60_000,
}, async () => {
  const frozen = await nodes.open({ limits: { silence: 1000, batch: 60_000 } });
  const [entered, never] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const silent = frozen.write(async (tx) => {
    await tx.append('cnv_a', [message('late')]);
    entered.resolve();
    await never.promise;
    return tx.findByClientId('cnv_a', 'x');
  }, SCOPE);
  await entered.promise;
  const [event] = await other.write((tx) => tx.append('cnv_a', [message('kept')]), SCOPE);
  expect(event?.seq).toBe(1);
  never.resolve();
  // Its unit has run again, or its time was over.
  const [late] = await Promise.allSettled([silent]);
  expect(await headOf()).toBe(late.status === 'fulfilled' ? 2 : 1);
});

test('a database that goes dead without a word is given up in time', async () => {
  const patient = await nodes.open({ url: gate.url, limits: { wait: 1000, batch: 2000, silence: 60_000 } });
  const send = (text: string) => patient.write((tx) => tx.append('cnv_a', [message(text)]), SCOPE);
  await send('one');
  gate.swallow('answers');
  await expect(send('two')).rejects.toMatchObject({ code: 'unavailable' });
  gate.open();
  expect(await send('three')).toMatchObject([{ text: 'three' }]);
});
