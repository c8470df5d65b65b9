/** Invariant 10, over HTTP: nothing is read or accepted on a session one second after it was revoked. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStopwatch } from '../../packages/server/src/testing/stopwatch.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import type { Answer, Device } from '../support/device.ts';
import { openSse, type SseReader } from '../support/sse.ts';

const SECOND = 1000;

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.close());

/** Everything that a customer's session opens: by what it does to the conversation. */
const requests = (device: Device): Promise<Answer>[] => {
  const base = `/v1/conversations/${device.conversationId}`;
  return [
    device.request('GET', '/v1/session'),
    device.request('GET', base),
    device.request('GET', `${base}/history`),
    device.request('GET', `${base}/events`),
    device.request('GET', `${base}/events?offset=-1&live=sse`),
    device.request('GET', `${base}/events?offset=now&live=long-poll`),
    device.send('Too late'),
    device.request('POST', `${base}/typing`, { on: true }),
    device.request('POST', `${base}/presence`, { visible: true }),
    device.request('POST', `${base}/receipts`, { read: 1 }),
    device.request('POST', `${base}/choice`, { choice: 'wait' }),
    device.request('GET', `${base}/search?q=late`),
    device.request('GET', `${base}/export`),
    device.request('POST', `${base}/erase`),
    device.request('DELETE', '/v1/session'),
  ];
};

const openStreams = async (device: Device) => {
  const longPoll = device.request(
    'GET',
    `/v1/conversations/${device.conversationId}/events?offset=now&live=long-poll`,
  );
  const streams = [await device.stream(), await device.stream('now')];
  return { longPoll, streams };
};

/** Checks that within a second on the stopwatch everything open has ended and every request is refused. */
const expectOver = async (
  device: Device,
  { longPoll, streams }: Awaited<ReturnType<typeof openStreams>>,
  stop: () => number,
) => {
  await Promise.all(streams.map(({ ended }) => ended));
  expect((await longPoll).problem).toMatchObject({ code: 'session_ended' });
  expect(stop()).toBeLessThan(SECOND);
  for (const { signals } of streams) expect(signals.at(-1)).toEqual({ type: 'ended' });
  for (const answer of await Promise.all(requests(device)))
    expect(answer.problem).toMatchObject({ status: 401, code: 'session_ended' });
};

const logOf = async (device: Device) =>
  (await deployment.server.runtime.store.readAfter(device.conversationId, 0, 100))?.bodies;

test('a device that logs out: its streams end at once, every request is refused', async () => {
  const device = await deployment.customer();
  const open = await openStreams(device);
  const before = await logOf(device);
  const stop = startStopwatch();
  expect((await device.request('DELETE', '/v1/session')).status).toBe(204);
  await expectOver(device, open, stop);
  expect(await logOf(device)).toEqual(before);
});

test('a session that another process revoked ends within a second', async () => {
  const device = await deployment.customer();
  const open = await openStreams(device);
  const other = new DatabaseSync(join(deployment.dataDir, 'continuo.db'), { timeout: 5000 });
  const stop = startStopwatch();
  other
    .prepare('UPDATE sessions SET revoked_at = ? WHERE conversation_id = ?')
    .run(Date.now(), device.conversationId);
  other.close();
  await expectOver(device, open, stop);
});

test('nothing that is said after the revocation reaches its streams', async () => {
  const device = await deployment.customer();
  const stream = await device.stream();
  const sara = await deployment.signIn();
  await device.request('DELETE', '/v1/session');
  await sara.reply(device.conversationId, 'For nobody there');
  await stream.ended;
  expect(JSON.stringify(stream.events)).not.toContain('For nobody there');
});

test('an agent who signs out: the inbox and open conversations end within a second, every request is refused', async () => {
  const device = await deployment.customer();
  const sara = await deployment.signIn();
  const path = `/v1/inbox/conversations/${device.conversationId}`;
  const streams: SseReader[] = [
    await sara.connect(),
    await openSse(sara.fetch, `${deployment.url}${path}/events?offset=-1&live=sse`),
  ];
  const stop = startStopwatch();
  expect((await sara.request('POST', '/v1/auth/sign-out')).status).toBe(204);
  await Promise.all(streams.map(({ ended }) => ended));
  expect(stop()).toBeLessThan(SECOND);
  for (const answer of await Promise.all([
    sara.request('GET', '/v1/inbox/me'),
    sara.view(device.conversationId),
    sara.request('GET', `${path}/events?offset=-1&live=sse`),
    sara.reply(device.conversationId, 'Too late'),
  ]))
    expect(answer.problem).toMatchObject({ status: 401, code: 'unauthorized' });
});
