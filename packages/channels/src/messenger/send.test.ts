import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NetworkContext, OutboundMessage } from '../adapter.ts';
import { messenger } from './messenger.ts';

const config = {
  pageId: '7001',
  pageAccessToken: 'EAAG-secret-token',
  appSecret: 'sesame',
  verifyToken: 'v',
  pageUsername: 'nimbus',
};
const account = messenger.account(config);
const message: OutboundMessage = {
  to: '24',
  text: 'Your bag is on its way',
  metadata: 'continuo:c1',
  window: { state: 'standard', until: 1 },
};

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** A Graph of our own, in this process. */
let graph: Server;
let apiUrl: string;
let seen: Seen[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  seen = [];
  answer = (response) => response.end(JSON.stringify({ recipient_id: '24', message_id: 'm_99' }));
  graph = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: text === '' ? null : JSON.parse(text) });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve));
  const address = graph.address();
  if (typeof address !== 'object' || address === null) throw new Error('the graph does not listen');
  apiUrl = `http://127.0.0.1:${address.port}/v25.0`;
});

afterEach(() => {
  graph.closeAllConnections();
  graph.close();
});

const context = (signal = AbortSignal.timeout(5000)): NetworkContext => ({ apiUrl, fetch, signal });
const refuse = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  answer = (response) => response.writeHead(status, headers).end(JSON.stringify(body));
};

test('a text goes out as Meta asks for it, the token in a header', async () => {
  expect(await account.send(message, context())).toEqual({ outcome: 'sent', messageId: 'm_99' });
  expect(seen).toMatchObject([
    {
      method: 'POST',
      url: '/v25.0/7001/messages',
      headers: { authorization: 'Bearer EAAG-secret-token', 'content-type': 'application/json' },
      body: {
        recipient: { id: '24' },
        messaging_type: 'RESPONSE',
        message: { text: 'Your bag is on its way', metadata: 'continuo:c1' },
      },
    },
  ]);
  expect(seen[0]?.body).not.toHaveProperty('tag');
});

