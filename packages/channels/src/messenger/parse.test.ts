import { expect, test } from 'vitest';
import type { InboundEvent } from '../adapter.ts';
import { accounts, parse } from './parse.ts';

const AT = 1_790_000_000_000;
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const page = (...messaging: unknown[]) => ({
  object: 'page',
  entry: [{ id: '7001', time: AT + 50, messaging }],
});
const from = (more: object) => ({ sender: { id: '24' }, recipient: { id: '7001' }, timestamp: AT, ...more });

/** The only event of a body. */
const one = (event: unknown): InboundEvent => {
  const [part, ...others] = parse(bytes(page(event)));
  expect(others).toEqual([]);
  expect(part?.events).toHaveLength(1);
  const [read] = part?.events ?? [];
  if (!read) throw new Error('nothing was read');
  return read;
};

test('a message', () => {
  expect(one(from({ message: { mid: 'm_1', text: 'Where is my bag?', reply_to: { mid: 'm_0' } } }))).toEqual({
    type: 'message',
    externalId: 'message:m_1',
    messageId: 'm_1',
    from: '24',
    at: AT,
    text: 'Where is my bag?',
    attachments: [],
    choice: null,
    referral: null,
  });
});

test('escaped text becomes what it says', () => {
  const raw = String.raw`{"object":"page","entry":[{"id":"7001","messaging":[{"sender":{"id":"24"},"recipient":{"id":"7001"},"timestamp":1,"message":{"mid":"m","text":"\u0633\u0644\u0627\u0645 \ud83d\ude80 https:\/\/example.com"}}]}]}`;
  expect(parse(new TextEncoder().encode(raw))).toMatchObject([
    { events: [{ text: 'سلام 🚀 https://example.com' }] },
  ]);
});

test('a pressed quick reply carries its payload', () => {
  const message = { mid: 'm_1', text: 'Wait', quick_reply: { payload: 'choice:wait' } };
  expect(one(from({ message }))).toMatchObject({ type: 'message', text: 'Wait', choice: 'choice:wait' });
});

test.each([
  [
    'image',
    { url: 'https://cdn.example/i.jpg' },
    { type: 'image', url: 'https://cdn.example/i.jpg', name: null },
  ],
  [
    'audio',
    { url: 'https://cdn.example/a.mp4' },
    { type: 'audio', url: 'https://cdn.example/a.mp4', name: null },
  ],
  [
    'video',
    { url: 'https://cdn.example/v.mp4' },
    { type: 'video', url: 'https://cdn.example/v.mp4', name: null },
  ],
  [
    'file',
    { url: 'https://cdn.example/f.pdf' },
    { type: 'file', url: 'https://cdn.example/f.pdf', name: null },
  ],
  [
    'location',
    { coordinates: { lat: 48.2, long: 16.37 } },
    { type: 'location', url: null, name: '48.2, 16.37' },
  ],
  ['template', { template_type: 'generic' }, { type: 'other', url: null, name: null }],
  ['hologram', { url: 'javascript:alert(1)' }, { type: 'other', url: null, name: null }],
  ['image', null, { type: 'image', url: null, name: null }],
])('an attachment of type %s', (type, payload, expected) => {
  expect(one(from({ message: { mid: 'm_1', attachments: [{ type, payload }] } }))).toMatchObject({
    type: 'message',
    text: '',
    attachments: [expected],
  });
});

test('a shared link keeps its title and address', () => {
  const attachments = [
    { type: 'fallback', title: 'Our terms', url: 'https://example.com/terms', payload: null },
  ];
  expect(one(from({ message: { mid: 'm_1', text: 'see', attachments } }))).toMatchObject({
    attachments: [{ type: 'other', url: 'https://example.com/terms', name: 'Our terms' }],
  });
});

test('a message without text and files is shown as something that came', () => {
  expect(one(from({ message: { mid: 'm_1', is_unsupported: true } }))).toMatchObject({
    type: 'message',
    attachments: [{ type: 'other', url: null, name: null }],
  });
});

test('an echo is told by who wrote to whom, with what we gave to it', () => {
  const echo = {
    sender: { id: '7001' },
    recipient: { id: '24' },
    timestamp: AT,
    message: { mid: 'm_2', text: 'Hello', is_echo: true, app_id: 42, metadata: 'continuo:abc' },
  };
  expect(one(echo)).toEqual({
    type: 'echo',
    externalId: 'echo:m_2',
    messageId: 'm_2',
    from: '24',
    at: AT,
    text: 'Hello',
    attachments: [],
    metadata: 'continuo:abc',
  });
});

test('a person in the native inbox leaves an echo without metadata', () => {
  const echo = {
    sender: { id: '7001' },
    recipient: { id: '24' },
    timestamp: AT,
    message: { mid: 'm_3', text: 'Leave it to me', is_echo: true },
  };
  expect(one(echo)).toMatchObject({ type: 'echo', from: '24', metadata: null });
});

