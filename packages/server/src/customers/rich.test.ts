import type { Rich, RichField } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replyMessage } from '../conversations/reply.ts';
import { resolve } from '../conversations/testing/story.ts';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, type World } from '../sessions/testing/world.ts';
import { writeTranscript } from '../transcripts/write.ts';
import { redact } from './redact.ts';

let world: World;
let device: Device;
let token: string;
let id: string;
beforeEach(async () => {
  world = await createWorld();
  device = await createDevice();
  ({ token, conversationId: id } = await world.open(device));
  await post('messages', { clientId: 'customer-01', text: 'Hello' });
});
afterEach(() => world.close());

const post = (what: string, body: object) =>
  world.call(device, `POST /v1/conversations/${id}/${what}`, { token, body });

const REPLIES: Rich = {
  kind: 'replies',
  options: [
    { id: 'red', label: 'The red one' },
    { id: 'blue', label: 'The blue one' },
  ],
};
const field = (name: string, more: Partial<RichField> = {}): RichField => ({
  name,
  label: `Your ${name}`,
  type: 'text',
  required: false,
  ...more,
});
const FORM: Rich = {
  kind: 'form',
  fields: [
    field('name', { required: true }),
    field('email', { type: 'email' }),
    field('phone', { type: 'tel' }),
    field('age', { type: 'number' }),
    field('day', { type: 'date' }),
    field('size', { type: 'select', options: ['S', 'M'] }),
    field('more', { type: 'multiline' }),
  ],
};

let asked = 0;
/** The agent asks; the seq of the message. */
const ask = async (rich: Rich): Promise<number> => {
  const key = { clientId: `agent-000${asked++}`, hash: `${asked}` };
  const { event } = await world.rt.store.write((tx) =>
    replyMessage(world.rt, tx, { conversationId: id, agent: world.agent, text: 'Which?', key, rich }),
  );
  return event.seq;
};
const last = async () => (await world.events(id)).at(-1);

test('what was pressed is in the log with its words, once, and an answer is part of what is repeated', async () => {
  const message = await ask(REPLIES);
  const press = { clientId: 'customer-02', text: 'The red one', answer: { message, option: 'red' } };
  const answers = await Promise.all([press, press, press].map((body) => post('messages', body)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(await last()).toMatchObject({ text: 'The red one', answer: { message, option: 'red' } });
  expect(await post('messages', { ...press, answer: { message, option: 'blue' } })).toMatchObject({
    status: 409,
    body: { code: 'client_id_conflict' },
  });
});

test('the words stay where the answer is none of that message', async () => {
  const message = await ask(REPLIES);
  const wrong = [
    { message, option: 'green' },
    { message: 2, option: 'red' },
    { message: 99, option: 'red' },
    { message, option: 'blue' },
  ];
  for (const [index, answer] of wrong.entries()) {
    const body = { clientId: `customer-1${index}`, text: 'The red one', answer };
    expect((await post('messages', body)).status).toBe(201);
    expect(await last()).toMatchObject({ text: 'The red one' });
    expect(await last()).not.toHaveProperty('answer');
  }
});

const GOOD = [
  { name: 'name', label: 'x', value: ' Amira ' },
  { name: 'email', label: 'x', value: 'amira@example.com' },
  { name: 'phone', label: 'x', value: '+49 30 123456' },
  { name: 'day', label: 'x', value: '2028-02-29' },
  { name: 'size', label: 'x', value: 'M' },
  { name: 'more', label: 'x', value: 'one\ntwo' },
];

test('a form is filled in once, opens a case like a message, and can be repeated', async () => {
  const message = await ask(FORM);
  await resolve(world.rt, id);
  const body = { clientId: 'customer-02', form: 'message', message, answers: GOOD };
  const answers = await Promise.all([body, body, body].map((one) => post('forms', one)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  const events = await world.events(id);
  const at = events.findIndex(({ type }) => type === 'form.answered');
  expect(events[at - 1]).toMatchObject({ type: 'case.opened', case: 2 });
  expect(events[at]).toMatchObject({ message, clientId: 'customer-02', actor: { kind: 'customer' } });
  expect(events[at]).toHaveProperty(
    'answers',
    GOOD.map(({ name, value }) => ({ name, label: `Your ${name}`, value: value.trim() })),
  );
  expect(await post('forms', { ...body, answers: GOOD.slice(0, 1) })).toMatchObject({
    status: 409,
    body: { code: 'client_id_conflict' },
  });
  expect(await post('forms', { ...body, clientId: 'customer-03' })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  });
  const row = await world.rt.store.db.selectFrom('conversations').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ status: 'open', last_message_preview: '📝', last_message_from: 'customer' });
});

test('what is missing or does not fit is named, and nothing is stored', async () => {
  const message = await ask(FORM);
  const before = await world.events(id);
  const bad: [string, string][] = [
    ['name', ' '],
    ['name', 'one\ntwo'],
    ['email', 'amira'],
    ['phone', 'call me'],
    ['age', 'ten'],
    ['day', '2027-02-29'],
    ['size', 'L'],
    ['nonsense', 'x'],
  ];
  for (const [name, value] of bad) {
    const answers = [
      ...(name === 'name' ? [] : [{ name: 'name', label: 'x', value: 'A' }]),
      { name, label: 'x', value },
    ];
    expect(await post('forms', { clientId: 'customer-02', form: 'message', message, answers })).toMatchObject(
      {
        status: 400,
        body: { code: 'bad_request', errors: [{ path: `/answers/${name}` }] },
      },
    );
  }
  const long = [{ name: 'name', label: 'x', value: 'x'.repeat(501) }];
  expect(
    (await post('forms', { clientId: 'customer-02', form: 'message', message, answers: long })).status,
  ).toBe(400);
  expect(await world.events(id)).toEqual(before);
});

test('what has no form, and what is another’s, is not found', async () => {
  const message = await ask(FORM);
  const replies = await ask(REPLIES);
  for (const seq of [1, 2, replies, 99])
    expect(
      (await post('forms', { clientId: 'customer-02', form: 'message', message: seq, answers: GOOD })).status,
    ).toBe(404);
  const other = await createDevice();
  const theirs = await world.open(other);
  const fill = (conversationId: string) =>
    world.call(other, `POST /v1/conversations/${conversationId}/forms`, {
      token: theirs.token,
      body: { clientId: 'customer-02', form: 'message', message, answers: GOOD },
    });
  expect((await fill(id)).status).toBe(404);
  expect((await fill(theirs.conversationId)).status).toBe(404);
});

test('what was asked and filled in goes when everything is erased, and is in a transcript until then', async () => {
  const replies = await ask(REPLIES);
  const message = await ask(FORM);
  const pressed = {
    clientId: 'customer-02',
    text: 'The red one',
    answer: { message: replies, option: 'red' },
  };
  await post('messages', pressed);
  await post('forms', { clientId: 'customer-03', form: 'message', message, answers: GOOD });
  const events = await world.events(id);
  const { text } = writeTranscript({ events, brand: 'Acme', locale: 'en', timeZone: 'UTC', isCut: false });
  expect(text).toContain('Which?\n\n1. The red one\n2. The blue one');
  expect(text).toContain('Your email: amira@example.com');
  const erased = JSON.stringify(redact(events));
  for (const word of ['red one', 'Amira', 'amira@example.com', '123456']) expect(erased).not.toContain(word);
  expect(redact(events.at(-1))).toMatchObject({
    type: 'form.answered',
    answers: GOOD.map(() => ({ value: '' })),
  });
});
