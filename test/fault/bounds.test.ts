/**
 * Invariant 13: memory is bounded whatever a peer does. A reader that does not read, a body that does not end, a request
 * that never comes whole: each is cut off, the others notice nothing, and the server's memory stays where it is.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { LIMITS } from '@continuo/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addBrandOn } from '../support/brand-on.ts';
import { createDevice, type Device } from '../support/device.ts';
import { openStreams, residentMemory } from '../support/gauges.ts';
import { SOON } from '../support/patience.ts';
import { openRaw, type RawConnection, requestHead } from '../support/raw-connection.ts';
import { createServerProcess, type ServerProcess } from '../support/server-process.ts';

const MIB = 1024 * 1024;
/** What the process may grow by: far more than it does, far less than what is thrown at it. */
const GROWTH = 250 * MIB;
/** The longest that a request may take to come in whole is 30 s, its head 10 s; both are looked after every 5 s. */
const PATIENCE = { timeout: 90_000, interval: 500 };

let server: ServerProcess;
let channelKey: string;

beforeAll(async () => {
  server = await createServerProcess(
    { CONTINUO_LOG_LEVEL: 'silent', CONTINUO_RATE_LIMITS: 'false' },
    'source',
  );
  ({ channelKey } = await addBrandOn(server));
  await server.start();
});
afterAll(() => server?.dispose());

const openDevice = async (): Promise<Device> => {
  const device = await createDevice(server.url);
  expect((await device.open(channelKey)).status).toBe(201);
  return device;
};

const many = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

const expectNoGrowth = async (before: number) =>
  expect((await residentMemory(server.url)) - before).toBeLessThan(GROWTH);

const HEADERS = { host: 'x', 'content-type': 'application/json', 'continuo-version': '1' };
const POST = 'POST /v1/sessions';

describe('a reader that does not read', () => {
  const READERS = 16;
  const WRITERS = 16;
  const MESSAGES = 3200;
  /** 6,000 bytes each. */
  const TEXT = '語'.repeat(2000);

  /** Opens the conversation's stream, takes in its beginning, and then nothing more. */
  const openSlow = async (device: Device): Promise<RawConnection> => {
    const path = `/v1/conversations/${device.conversationId}/events?live=sse&offset=-1`;
    const raw = await openRaw(server.url);
    const { host } = new URL(server.url);
    raw.write(requestHead(`GET ${path}`, { host, ...(await device.headers('GET', server.url + path)) }));
    await expect.poll(raw.received, SOON).toContain('upToDate');
    raw.socket.pause();
    return raw;
  };
  const lastOffset = (raw: RawConnection) =>
    [...raw.received().matchAll(/"streamNextOffset":"(\d+)"/g)].at(-1)?.[1] ?? '-1';

  test('is cut off, resumes where it was, and others are unharmed', async () => {
    const device = await openDevice();
    await device.send('Hello');
    const before = await residentMemory(server.url);
    const healthy = await device.stream();
    const slow = await many(READERS, () => openSlow(device));
    await expect.poll(() => openStreams(server.url), SOON).toBe(READERS + 1);

    await many(WRITERS, async () => {
      for (let index = 0; index < MESSAGES / WRITERS; index += 1)
        expect((await device.send(TEXT)).status).toBe(201);
    });
    await expect.poll(() => openStreams(server.url), SOON).toBe(1);
    await expectNoGrowth(before);
    const seqs = () => healthy.events.filter(({ type }) => type === 'message').length;
    await expect.poll(seqs, SOON).toBe(MESSAGES + 1);
    expect(healthy.events.map(({ seq }) => seq)).toEqual(healthy.events.map((_, index) => index + 1));
    healthy.cancel();

    const [first] = slow;
    if (!first) throw new Error('there are slow readers');
    first.socket.resume();
    await first.closed;
    const head = healthy.events.at(-1)?.seq;
    const offset = lastOffset(first);
    expect(Number(offset)).toBeLessThan(head ?? 0);
    const resumed = await device.stream(offset);
    await expect.poll(() => resumed.events.at(-1)?.seq, SOON).toBe(head);
    expect(resumed.events[0]?.seq).toBe(Number(offset) + 1);
    expect(resumed.events.length).toBe((head ?? 0) - Number(offset));
    resumed.cancel();
    for (const { socket } of slow) socket.destroy();
  });
});

