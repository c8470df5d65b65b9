import { expect, test } from 'vitest';
import { createApi } from '../api/api.ts';
import { readOn } from './reader.ts';

test('an abort ends the stream also where the platform forgot the signal of its request', async () => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    cancel() {
      isCancelled = true;
    },
  });
  const api = createApi({ baseUrl: 'https://chat.example', fetch: async () => new Response(body) });
  const attempt = new AbortController();
  const reading = readOn({
    api,
    path: '/v1/conversations/cnv_1/events',
    signal: attempt.signal,
    isPolling: false,
    offset: () => '-1',
    onAlive: () => {},
    onEvents: () => {},
    onSignal: () => {},
  });
  await expect.poll(() => body.locked, { timeout: 10_000 }).toBe(true);
  attempt.abort();
  expect(await reading).toBe(true);
  expect(isCancelled).toBe(true);
});