test('within the 7 days for people it carries the tag', async () => {
  await account.send({ ...message, window: { state: 'human_agent', until: 1 } }, context());
  expect(seen[0]?.body).toMatchObject({ messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' });
});

test('a link is a button under the text', async () => {
  const link = { url: 'https://brand.example/#continuo=abc', title: 'Continue on our website' };
  await account.send({ ...message, link }, context());
  expect(seen[0]?.body).toMatchObject({
    message: {
      attachment: {
        type: 'template',
        payload: {
          template_type: 'button',
          text: message.text,
          buttons: [{ type: 'web_url', url: link.url, title: 'Continue on our web…' }],
        },
      },
      metadata: 'continuo:c1',
    },
  });
});

test('choices are quick replies; a long title is shown as cut', async () => {
  const choices = [
    { title: 'Wait for Wilhelmina-Charlotte', payload: 'wait' },
    { title: '🧳'.repeat(11), payload: 'other' },
  ];
  await account.send({ ...message, choices }, context());
  expect(seen[0]?.body).toMatchObject({
    message: {
      text: message.text,
      quick_replies: [
        { content_type: 'text', title: 'Wait for Wilhelmina…', payload: 'wait' },
        { content_type: 'text', title: `${'🧳'.repeat(9)}…`, payload: 'other' },
      ],
    },
  });
});

test.each<[string, Partial<OutboundMessage>]>([
  ['a text beyond 2000 characters', { text: 'x'.repeat(2001) }],
  [
    'a text beyond 640 above a button',
    { text: 'x'.repeat(641), link: { url: 'https://a.example', title: 'Go' } },
  ],
  ['an empty text', { text: ' \n' }],
  [
    'a fourteenth choice',
    { choices: Array.from({ length: 14 }, (_, n) => ({ title: `${n}`, payload: `${n}` })) },
  ],
])('%s is rejected before it is sent', async (_name, change) => {
  expect(await account.send({ ...message, ...change }, context())).toMatchObject({
    outcome: 'failed',
    error: { code: 'rejected' },
    retry: false,
  });
  expect(seen).toEqual([]);
});

test.each([
  [400, { code: 10, error_subcode: 2018278 }, 'window_closed', false],
  [400, { code: 551, error_subcode: 1545041 }, 'blocked', false],
  [400, { code: 200, error_subcode: 1545041 }, 'blocked', false],
  [400, { code: 100, error_subcode: 2018001 }, 'blocked', false],
  [401, { code: 190 }, 'unauthorized', false],
  [403, { code: 10 }, 'unauthorized', false],
  [403, { code: 230 }, 'unauthorized', false],
  [400, { code: 100 }, 'rejected', false],
  [400, { code: 613 }, 'rate_limited', true],
  [400, { code: 4 }, 'rate_limited', true],
  [403, { code: 32 }, 'rate_limited', true],
  [500, { code: 1200 }, 'network', true],
  [500, { code: 190 }, 'unauthorized', false],
])('status %i with %j is %s', async (status, error, ...[code, retry]) => {
  refuse(status, { error: { message: 'told by Meta', type: 'OAuthException', ...error } });
  const result = await account.send(message, context());
  expect(result).toMatchObject({ outcome: 'failed', error: { code }, retry });
  expect(result).toMatchObject({
    error: { message: expect.stringContaining(`told by Meta (${error.code}`) },
  });
});

test.each([
  [500, { error: { message: 'unexpected', code: 2, is_transient: true } }],
  [400, { error: { message: 'unknown', code: 1 } }],
  [503, { error: { message: 'who knows', code: 4711 } }],
  [502, 'Bad Gateway'],
  [200, { ok: true }],
])('status %i with %j leaves it unknown', async (status, body) => {
  refuse(status, body);
  expect((await account.send(message, context())).outcome).toBe('unknown');
});

test('how long Meta asks to wait is passed on', async () => {
  refuse(429, {}, { 'retry-after': '17' });
  expect(await account.send(message, context())).toMatchObject({
    outcome: 'failed',
    error: { code: 'rate_limited' },
    retry: true,
    retryAfterMs: 17_000,
  });
});

test('a redirect is not followed: the token stays where it belongs', async () => {
  refuse(307, {}, { location: `${apiUrl}/elsewhere` });
  expect(await account.send(message, context())).toMatchObject({ outcome: 'failed', retry: false });
  expect(seen).toHaveLength(1);
});

test('a connection cut after the request leaves it unknown', async () => {
  answer = (response) => response.destroy();
  expect((await account.send(message, context())).outcome).toBe('unknown');
  expect(seen).toHaveLength(1);
});

test('an answer cut in the middle leaves it unknown', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"message_id":', () => response.destroy());
  };
  expect((await account.send(message, context())).outcome).toBe('unknown');
});

test('no answer in time leaves it unknown', async () => {
  const stop = new AbortController();
  answer = () => stop.abort();
  expect((await account.send(message, context(stop.signal))).outcome).toBe('unknown');
});

test('nobody listening means that it was not sent', async () => {
  graph.close();
  const result = await account.send(message, context());
  expect(result).toMatchObject({ outcome: 'failed', error: { code: 'network' }, retry: true });
});

test('a network stopped before the request means that it was not sent', async () => {
  expect(await account.send(message, context(AbortSignal.abort()))).toMatchObject({
    outcome: 'failed',
    error: { code: 'network' },
    retry: true,
  });
  expect(seen).toEqual([]);
});

test('who a customer is', async () => {
  answer = (response) =>
    response.end(
      JSON.stringify({
        first_name: 'Ana',
        last_name: 'Li',
        profile_pic: 'https://cdn.example/p.jpg',
        locale: 'ar_AR',
      }),
    );
  expect(await account.profile('24', context())).toEqual({
    name: 'Ana Li',
    pictureUrl: 'https://cdn.example/p.jpg',
    locale: 'ar-AR',
  });
  expect(seen[0]).toMatchObject({
    method: 'GET',
    url: '/v25.0/24?fields=first_name,last_name,profile_pic,locale',
    headers: { authorization: 'Bearer EAAG-secret-token' },
  });
});

test('what a profile does not tell is null', async () => {
  answer = (response) =>
    response.end(JSON.stringify({ first_name: 'Ana', profile_pic: 'javascript:alert(1)' }));
  expect(await account.profile('24', context())).toEqual({ name: 'Ana', pictureUrl: null, locale: null });
});
