import { get, type IncomingMessage } from 'node:http';
import { type ConversationEvent, LIMITS, toOffset } from '@continuo/protocol';
import { stream as readStream } from '@durable-streams/client';
import { describe, expect, test, vi } from 'vitest';
import { until } from '../testing/until.ts';
import { ID, isUpToDate, range, seqsIn, seqsOf, useOneConversation } from './testing/one-conversation.ts';
import { readSse } from './testing/sse-reader.ts';

const { runtime, server, start, append, appendMany, ask, openStreams } = useOneConversation();

describe('SSE', () => {
  test('starts with the state of things, catches up over pages, and goes on live', async () => {
    await start();
    await appendMany(120);
    const response = await ask('?offset=-1&live=sse');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-from-hook')).toBe('kept');
    expect(response.headers.get('cache-control')).toContain('no-store');
    const sse = await readSse(response);
    const events = await sse.until(isUpToDate);
    expect(events.slice(0, 3).map(({ data }) => data)).toEqual([
      {
        type: 'positions',
        positions: { customerReceived: 0, customerRead: 0, agentReceived: 0, agentRead: 0 },
      },
      { type: 'assignee', agent: null },
      { type: 'customer', presence: 'away' },
    ]);
    expect(seqsIn(events)).toEqual(range(1, 120));
    const controls = events.filter(({ event }) => event === 'control').map(({ data }) => data);
    expect(controls).toMatchObject([
      { streamNextOffset: toOffset(50) },
      { streamNextOffset: toOffset(100) },
      { streamNextOffset: toOffset(120), upToDate: true },
    ]);
    expect(controls.map((control) => Object.hasOwn(Object(control), 'upToDate'))).toEqual([
      false,
      false,
      true,
    ]);

    await append('two\nlines', 'and \u2028 more');
    const live = await sse.until(isUpToDate);
    expect(live[0]?.data).toMatchObject([
      { seq: 121, text: 'two\nlines' },
      { seq: 122, text: 'and \u2028 more' },
    ]);
    runtime().hub.signal(ID, { type: 'typing', from: 'customer', agent: null, on: true }, 'agents');
    runtime().hub.signal(ID, { type: 'typing', from: 'agent', agent: null, on: true }, 'customer');
    runtime().hub.signal(ID, { type: 'typing', from: 'customer', agent: null, on: false }, 'all');
    expect(await sse.next()).toEqual({
      event: 'signal',
      data: { type: 'typing', from: 'customer', agent: null, on: true },
    });
    expect((await sse.next())?.data).toMatchObject({ on: false });
    await sse.cancel();
    await until(() => expect(openStreams()).toBe(0));
  });

  test('an empty stream and offset=now say at once that the reader is up to date', async () => {
    await start();
    const empty = await readSse(await ask('?offset=-1&live=sse'));
    expect((await empty.until(isUpToDate)).at(-1)?.data).toMatchObject({ streamNextOffset: toOffset(0) });
    await appendMany(3);
    const now = await readSse(await ask('?offset=now&live=sse'));
    const events = await now.until(isUpToDate);
    expect(events.at(-1)?.data).toMatchObject({ streamNextOffset: toOffset(3) });
    expect(seqsIn(events)).toEqual([]);
    await append('next');
    expect(seqsIn(await now.until(({ event }) => event === 'data'))).toEqual([4]);
    await Promise.all([empty.cancel(), now.cancel()]);
  });

  test('never skips and never repeats while much is written during the catch-up', async () => {
    await start();
    await appendMany(130);
    const writing = (async () => {
      for (let n = 0; n < 60; n += 1) await append(`during ${n}`);
    })();
    const readers = await Promise.all(
      [0, 1, 2, 3].map(async (after) => readSse(await ask(`?offset=${toOffset(after * 40)}&live=sse`))),
    );
    await writing;
    await append('the last');
    for (const [index, reader] of readers.entries()) {
      const seqs: number[] = [];
      while (seqs.at(-1) !== 191) seqs.push(...seqsIn(await reader.until(({ event }) => event === 'data')));
      expect(seqs).toEqual(range(index * 40 + 1, 191));
      await reader.cancel();
    }
  });

  test('makes up for news that was lost, and says nothing twice', async () => {
    await start();
    const sse = await readSse(await ask('?offset=-1&live=sse'));
    await sse.until(isUpToDate);
    vi.spyOn(runtime().hub, 'publishEvents').mockImplementation(() => {});
    const lost = await append('lost');
    vi.restoreAllMocks();
    const next = await append('next');
    expect(seqsIn(await sse.until(({ data }) => Object(data).streamNextOffset === toOffset(2)))).toEqual([
      1, 2,
    ]);
    runtime().hub.publishEvents(ID, lost);
    runtime().hub.publishEvents(ID, [...lost, ...next]);
    await append('last');
    expect(await sse.next()).toMatchObject({ event: 'data', data: [{ seq: 3 }] });
    await sse.cancel();
  });

  test('a slow reader of a long log gets all of it, a page at a time', async () => {
    await start();
    const text = 'x'.repeat(5000);
    await append(...Array.from({ length: 2400 }, () => text));
    const reads = vi.spyOn(runtime().store, 'readAfter');
    const response = await ask('?offset=-1&live=sse');
    let read = 0;
    const hasStopped = (): void => {
      const before = read;
      read = reads.mock.calls.length;
      expect(read).toBe(before);
    };
    await vi.waitFor(hasStopped, { interval: 50 });
    expect(read).toBeLessThan(2400 / LIMITS.pageSize);
    const sse = await readSse(response);
    expect(seqsIn(await sse.until(isUpToDate))).toEqual(range(1, 2400));
    await sse.cancel();
  });

  test('says that the session ended, or that the server drains, and closes', async () => {
    await start();
    const ended = await readSse(await ask('?offset=-1&live=sse'));
    await ended.until(isUpToDate);
    server().revoke();
    expect(await ended.next()).toEqual({ event: 'signal', data: { type: 'ended' } });
    expect(await ended.next()).toBeNull();
    await server().close();

    await start();
    const drained = await readSse(await ask('?offset=-1&live=sse'));
    await drained.until(isUpToDate);
    runtime().hub.streams.drain(30_000);
    expect(await drained.next()).toEqual({ event: 'signal', data: { type: 'drain', withinMs: 30_000 } });
    expect(await drained.next()).toBeNull();
    expect((await ask('?offset=-1&live=sse')).status).toBe(503);
  });

  test('a right that ended is not drawn out by reading slowly', async () => {
    await start();
    await append(...Array.from({ length: 600 }, () => 'x'.repeat(10_000)));
    const slow = await new Promise<IncomingMessage>((resolve) => {
      get(`${server().url}/${ID}/events?offset=-1&live=sse`, resolve);
    });
    slow.on('error', () => {});
    slow.pause();
    await until(() => expect(openStreams()).toBe(1));
    server().revoke();
    await until(() => expect(openStreams()).toBe(0));
    slow.destroy();
  });

  test('one shared timer beats every stream', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await start();
    const readers = await Promise.all([1, 2, 3].map(async () => readSse(await ask('?offset=-1&live=sse'))));
    for (const reader of readers) await reader.until(isUpToDate);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(20_000);
    for (const reader of readers) expect(await reader.next()).toEqual({ event: 'heartbeat', data: {} });
    for (const reader of readers) await reader.cancel();
    while (vi.getTimerCount() > 0) await new Promise((resolve) => setImmediate(resolve));
    vi.useRealTimers();
  });

  test('a reader that takes nothing in is cut off, and the server keeps little of what waited for it', async () => {
    await start();
    const slow = await new Promise<IncomingMessage>((resolve) => {
      get(`${server().url}/${ID}/events?offset=-1&live=sse`, resolve);
    });
    slow.on('error', () => {});
    slow.pause();
    await until(() => expect(openStreams()).toBe(1));
    const big = 'x'.repeat(200_000);
    for (let n = 0; n < 60 && openStreams() > 0; n += 1) await append(big);
    await until(() => expect(openStreams()).toBe(0));
    slow.destroy();
  });

  test('a reader who is gone before the stream begins leaves nothing behind', async () => {
    await start({ audience: 'customer', sessionId: 'ses_1' });
    const { store, hub } = runtime();
    const read = store.readAfter;
    const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    server().app.server.once('connection', (socket) => socket.once('close', () => gone.resolve()));
    vi.spyOn(store, 'readAfter').mockImplementationOnce(async (...range) => {
      asked.resolve();
      await gone.promise;
      return read(...range);
    });
    const listen = vi.spyOn(hub, 'listen');
    const leaving = new AbortController();
    const answer = ask('?offset=-1&live=sse', { signal: leaving.signal });
    await asked.promise;
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await until(() => {
      expect(listen).toHaveBeenCalledOnce();
      expect(hub.watched()).toEqual([]);
      expect(hub.streams.count().customer).toBe(0);
    });
  });

  test('a stream that is asked for while the server begins to stop is refused, and keeps nothing open', async () => {
    await start();
    const { hub } = runtime();
    const listen = hub.listen;
    vi.spyOn(hub, 'listen').mockImplementationOnce((id, listener) => {
      const unlisten = listen(id, listener);
      hub.streams.drain(1000);
      return unlisten;
    });
    expect((await ask('?offset=-1&live=sse')).status).toBe(503);
    expect([openStreams(), hub.watched()]).toEqual([0, []]);
  });

  test('agents hear that a colleague types, and not that they do', async () => {
    await start({ agentId: 'agt_a' });
    const sse = await readSse(await ask('?offset=-1&live=sse'));
    await sse.until(isUpToDate);
    for (const id of ['agt_a', 'agt_b']) {
      const agent = { id, name: id, pictureUrl: null, status: 'online' } as const;
      runtime().hub.signal(ID, { type: 'typing', from: 'agent', agent, on: true }, 'all');
    }
    expect((await sse.next())?.data).toMatchObject({ type: 'typing', agent: { id: 'agt_b' } });
    await sse.cancel();
  });

  test('a customer is present while a reader of theirs is connected', async () => {
    await start({ audience: 'customer', sessionId: 'ses_1' });
    expect(runtime().presence.of(ID)).toBe('away');
    const sse = await readSse(await ask('?offset=-1&live=sse'));
    await sse.until(isUpToDate);
    expect(runtime().presence.of(ID)).toBe('web');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await sse.cancel();
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(3_000);
    vi.useRealTimers();
    expect(runtime().presence.of(ID)).toBe('away');
  });
});

describe('the official client', () => {
  const read = async (live: true | false | 'long-poll' | 'sse', after: number) => {
    const cancelled = new AbortController();
    const response = await readStream<ConversationEvent>({
      url: `${server().url}/${ID}/events`,
      offset: toOffset(after),
      live,
      signal: cancelled.signal,
    });
    return { response, cancel: () => cancelled.abort() };
  };

  test('reads everything up to the end, over pages', async () => {
    await start();
    await appendMany(120);
    const { response } = await read(true, 5);
    expect(seqsOf(await response.json())).toEqual(range(6, 120));
    const { response: page } = await read(false, 100);
    expect(seqsOf(await page.json())).toEqual(range(101, 120));
  });

  test.each(['long-poll', 'sse'] as const)('resumes and stays live by %s', async (live) => {
    await start();
    await appendMany(60);
    const { response, cancel } = await read(live, 5);
    const seqs: number[] = [];
    response.subscribeJson(async (batch) => {
      seqs.push(...seqsOf(batch.items));
    });
    await until(() => expect(seqs.length).toBe(55));
    await append('live');
    await until(() => expect(seqs).toEqual(range(6, 61)));
    expect(response.offset).toBe(toOffset(61));
    cancel();
  });
});
