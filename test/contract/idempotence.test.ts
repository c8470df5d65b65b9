/** Invariant 2, over HTTP: one client id is one message for the life of the conversation. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentClient } from '../support/agent-client.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import type { Answer, Device } from '../support/device.ts';

let deployment: Deployment;
let sara: AgentClient;
beforeAll(async () => {
  deployment = await startDeployment();
  sara = await deployment.signIn();
});
afterAll(() => deployment.close());

type Send = (text: string, clientId: string) => Promise<Answer>;

const senders: [string, (device: Device) => Send][] = [
  ['a customer', (device) => device.send],
  ['an agent', (device) => (text, clientId) => sara.reply(device.conversationId, text, clientId)],
];

const textsOf = async (device: Device): Promise<string[]> => {
  const { body } = await device.request('GET', `/v1/conversations/${device.conversationId}/history`);
  return body.events.flatMap((event: { text?: string }) => event.text ?? []);
};

test.each(senders)('%s who sends one message many times at once has sent it once', async (_who, senderOf) => {
  const device = await deployment.customer();
  const send = senderOf(device);
  const clientId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('Once', clientId)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(19).fill(200), 201]);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(await textsOf(device)).toEqual(['Hello', 'Once']);
});

test.each(senders)(
  'the same client id of %s with another text is a conflict, and nothing is stored',
  async (_who, senderOf) => {
    const device = await deployment.customer();
    const send = senderOf(device);
    const clientId = randomUUID();
    await send('One', clientId);
    const answer = await send('Another', clientId);
    expect(answer.problem).toMatchObject({ status: 409, code: 'client_id_conflict' });
    expect(await textsOf(device)).toEqual(['Hello', 'One']);
  },
);

test('two texts that race for one client id: one is stored, the other is a conflict', async () => {
  const device = await deployment.customer();
  const clientId = randomUUID();
  const answers = await Promise.all(['One', 'Two', 'One', 'Two'].map((text) => device.send(text, clientId)));
  const stored = await textsOf(device);
  expect(stored).toHaveLength(2);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
  for (const { status, body } of answers) if (status < 300) expect(body.event.text).toBe(stored[1]);
});

test('it holds beyond the case in which it was said', async () => {
  const device = await deployment.customer();
  const clientId = randomUUID();
  const first = await device.send('Before', clientId);
  const resolved = await sara.request('POST', `/v1/inbox/conversations/${device.conversationId}/resolve`);
  expect(resolved.status).toBe(204);
  await device.send('A new case');
  const again = await device.send('Before', clientId);
  expect(again.status).toBe(200);
  expect(again.body).toEqual(first.body);
  expect(await textsOf(device)).toEqual(['Hello', 'Before', 'A new case']);
});

test('one client id in two conversations is two messages', async () => {
  const [one, other] = [await deployment.customer(), await deployment.customer()];
  const clientId = randomUUID();
  expect((await one.send('Mine', clientId)).status).toBe(201);
  expect((await other.send('Not yours', clientId)).status).toBe(201);
});
