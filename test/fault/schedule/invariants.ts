import type { ConversationEvent, Delivery, MessageEvent } from '@continuo/protocol';
import { expect } from 'vitest';
import type { ScheduleDevice } from './device.ts';
import { type Scene, SOON } from './scene.ts';

const isMessage = (event: ConversationEvent): event is MessageEvent => event.type === 'message';

/** A conversation's log as the database has it. */
export const logOf = async (
  { outside }: Pick<Scene, 'outside'>,
  conversationId: string,
): Promise<ConversationEvent[]> => {
  const rows = await outside.rows(
    'SELECT body FROM events WHERE conversation_id = ? ORDER BY seq',
    conversationId,
  );
  return rows.map(({ body }) => JSON.parse(String(body)));
};

/** What a page has not got rid of: texts that are not in its log. A failed one is tried again, as its writer would. */
export const unsent = (device: ScheduleDevice): string[] => {
  const client = device.client();
  return client.$messages.get().flatMap((item) => {
    if (item.seq !== null) return [];
    if (item.pending.state === 'failed') client.retry(item.pending.clientId);
    return [`${item.pending.text} (${item.pending.state} ${item.pending.error ?? ''})`];
  });
};

/** Waits until everything written is acknowledged and every page has read on to the end. */
const becomeQuiet = async (scene: Scene): Promise<void> => {
  const { agent, devices, amina, simulator } = scene;
  await expect.poll(agent.waiting, SOON).toBe(0);
  for (const device of Object.values(devices))
    await expect.poll(() => [device.name, unsent(device)], SOON).toEqual([device.name, []]);
  await simulator.simulator.webhooks.settled();
  const givenUp = simulator.simulator.webhooks.records().filter(({ state }) => state === 'given_up');
  expect(givenUp).toEqual([]);
  const inbound = () => scene.outside.rows('SELECT id, error FROM inbound WHERE processed_at IS NULL');
  await expect.poll(inbound, SOON).toEqual([]);
  const texts = async () => {
    const log = await logOf(scene, amina.conversationId);
    return log.flatMap((event) => (isMessage(event) ? event.text : []));
  };
  await expect.poll(texts, SOON).toEqual(expect.arrayContaining(amina.written));
  await expect.poll(() => devices.visitor.client().$session.get(), SOON).not.toBe('opening');
};

/** Invariants 1 to 4: everything acknowledged is there once, the log is dense, and a device's messages are in order. */
export const checkLog = (log: readonly ConversationEvent[], devices: readonly ScheduleDevice[]): void => {
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  const messages = log.filter(isMessage);
  const ids = messages.flatMap(({ clientId }) => clientId ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, written } of devices) {
    const kept = messages.map(({ text }) => text).filter((text) => text.startsWith(`${name} says`));
    expect([name, kept]).toEqual([name, written]);
  }
};

/** Invariants 3, 5 and 6: what a page shows is the log, what it ever showed as sent is in the log, and it never had a gap. */
export const checkView = async (device: ScheduleDevice, log: readonly ConversationEvent[]): Promise<void> => {
  const { name, shown, faults } = device;
  const client = device.client();
  const last = () => client.$messages.get().at(-1)?.seq ?? 0;
  await expect.poll(() => [name, last()], SOON).toEqual([name, log.length]);
  while (client.$hasEarlier.get()) await client.loadEarlier();
  const items = client.$messages.get().flatMap((item) => (item.seq === null ? [] : [item]));
  const first = items[0]?.seq ?? log.length + 1;
  const expected = log.filter((event) => event.seq >= first && isMessage(event));
  expect([name, items.map(({ event }) => event).filter(isMessage)]).toEqual([name, expected]);
  expect([name, items.map(({ seq }) => seq)]).toEqual([name, log.slice(first - 1).map(({ seq }) => seq)]);
  for (const event of [...shown.values()].filter(isMessage)) expect(log[event.seq - 1]).toEqual(event);
  expect(faults).toEqual([]);
};

