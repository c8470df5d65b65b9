import { expect, test } from 'vitest';
import { checkSend, SEND_LIMITS } from './send-rules.ts';
import { emptyThread } from './thread.ts';
import type { Page, Thread } from './types.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const page: Page = { id: 'p', name: 'P', username: 'p', accessToken: 't', humanAgent: true };

const check = (body: unknown, change: { thread?: Partial<Thread>; page?: Partial<Page> } = {}) => {
  const thread: Thread = { ...emptyThread, started: true, lastUserActionAt: NOW - HOUR, ...change.thread };
  const checked = checkSend(body, {
    page: { ...page, ...change.page },
    now: NOW,
    thread: (psid) => (psid === '1' ? thread : null),
  });
  return checked.ok ? 'accepted' : `${checked.error.code}/${checked.error.subcode ?? ''}`;
};
const send = (message: unknown, more: Record<string, unknown> = {}) => ({
  recipient: { id: '1' },
  messaging_type: 'RESPONSE',
  message,
  ...more,
});
const text = (length: number) => send({ text: 'a'.repeat(length) });
const template = (change: Record<string, unknown>) =>
  send({
    attachment: {
      type: 'template',
      payload: {
        template_type: 'button',
        text: 'Tap',
        buttons: [{ type: 'web_url', url: 'https://a.example/', title: 'Go' }],
        ...change,
      },
    },
  });
const link = (change: Record<string, unknown> = {}) => ({
  type: 'web_url',
  url: 'https://a.example/',
  title: 'Go',
  ...change,
});
const replies = (count: number, title = 'Yes') =>
  send({ text: 'Well?', quick_replies: Array(count).fill({ content_type: 'text', title, payload: 'y' }) });

test.each([
  ['a text of 2000', text(2000)],
  ['a button template of 640', template({ text: 'a'.repeat(640) })],
  ['three buttons', template({ buttons: [link(), link(), link()] })],
  ['a title of 20', template({ buttons: [link({ title: 'a'.repeat(20) })] })],
  ['a loopback http address', template({ buttons: [link({ url: 'http://localhost:4400/shop#x' })] })],
  ['a postback button', template({ buttons: [{ type: 'postback', title: 'Go', payload: 'go' }] })],
  ['13 quick replies of 20', replies(13, 'a'.repeat(20))],
  ['an image', send({ attachment: { type: 'image', payload: { url: 'https://a.example/a.png' } } })],
  ['typing_on', { recipient: { id: '1' }, sender_action: 'typing_on' }],
])('accepts %s', (_name, body) => {
  expect(check(body)).toBe('accepted');
});

test.each([
  ['no body', null],
  ['no recipient', { messaging_type: 'RESPONSE', message: { text: 'a' } }],
  ['no messaging_type', send({ text: 'a' }, { messaging_type: undefined })],
  ['an unknown messaging_type', send({ text: 'a' }, { messaging_type: 'REPLY' })],
  ['a tag that is gone', send({ text: 'a' }, { messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE' })],
  ['MESSAGE_TAG without a tag', send({ text: 'a' }, { messaging_type: 'MESSAGE_TAG' })],
  ['a tag without MESSAGE_TAG', send({ text: 'a' }, { tag: 'HUMAN_AGENT' })],
  ['neither text nor attachment', send({})],
  ['an empty text', send({ text: '  ' })],
  ['a text of 2001', text(2001)],
  ['a button template of 641', template({ text: 'a'.repeat(641) })],
  ['no button', template({ buttons: [] })],
  ['four buttons', template({ buttons: [link(), link(), link(), link()] })],
  ['a title of 21', template({ buttons: [link({ title: 'a'.repeat(21) })] })],
  ['a button without a title', template({ buttons: [link({ title: '' })] })],
  ['an http address', template({ buttons: [link({ url: 'http://a.example/' })] })],
  ['a script address', template({ buttons: [link({ url: 'javascript:alert(1)' })] })],
  ['14 quick replies', replies(14)],
  ['a quick reply of 21', replies(1, 'a'.repeat(21))],
  ['metadata of 1001', send({ text: 'a', metadata: 'a'.repeat(1001) })],
  ['a message with a sender_action', send({ text: 'a' }, { sender_action: 'typing_on' })],
])('refuses %s with code 100', (_name, body) => {
  expect(check(body)).toMatch(/^100\//);
});

test('an unknown PSID is 100/2018001, a customer who blocked us 551', () => {
  expect(check(send({ text: 'a' }, { recipient: { id: '2' } }))).toBe('100/2018001');
  expect(check(send({ text: 'a' }), { thread: { blocked: true } })).toBe('551/1545041');
});

const tagged = send({ text: 'a' }, { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' });
const { standardWindowMs, humanAgentWindowMs } = SEND_LIMITS;
test.each([
  { name: 'RESPONSE at 24 h', body: send({ text: 'a' }), age: standardWindowMs, expected: 'accepted' },
  {
    name: 'RESPONSE after 24 h',
    body: send({ text: 'a' }),
    age: standardWindowMs + 1,
    expected: '10/2018278',
  },
  {
    name: 'UPDATE after 24 h',
    body: send({ text: 'a' }, { messaging_type: 'UPDATE' }),
    age: standardWindowMs + 1,
    expected: '10/2018278',
  },
  { name: 'HUMAN_AGENT at 7 days', body: tagged, age: humanAgentWindowMs, expected: 'accepted' },
  { name: 'HUMAN_AGENT after 7 days', body: tagged, age: humanAgentWindowMs + 1, expected: '10/2018278' },
  {
    name: 'HUMAN_AGENT without the permission',
    body: tagged,
    age: standardWindowMs + 1,
    humanAgent: false,
    expected: '10/2018278',
  },
])('$name', ({ body, age, humanAgent = true, expected }) => {
  expect(check(body, { thread: { lastUserActionAt: NOW - age }, page: { humanAgent } })).toBe(expected);
});

test('nobody may be written to who never did anything', () => {
  expect(check(send({ text: 'a' }), { thread: { lastUserActionAt: null } })).toBe('10/2018278');
});
