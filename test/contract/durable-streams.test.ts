/** A conversation is a Durable Stream: the protocol's official client reads it in every mode, from any offset. */
import type { ConversationEvent } from '@continuo/protocol';
import { stream } from '@durable-streams/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import type { Device } from '../support/device.ts';
import { SOON } from '../support/patience.ts';

let deployment: Deployment;
let device: Device;

const TEXTS = Array.from({ length: 120 }, (_, index) => `message ${index + 1}`);

beforeAll(async () => {
  deployment = await startDeployment();
  device = await deployment.customer(TEXTS[0]);
  for (const text of TEXTS.slice(1)) await device.send(text);
});
afterAll(() => deployment.close());

const url = () => `${deployment.url}/v1/conversations/${device.conversationId}/events`;
const texts = (events: readonly ConversationEvent[]) =>
  events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
const seqs = (events: readonly ConversationEvent[]) => events.map((event) => event.seq);
const dense = (length: number, start = 1) => Array.from({ length }, (_, index) => start + index);

const open = (options: { offset?: string; live: boolean | 'long-poll' | 'sse' }) =>
  stream<ConversationEvent>({ url: url(), fetch: device.fetch, json: true, ...options });

/** With `live: false` the client reads one chunk: a reader goes on from its offset until it is up to date. */
const catchUp = async (offset?: string): Promise<ConversationEvent[]> => {
  const chunk = await open({ live: false, ...(offset ? { offset } : {}) });
  const events = await chunk.json();
  return chunk.upToDate ? events : [...events, ...(await catchUp(chunk.offset))];
};

test('catch-up reads the whole log, in order, dense', async () => {
  const events = await catchUp();
  expect(texts(events)).toEqual(TEXTS);
  expect(seqs(events)).toEqual(dense(events.length));
});

test('catch-up resumes from any offset', async () => {
  const all = await catchUp();
  for (const after of [0, 1, 49, 50, 51, all.length - 1, all.length]) {
    const offset = String(after).padStart(16, '0');
    const rest = await catchUp(offset);
    expect(seqs(rest)).toEqual(dense(all.length - after, after + 1));
  }
});

for (const live of ['long-poll', 'sse'] as const) {
  test(`${live} goes on where catch-up ended and hears what is written later`, async () => {
    const before = await catchUp();
    const reader = await open({ live });
    const got: ConversationEvent[] = [];
    const enough = new Promise<void>((resolve) => {
      reader.subscribeJson<ConversationEvent>(async ({ items }) => {
        got.push(...items);
        if (got.length >= before.length + 3) resolve();
      });
    });
    await expect.poll(() => got.length, SOON).toBe(before.length);
    for (const text of ['one', 'two', 'three']) await device.send(`${live} ${text}`);
    await enough;
    reader.cancel();
    expect(seqs(got)).toEqual(dense(before.length + 3));
    expect(texts(got.slice(-3))).toEqual([`${live} one`, `${live} two`, `${live} three`]);
  });

  test(`${live} resumes from the offset that the client kept`, async () => {
    const all = await catchUp();
    const offset = String(all.length - 2).padStart(16, '0');
    const reader = await open({ live, offset });
    const got: ConversationEvent[] = [];
    reader.subscribeJson<ConversationEvent>(async ({ items }) => {
      got.push(...items);
    });
    await expect.poll(() => seqs(got), SOON).toEqual([all.length - 1, all.length]);
    await expect.poll(() => reader.offset, SOON).toBe(String(all.length).padStart(16, '0'));
    reader.cancel();
  });
}

test('`now` starts at the tail, and HEAD tells where that is', async () => {
  const head = await device.fetch(url(), { method: 'HEAD' });
  expect(head.status).toBe(200);
  const tail = head.headers.get('stream-next-offset');
  const now = await device.fetch(`${url()}?offset=now`);
  expect(await now.json()).toEqual([]);
  expect(now.headers.get('stream-next-offset')).toBe(tail);
  expect(now.headers.get('stream-up-to-date')).toBe('true');
});

test('a malformed offset is refused with a problem document', async () => {
  for (const offset of ['abc', '12', '-2', '00000000000000001']) {
    const answer = await device.fetch(`${url()}?offset=${offset}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((await answer.json()).code).toBe('bad_request');
  }
});

test('a chunk that is not the last says so, and an unchanged one is not sent twice', async () => {
  const first = await device.fetch(`${url()}?offset=-1`);
  expect(first.headers.get('stream-up-to-date')).toBeNull();
  const etag = first.headers.get('etag');
  expect(etag).toBeTruthy();
  const again = await device.fetch(`${url()}?offset=-1`, { headers: { 'if-none-match': String(etag) } });
  expect(again.status).toBe(304);
});