/** Invariants 7 and 8: a link is one device's, and a customer has one conversation with one open case and one assignee. */
const checkRows = async ({ outside, amina }: Scene, conversationIds: readonly string[]): Promise<void> => {
  const holders = await outside.rows(
    `SELECT handoff_id FROM sessions WHERE handoff_id IS NOT NULL
     GROUP BY handoff_id HAVING count(DISTINCT key_thumbprint) <> 1`,
  );
  expect(holders).toEqual([]);
  const mine = await outside.rows(
    `SELECT DISTINCT v.id FROM conversations v JOIN identities i ON i.customer_id = v.customer_id
     WHERE i.external_id = ?`,
    amina.person.psid,
  );
  expect(mine).toEqual([{ id: amina.conversationId }]);
  for (const id of conversationIds) {
    const cases = await outside.rows(
      'SELECT number, resolved_at FROM cases WHERE conversation_id = ? ORDER BY number',
      id,
    );
    expect(cases.map(({ number }) => Number(number))).toEqual(cases.map((_, index) => index + 1));
    expect(cases.slice(0, -1).filter(({ resolved_at: at }) => at === null)).toEqual([]);
  }
};

/** As when the time of all that was under way is over: leases, and the waits between tries. */
const passTime = async ({ outside }: Scene): Promise<void> => {
  const since = Date.now() - 3000;
  await outside.rows("UPDATE deliveries SET lease_until = 0 WHERE state = 'sending' AND sent_at < ?", since);
  await outside.rows("UPDATE deliveries SET next_at = 0 WHERE state = 'pending'");
};

const OVER = ['sent', 'delivered', 'read', 'web', 'unknown', 'failed'];

/** Invariant 9: a reply reached the customer's eyes once, or is shown as what may not have. */
const checkDeliveries = async (scene: Scene): Promise<void> => {
  const { amina, sara, agent, devices, simulator, outside } = scene;
  const all = async (): Promise<Delivery[]> => (await sara.view(amina.conversationId)).body.deliveries;
  for (const device of Object.values(devices)) device.tell('hidden');
  const underWay = async () => {
    await passTime(scene);
    return (await all()).map(({ state }) => state).filter((state) => !OVER.includes(state));
  };
  await expect.poll(underWay, { ...SOON, interval: 200 }).toEqual([]);
  await simulator.simulator.webhooks.settled();
  const read = 'SELECT customer_read FROM conversations WHERE id = ?';
  const [conversation] = await outside.rows(read, amina.conversationId);
  const lines = amina.person.texts().join('\n').split('\n');
  const deliveries = await all();
  for (const { conversationId, seq, text } of agent.acknowledged) {
    if (conversationId !== amina.conversationId) continue;
    const mine = deliveries.filter((delivery) => delivery.seq === seq);
    const state = mine[0]?.state ?? 'none';
    const times = lines.filter((line) => line === text).length;
    const carried = ['sent', 'delivered', 'read'].includes(state) ? 1 : 0;
    expect({ text, rows: mine.length, state, times }).toEqual({ text, rows: 1, state, times: carried });
    if (state === 'web') expect(Number(conversation?.customer_read)).toBeGreaterThanOrEqual(seq);
  }
};

/** Everything that must hold when all is well again and quiet. */
export const checkInvariants = async (scene: Scene): Promise<void> => {
  const { amina, agent, devices } = scene;
  await becomeQuiet(scene);
  const visitorId = scene.visitorConversation();
  const aminas = await logOf(scene, amina.conversationId);
  checkLog(aminas, [devices.phone, devices.laptop]);
  await checkView(devices.phone, aminas);
  await checkView(devices.laptop, aminas);
  const visitors = visitorId === null ? [] : await logOf(scene, visitorId);
  checkLog(visitors, [devices.visitor]);
  if (visitorId !== null) await checkView(devices.visitor, visitors);
  for (const { conversationId, seq, text } of agent.acknowledged) {
    const log = conversationId === visitorId ? visitors : aminas;
    expect(log.filter((event) => isMessage(event) && event.text === text).map((event) => event.seq)).toEqual([
      seq,
    ]);
  }
  for (const text of amina.written)
    expect(aminas.filter((event) => isMessage(event) && event.text === text)).toHaveLength(1);
  await checkRows(scene, visitorId === null ? [amina.conversationId] : [amina.conversationId, visitorId]);
  await checkDeliveries(scene);
};
