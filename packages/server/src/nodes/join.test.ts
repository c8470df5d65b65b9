import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  connectAgent,
  createTestRuntime,
  type TestRuntime,
  WORKSPACE,
} from '../conversations/testing/runtime.ts';
import { until } from '../testing/until.ts';
import { joinNodes, type Membership } from './join.ts';
import { ALIVE_SECONDS } from './peers.ts';
import { createMemoryNetwork, type MemoryNetwork } from './testing/memory-bus.ts';

/** Bytes of one message that a bus takes. */
const MAX_MESSAGE = 7000;

let network: MemoryNetwork;
let open: { rt: TestRuntime; membership: Membership }[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  network = createMemoryNetwork();
  open = [];
});
afterEach(async () => {
  for (const { rt, membership } of open) {
    await membership.close();
    await rt.close();
  }
  vi.useRealTimers();
});

const start = async (nodeId: string): Promise<TestRuntime & { membership: Membership }> => {
  const rt = await createTestRuntime(network.open(nodeId));
  const membership = joinNodes(rt);
  open.push({ rt, membership });
  return Object.assign(rt, { membership });
};

const signOfLife = (): void => void vi.advanceTimersByTime(ALIVE_SECONDS * 1000);

test('a new node learns who is connected to the others, however many they are', async () => {
  const a = await start('a');
  const ids = Array.from({ length: 1000 }, (_, index) => `cnv_${String(index).padStart(60, '0')}`);
  for (const id of ids) a.presence.enter(id, `ses_${id.slice(4)}`);
  connectAgent(a, 'agt_sara');
  const b = await start('b');
  await until(() => expect(ids.filter((id) => b.presence.of(id) !== 'web')).toEqual([]));
  expect([...b.hub.connectedAgents(WORKSPACE)]).toEqual(['agt_sara']);
  for (const { message } of network.sent)
    expect(JSON.stringify(message).length).toBeLessThanOrEqual(MAX_MESSAGE);
});

test('a page that was hidden is so at a node that begins later, too', async () => {
  const a = await start('a');
  a.presence.enter('cnv_1', 'ses_1').visible(false);
  const b = await start('b');
  await until(() => expect(b.peers.size).toBe(1));
  await until(() => expect(b.presence.here().hidden).toEqual(['ses_1']));
  b.presence.enter('cnv_1', 'ses_1');
  expect(b.presence.of('cnv_1')).toBe('away');
});

test('a node whose first word was lost is known from its next sign of life', async () => {
  const a = await start('a');
  a.presence.enter('cnv_1', 'ses_1');
  network.lose();
  const b = await start('b');
  b.presence.enter('cnv_2', 'ses_2');
  network.heal(false);
  expect(a.peers.size).toBe(0);
  signOfLife();
  await until(() => {
    expect(a.presence.of('cnv_2')).toBe('web');
    expect(b.presence.of('cnv_1')).toBe('web');
  });
});

test('after a gap each hears anew who is connected to the other', async () => {
  const [a, b] = [await start('a'), await start('b')];
  await until(() => expect([a.peers.size, b.peers.size]).toEqual([1, 1]));
  const leaving = connectAgent(a, 'agt_sara');
  await until(() => expect(b.hub.connectedAgents(WORKSPACE).size).toBe(1));
  network.lose();
  leaving();
  a.presence.enter('cnv_1', 'ses_1');
  network.heal();
  await until(() => {
    expect(b.presence.of('cnv_1')).toBe('web');
    expect(b.hub.connectedAgents(WORKSPACE).size).toBe(0);
  });
});

test('nothing but signs of life is said while there is nobody else', async () => {
  const a = await start('a');
  a.presence.enter('cnv_1', 'ses_1');
  connectAgent(a, 'agt_sara');
  a.hub.endSession('ses_2');
  signOfLife();
  expect(network.sent.map(({ message }) => message)).toEqual([{ type: 'hello' }, { type: 'alive' }]);
});

test('whoever is forgotten takes those along who were connected; what is not understood does no harm', async () => {
  const [a, b] = [await start('a'), await start('b')];
  network.open('c').send({ type: 'of a later version' });
  b.presence.enter('cnv_1', 'ses_1');
  await until(() => expect(a.peers.size).toBe(1));
  await until(() => expect(a.presence.of('cnv_1')).toBe('web'));
  network.lose();
  for (let sign = 0; sign < 3; sign += 1) signOfLife();
  expect(a.presence.of('cnv_1')).toBe('away');
  expect(b.presence.of('cnv_1')).toBe('web');
});