test('a postback, with the referral of a new thread in it', () => {
  const referral = { ref: 'continuo', source: 'SHORTLINK', type: 'OPEN_THREAD' };
  const postback = { title: 'Get Started', payload: 'GET_STARTED', referral };
  expect(one(from({ postback }))).toMatchObject({
    type: 'postback',
    title: 'Get Started',
    payload: 'GET_STARTED',
    referral: { ref: 'continuo', source: 'SHORTLINK' },
  });
  expect(one(from({ postback: { ...postback, mid: 'm_9' } })).externalId).toBe('postback:m_9');
});

test('the referral of an existing thread, and the one in a message', () => {
  const referral = { ref: 'continuo', source: 'SHORTLINK', type: 'OPEN_THREAD' };
  const read = { ref: 'continuo', source: 'SHORTLINK' };
  expect(one(from({ referral }))).toMatchObject({ type: 'referral', from: '24', at: AT, referral: read });
  expect(one(from({ message: { mid: 'm', text: 'hi', referral } }))).toMatchObject({ referral: read });
  expect(one(from({ referral: { source: 'ADS' } }))).toMatchObject({
    referral: { ref: null, source: 'ADS' },
  });
});

test('what was delivered and what was read', () => {
  expect(one(from({ delivery: { mids: ['m_1', 'm_2'], watermark: AT } }))).toMatchObject({
    type: 'delivered',
    messageIds: ['m_1', 'm_2'],
    watermark: AT,
  });
  expect(one(from({ delivery: { watermark: AT } }))).toMatchObject({ messageIds: [], watermark: AT });
  expect(one(from({ read: { watermark: AT } }))).toMatchObject({ type: 'read', watermark: AT });
});

test.each(['reaction', 'optin', 'message_edit', 'pass_thread_control', 'something_new'])(
  'a %s is ignored under its name',
  (kind) => {
    expect(one(from({ [kind]: { mid: 'm_1' } }))).toMatchObject({ type: 'ignored', kind });
  },
);

test.each([
  ['nothing at all', null],
  ['a number', 7],
  ['no sender', { recipient: { id: '7001' }, message: { mid: 'm' } }],
  ['no kind', from({})],
  ['a message without id', from({ message: { text: 'hi' } })],
  ['a message with text that is none', from({ message: { mid: 'm', text: 7 } })],
  ['a read without watermark', from({ read: {} })],
  ['a time that is none', { ...from({ message: { mid: 'm' } }), timestamp: 'yesterday' }],
])('%s is malformed, and spoils nothing else', (_name, event) => {
  const good = from({ message: { mid: 'm_ok', text: 'still here' } });
  const [part] = parse(bytes(page(event, good)));
  expect(part?.events).toMatchObject([{ type: 'ignored', kind: 'malformed' }, { type: 'message' }]);
});

test('batched entries and events keep their order', () => {
  const say = (mid: string) => from({ message: { mid, text: mid } });
  const body = {
    object: 'page',
    entry: [
      { id: '7001', time: AT, messaging: [say('a'), say('b')] },
      { id: '7002', time: AT, messaging: [say('c')] },
      { id: '7001', time: AT, messaging: [say('d')] },
    ],
  };
  const read = parse(bytes(body)).map(({ accountId, events }) => [
    accountId,
    events.map((e) => e.externalId),
  ]);
  expect(read).toEqual([
    ['7001', ['message:a', 'message:b']],
    ['7002', ['message:c']],
    ['7001', ['message:d']],
  ]);
  expect(accounts(bytes(body))).toEqual(['7001', '7002']);
});

test('what is on standby belongs to another app', () => {
  const standby = [from({ message: { mid: 'm_1', text: 'for the other app' } })];
  const body = {
    object: 'page',
    entry: [{ id: '7001', time: AT, standby, changes: [{ field: 'feed', value: {} }] }],
  };
  expect(parse(bytes(body))).toMatchObject([
    {
      events: [
        { type: 'ignored', kind: 'standby' },
        { type: 'ignored', kind: 'changes' },
      ],
    },
  ]);
});

test('an event without an id of its own has the same one whatever envelope it comes in', () => {
  const read = { watermark: AT };
  const [first] = parse(bytes(page(from({ read }))));
  const [again] = parse(
    bytes({
      entry: [
        {
          messaging: [{ read, timestamp: AT, recipient: { id: '7001' }, sender: { id: '24' } }],
          id: '7001',
          time: 5,
        },
      ],
      object: 'page',
    }),
  );
  const [later] = parse(bytes(page(from({ read: { watermark: AT + 1 } }))));
  const idOf = (part: typeof first) => part?.events[0]?.externalId;
  expect(idOf(again)).toBe(idOf(first));
  expect(idOf(later)).not.toBe(idOf(first));
});

test.each([
  ['no JSON', new TextEncoder().encode('{"object":"page"')],
  ['no UTF-8', Uint8Array.of(0xff, 0xfe)],
  ['another product', bytes({ object: 'instagram', entry: [] })],
  ['no entries', bytes({ object: 'page' })],
  ['an entry without id', bytes({ object: 'page', entry: [{ messaging: [] }] })],
])('%s is not a body of ours', (_name, body) => {
  expect(() => parse(body)).toThrow(expect.objectContaining({ code: 'body_invalid' }));
  expect(() => accounts(body)).toThrow(expect.objectContaining({ code: 'body_invalid' }));
});
