import { type ConversationEvent, toOffset } from '@continuo/protocol';
import { describe, expect, test, vi } from 'vitest';
import { until } from '../testing/until.ts';
import { ID, isUpToDate, range, seqsIn, seqsOf, useOneConversation } from './testing/one-conversation.ts';
import { readSse } from './testing/sse-reader.ts';

const { runtime, server, start, append, appendMany, ask, openStreams } = useOneConversation();

describe('catch-up', () => {
  test('gives pages that join, and says where the reader is', async () => {
    await start();
    await appendMany(60);
    const first = await ask('');
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('application/json');
    expect(first.headers.get('cache-control')).toBe('private, no-store');
    expect(first.headers.get('x-from-hook')).toBe('kept');
    expect(first.headers.get('stream-next-offset')).toBe(toOffset(50));
    expect(first.headers.has('stream-up-to-date')).toBe(false);
    expect(seqsOf(await first.json())).toEqual(range(1, 50));

    const second = await ask(`?offset=${toOffset(50)}`);
    expect(seqsOf(await second.json())).toEqual(range(51, 60));
    expect(second.headers.get('stream-up-to-date')).toBe('true');

    const third = await ask(`?offset=${toOffset(60)}`);
    expect(await third.text()).toBe('[]');
    expect(third.headers.get('stream-next-offset')).toBe(toOffset(60));
    expect(third.headers.get('stream-up-to-date')).toBe('true');
  });

  test('offset=now skips what is there', async () => {
    await start();
    await appendMany(3);
    const answer = await ask('?offset=now');
    expect(await answer.text()).toBe('[]');
    expect(answer.headers.get('stream-next-offset')).toBe(toOffset(3));
    expect(answer.headers.get('stream-up-to-date')).toBe('true');
    expect(answer.headers.has('etag')).toBe(false);
  });

  test('the same page again is 304, and a page that grew is not', async () => {
    await start();
    await appendMany(2);
    const etag = (await ask('?offset=-1')).headers.get('etag') ?? '';
    const again = await ask('?offset=-1', { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    await append('more');
    const grown = await ask('?offset=-1', { headers: { 'if-none-match': etag } });
    expect(grown.status).toBe(200);
  });

  test.each([
    ['?offset=5'],
    ['?offset=0000000000000abc'],
    ['?offset='],
    [`?offset=${toOffset(99)}`],
    ['?offset=-1&offset=-1'],
    ['?live=sse'],
    ['?live=long-poll'],
    ['?offset=-1&live=websocket'],
  ])('refuses %s', async (query) => {
    await start();
    await appendMany(2);
    const answer = await ask(query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ code: 'bad_request' });
  });

  test('a conversation that does not exist is 404 in every mode', async () => {
    await start();
    for (const query of ['', '?offset=-1&live=sse', '?offset=-1&live=long-poll']) {
      expect((await fetch(`${server().url}/cnv_x/events${query}`)).status).toBe(404);
    }
    expect((await fetch(`${server().url}/cnv_x/events`, { method: 'HEAD' })).status).toBe(404);
  });

  test('HEAD tells where the end is', async () => {
    await start();
    await appendMany(7);
    const answer = await ask('', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('stream-next-offset')).toBe(toOffset(7));
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toContain('no-store');
  });
});

describe('what a customer may see', () => {
  const handoff = (step: 'offered' | 'refused') =>
    runtime().store.write((tx) =>
      tx.append(ID, [
        {
          type: 'handoff',
          handoffId: 'hnd_1',
          step,
          from: 'messenger',
          to: 'web',
          actor: { kind: 'system', id: null, name: null },
          reason: null,
          expiresAt: null,
        },
      ]),
    );

  test('begins after what the session may not see, in every mode', async () => {
    await start({ audience: 'customer', visibleAfter: 3 });
    await appendMany(5);
    expect(seqsOf(await (await ask('?offset=-1')).json())).toEqual([4, 5]);
    expect(seqsOf(await (await ask(`?offset=${toOffset(1)}`)).json())).toEqual([4, 5]);
    expect(seqsOf(await (await ask('?offset=-1&live=long-poll')).json())).toEqual([4, 5]);
    const sse = await readSse(await ask('?offset=-1&live=sse'));
    expect(seqsIn(await sse.until(isUpToDate))).toEqual([4, 5]);
    await sse.cancel();
  });

  test('hides steps of handoffs that are for agents, and keeps the numbers dense', async () => {
    await start({ audience: 'customer' });
    await append('a text with "type":"handoff" in it');
    await handoff('offered');
    await handoff('refused');
    const sse = await readSse(await ask('?offset=-1&live=sse'));
    const [data] = (await sse.until(isUpToDate)).filter(({ event }) => event === 'data');
    const types = (events: unknown): string[] =>
      Array.isArray(events) ? events.map((event: ConversationEvent) => event.type) : [];
    expect(types(data?.data)).toEqual(['message', 'handoff', 'hidden']);
    await handoff('refused');
    const [live] = await sse.until(({ event }) => event === 'data');
    expect(live?.data).toEqual([{ seq: 4, at: runtime().now(), type: 'hidden' }]);
    await sse.cancel();
  });
});

describe('long-poll', () => {
  test('gives at once what is there, and else waits for what comes', async () => {
    await start();
    await append('first');
    const present = await ask('?offset=-1&live=long-poll');
    expect(seqsOf(await present.json())).toEqual([1]);
    expect(present.headers.get('stream-cursor')).toMatch(/^\d+$/);

    const waiting = ask(`?offset=${toOffset(1)}&live=long-poll`);
    await until(() => expect(openStreams()).toBe(1));
    await append('second');
    const news = await waiting;
    expect(seqsOf(await news.json())).toEqual([2]);
    expect(news.headers.get('stream-next-offset')).toBe(toOffset(2));
    expect(openStreams()).toBe(0);
  });

  test('ends without content when nothing came', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await start();
    await append('first');
    const waiting = ask('?offset=now&live=long-poll&cursor=7');
    while (openStreams() === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(20_000);
    const answer = await waiting;
    vi.useRealTimers();
    expect(answer.status).toBe(204);
    expect(answer.headers.get('stream-next-offset')).toBe(toOffset(1));
    expect(answer.headers.get('stream-up-to-date')).toBe('true');
    expect(Number(answer.headers.get('stream-cursor'))).toBeGreaterThan(7);
  });

  test('ends when the reader loses its right, and when the server drains', async () => {
    await start();
    const revoked = ask('?offset=-1&live=long-poll');
    await until(() => expect(openStreams()).toBe(1));
    server().revoke();
    expect((await revoked).status).toBe(401);
    await server().close();

    await start();
    const drained = ask('?offset=-1&live=long-poll');
    await until(() => expect(openStreams()).toBe(1));
    runtime().hub.streams.drain(30_000);
    expect((await drained).status).toBe(204);
    expect((await ask('?offset=-1&live=long-poll')).status).toBe(503);
  });
});
