import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type PendingWebhook, WebhookSender } from './webhook-sender.ts';

const setUp = (
  answers: (number | Error)[],
  change: { pending?: PendingWebhook[]; url?: string | null } = {},
) => {
  const bodies: { timestamps: number[]; signed: string | null }[] = [];
  const answer: typeof fetch = async (_url, init) => {
    const body: { entry: { messaging: { timestamp: number }[] }[] } = JSON.parse(String(init?.body));
    bodies.push({
      timestamps: body.entry.flatMap(({ messaging }) => messaging.map(({ timestamp }) => timestamp)),
      signed: new Headers(init?.headers).get('x-hub-signature-256'),
    });
    const next = answers.shift() ?? 200;
    if (next instanceof Error) throw next;
    return new Response(null, { status: next });
  };
  const sender = new WebhookSender({
    target: () => (change.url === undefined ? 'http://localhost/hook' : change.url),
    secret: 'sesame',
    fetch: answer,
    now: () => 1,
    retryDelaysMs: [1000, 2000],
    timeoutMs: 1000,
    pending: change.pending ?? [],
    onChange: () => undefined,
  });
  const send = (timestamp: number) =>
    sender.send({ pageId: 'p', messaging: { sender: { id: '1' }, recipient: { id: 'p' }, timestamp } });
  const sent = () => bodies.map(({ timestamps }) => timestamps);
  return { sender, send, sent, bodies };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('sends each event once, in order, signed', async () => {
  const { send, sent, bodies, sender } = setUp([]);
  send(1);
  send(2);
  await sender.settled();
  expect(sent()).toEqual([[1], [2]]);
  expect(bodies[0]?.signed).toMatch(/^sha256=[0-9a-f]{64}$/);
});

test('a refused webhook is sent again, later ones go on meanwhile', async () => {
  const { send, sent, sender } = setUp([500]);
  send(1);
  send(2);
  await vi.advanceTimersByTimeAsync(999);
  expect(sent()).toEqual([[1], [2]]);
  expect(sender.pending()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  await sender.settled();
  expect(sent()).toEqual([[1], [2], [1]]);
  expect(sender.records().map(({ state }) => state)).toEqual(['done', 'done']);
});

test('gives up after the last retry, also where nothing answers', async () => {
  const { send, sent, sender } = setUp([new Error('refused'), 404, 503]);
  send(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent()).toHaveLength(3);
  expect(sender.records()).toMatchObject([{ state: 'given_up', attempts: 3, status: 503 }]);
  expect(sender.pending()).toEqual([]);
});

test('what was under way at the last stop is sent after the start', async () => {
  const first = setUp([500]);
  first.send(1);
  await vi.advanceTimersByTimeAsync(1);
  const pending = first.sender.pending();
  first.sender.close();
  const second = setUp([], { pending });
  await second.sender.settled();
  expect(second.sent()).toEqual([[1]]);
});

test('duplicates, batches and changes the order on request', async () => {
  const { send, sent, sender } = setUp([]);
  sender.setMode('duplicate', 1);
  send(1);
  sender.setMode('batch', 3);
  for (const timestamp of [2, 3, 4]) send(timestamp);
  sender.setMode('reorder', 2);
  for (const timestamp of [5, 6, 7]) send(timestamp);
  sender.setMode('batch', 9);
  send(8);
  sender.flush();
  await sender.settled();
  expect(sent()).toEqual([[1], [1], [2, 3, 4], [6], [5], [7], [8]]);
});

test('drops events while nothing is subscribed', async () => {
  const { send, sent, sender } = setUp([], { url: null });
  send(1);
  await sender.settled();
  expect(sent()).toEqual([]);
});
