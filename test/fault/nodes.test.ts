/**
 * Invariants 1 to 6 on two nodes with one PostgreSQL and nothing sticky between: a node is killed under load, again and
 * again; both are restarted one after the other under load, as for a new version. Nothing is lost or doubled, what a
 * device wrote stays in order, and every reader has it whole.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AgentClient, signInAgent } from '../support/agent-client.ts';
import { addBrandOn } from '../support/brand-on.ts';
import { type Cluster, createCluster } from '../support/cluster.ts';
import { createDice } from '../support/dice.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import type { Outside } from '../support/outside.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { createScheduleAgent, type ScheduleAgent } from './schedule/agent.ts';
import { openScheduleDevice, type ScheduleDevice } from './schedule/device.ts';
import { checkLog, checkView, logOf, unsent } from './schedule/invariants.ts';

const SOON = { timeout: 60_000 };
const DEVICES = 4;
const ROUNDS = 2;
/** Milliseconds for one test: servers start slowly on a busy machine. */
const PATIENCE_MS = 300_000;
/** Messages that a device may have waiting before its writer does. */
const MOST_UNSENT = 10;

let cluster: Cluster;
let outside: Outside;
let proxy: FaultProxy;
let sara: AgentClient;
let channelKey: string;
let devices: ScheduleDevice[];
let agent: ScheduleAgent;

beforeAll(async () => {
  cluster = await createCluster('postgres', { nodes: 2 });
  const brand = await addBrandOn(cluster.nodes[0]);
  ({ channelKey } = brand);
  await Promise.all(cluster.nodes.map((node) => node.start()));
  outside = await cluster.outside();
  // As a load balancer that knows nothing: each connection goes to the next node, whether it is there or not.
  proxy = await startFaultProxy(...cluster.nodes.map((node) => node.url));
  sara = await signInAgent(cluster.nodes[0].url, brand.account);
});
afterAll(async () => {
  await proxy?.close();
  await outside?.close();
  await cluster?.dispose();
});

beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => {
    for (const node of cluster.nodes) {
      const ready = await fetch(`${node.url}/healthz`).then((answer) => answer.status, String);
      console.info(`${node.url} is ${ready}\n${node.output().slice(-20_000)}`);
    }
  });
  const at = { baseUrl: proxy.url, channelKey };
  devices = Array.from({ length: DEVICES }, (_, index) => openScheduleDevice(`device ${index}`, at));
  agent = createScheduleAgent(sara, proxy.url);
});
afterEach(() => {
  agent.close();
  for (const device of devices) device.close();
});

const conversationOf = (device: ScheduleDevice) => device.client().$conversation.get()?.id ?? null;

/** Customers and the agent write all the time, until told to stop. */
const underLoad = async (trouble: () => Promise<void>): Promise<void> => {
  const stop = new AbortController();
  const dice = createDice(1);
  const writeOn = async (device: ScheduleDevice) => {
    for (let n = 1; !stop.signal.aborted; n += 1) {
      while (unsent(device).length > MOST_UNSENT && !stop.signal.aborted) await wait(10);
      device.write(`${device.name} says ${n}.`);
      const id = conversationOf(device);
      if (id && n % 5 === 0) agent.reply(id, `sara says ${n} to ${device.name}.`);
      await wait(10 + dice() * 40);
    }
  };
  const writing = devices.map(writeOn);
  // The agent answers every fifth message: all of them, on a machine that is slow, after the trouble.
  const carryOn = async () => {
    await trouble();
    await expect.poll(() => agent.acknowledged.length, SOON).toBeGreaterThan(DEVICES);
  };
  await carryOn().finally(() => stop.abort());
  await Promise.all(writing);
};

const expectAllWhole = async (): Promise<void> => {
  for (const device of devices) {
    device.tell('online');
    await expect.poll(() => [device.name, unsent(device)], SOON).toEqual([device.name, []]);
  }
  await expect.poll(agent.waiting, SOON).toBe(0);
  for (const device of devices) {
    const id = conversationOf(device) ?? '';
    const log = await logOf({ outside }, id);
    checkLog(log, [device]);
    await checkView(device, log);
    for (const { seq, text } of agent.acknowledged.filter(({ conversationId }) => conversationId === id))
      expect(
        log.flatMap((event) => (event.type === 'message' && event.text === text ? event.seq : [])),
      ).toEqual([seq]);
  }
};

const expectBusy = async (before: number): Promise<void> => {
  const total = () => devices.reduce((sum, { shown }) => sum + shown.size, 0);
  await expect.poll(total, SOON).toBeGreaterThan(before);
};
const seen = () => devices.reduce((sum, { shown }) => sum + shown.size, 0);

test('one of two nodes is killed under load, again and again', { timeout: PATIENCE_MS }, async () => {
  const dice = createDice(2);
  await underLoad(async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const node: ServerProcess | undefined = cluster.nodes[round % 2];
      await expectBusy(seen() + DEVICES * 3);
      await wait(dice() * 100);
      await node?.kill();
      // The other one carries on alone.
      await expectBusy(seen() + DEVICES * 3);
      await node?.start();
    }
  });
  await expectAllWhole();
});

test('both nodes are restarted under load, one after the other', { timeout: PATIENCE_MS }, async () => {
  await underLoad(async () => {
    for (const node of cluster.nodes) {
      await expectBusy(seen() + DEVICES * 3);
      expect(await node.stop()).toBe(0);
      await expectBusy(seen() + DEVICES * 3);
      await node.start();
    }
  });
  await expectAllWhole();
});

test('both nodes are killed at once under load', { timeout: PATIENCE_MS }, async () => {
  await underLoad(async () => {
    await expectBusy(seen() + DEVICES * 3);
    await Promise.all(cluster.nodes.map((node) => node.kill()));
    await Promise.all(cluster.nodes.map((node) => node.start()));
    await expectBusy(seen() + DEVICES * 3);
  });
  await expectAllWhole();
});