describe.concurrent('a request that is none', () => {
  const BODIES = 50;
  const CHUNK = 'x'.repeat(64 * 1024);
  /** Of each endless body so much is offered. */
  const OFFERED = 8 * MIB;

  /** Sends on as long as it is taken. @returns how many bytes were */
  const pour = async (raw: RawConnection, chunk: string): Promise<number> => {
    let poured = 0;
    while (!raw.isClosed() && poured < OFFERED) {
      const isTaken = new Promise((resolve) => raw.socket.write(chunk, resolve));
      await Promise.race([isTaken, raw.closed]);
      await turn();
      poured += chunk.length;
    }
    return poured;
  };

  test('bodies without end are refused, and their connections closed', async ({ expect }) => {
    const before = await residentMemory(server.url);
    const chunked = await many(BODIES, async () => {
      const raw = await openRaw(server.url);
      raw.write(requestHead(POST, { ...HEADERS, 'transfer-encoding': 'chunked' }));
      const poured = await pour(raw, `${CHUNK.length.toString(16)}\r\n${CHUNK}\r\n`);
      await raw.closed;
      return { poured, answer: raw.received() };
    });
    await expectNoGrowth(before);
    for (const { poured, answer } of chunked) {
      expect(poured).toBeLessThan(OFFERED);
      // The answer may be lost with the connection, when the peer goes on sending.
      if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    }

    const patient = await openRaw(server.url);
    patient.write(requestHead(POST, { ...HEADERS, 'transfer-encoding': 'chunked' }));
    const tooMuch = LIMITS.bodyBytes + 1;
    // Not a byte more: what the server has left unread when it closes would take its answer along.
    patient.write(`${tooMuch.toString(16)}\r\n${'x'.repeat(tooMuch)}`);
    await patient.closed;
    expect(patient.received()).toContain('"code":"too_large"');
  });

  test('a length that is a lie is refused', async ({ expect }) => {
    const long = await openRaw(server.url);
    long.write(requestHead(POST, { ...HEADERS, 'content-length': '99999999999' }));
    await long.closed;
    expect(long.received()).toMatch(/^HTTP\/1\.1 413 /);

    const short = await openRaw(server.url);
    short.write(`${requestHead(POST, { ...HEADERS, 'content-length': '2' })}{}${CHUNK}`);
    await short.closed;
    const statuses = [...short.received().matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses.length).toBeGreaterThan(0);
    for (const status of statuses) expect(['400', '401', '431']).toContain(status);
  });

  test('heads that never end, half-sent bodies and silent connections are cut off, and others are served', async ({
    expect,
  }) => {
    const SOCKETS = 500;
    const before = await residentMemory(server.url);
    const silent = await many(SOCKETS, () => openRaw(server.url));
    const half = await many(SOCKETS, async () => {
      const raw = await openRaw(server.url);
      raw.write(`${requestHead(POST, { ...HEADERS, 'content-length': '60000' })}{`);
      return raw;
    });
    const slow = await many(SOCKETS, async () => {
      const raw = await openRaw(server.url);
      raw.write('POST /v1/sessions HTTP/1.1\r\nhost: x\r\n');
      return raw;
    });
    const drip = setInterval(() => {
      for (const raw of slow) raw.write('x-a: b\r\n');
      for (const raw of half) raw.write(' ');
    }, 1000);

    const device = await openDevice();
    expect((await device.send('Meanwhile')).status).toBe(201);
    const all = [...silent, ...half, ...slow];
    const open = () => all.filter((raw) => !raw.isClosed()).length;
    await expect.poll(open, PATIENCE).toBe(0);
    clearInterval(drip);
    await expectNoGrowth(before);
    for (const raw of [...half, ...slow]) expect(raw.received()).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect((await device.send('And after')).status).toBe(201);
  });
});

test('a session holds 64 streams and no more', async () => {
  const device = await openDevice();
  const streams = await many(64, () => device.stream());
  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
  const path = `/v1/conversations/${device.conversationId}/events?live=sse&offset=-1`;
  const refused = await device.request('GET', path);
  expect(refused.problem).toMatchObject({ code: 'rate_limited', status: 429 });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  streams[0]?.cancel();
  await expect
    .poll(async () => {
      const stream = await device.stream();
      stream.cancel();
      return stream.status;
    }, SOON)
    .toBe(200);
  for (const stream of streams) stream.cancel();
});
