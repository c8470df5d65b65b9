/** What comes after a conversation, over HTTP, on both engines: ending, rating, finding again, taking along, erasing. */

import { CustomerExport } from '@continuo/protocol';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eraseNextDue } from '../../packages/server/src/customers/erase.ts';
import type { AgentClient } from '../support/agent-client.ts';
import { type Deployment, startDeployment } from '../support/deployment.ts';
import type { Device } from '../support/device.ts';
import { createTestDatabase } from '../support/postgres.ts';

const ENGINES: Record<string, () => Promise<{ environment: Record<string, string>; drop(): Promise<void> }>> =
  {
    SQLite: async () => ({ environment: {}, drop: async () => {} }),
    PostgreSQL: async () => {
      const { url, drop } = await createTestDatabase();
      return { environment: { CONTINUO_DATABASE_URL: url }, drop };
    },
  };

describe.each(Object.entries(ENGINES))('on %s', (_name, prepare) => {
  let deployment: Deployment;
  let sara: AgentClient;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const engine = await prepare();
    drop = engine.drop;
    deployment = await startDeployment({ environment: engine.environment });
    sara = await deployment.signIn();
  });
  afterAll(async () => {
    await deployment.close();
    await drop();
  });

  const at = (device: Device, what: string) => `/v1/conversations/${device.conversationId}${what}`;
  const post = (device: Device, what: string, body?: unknown) =>
    device.request('POST', at(device, what), body);
  const get = async (device: Device, what: string) => (await device.request('GET', at(device, what))).body;
  const log = async (device: Device) => (await get(device, '/history')).events;
  const end = (device: Device, number = 1) => post(device, '/resolve', { case: number });

  test('the customer ends the chat once, however often it is asked, and never what was begun since', async () => {
    const device = await deployment.customer();
    const answers = await Promise.all([end(device), end(device), end(device)]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    const resolved = (await log(device)).filter(({ type }: { type: string }) => type === 'case.resolved');
    expect(resolved).toMatchObject([{ case: 1, actor: { kind: 'customer' } }]);
    await device.send('One more thing');
    expect((await end(device, 1)).status).toBe(204);
    expect((await get(device, '')).case).toEqual({ number: 2, status: 'open' });
  });

  test('a rating may be changed; the newest counts, and the same again is no event', async () => {
    const device = await deployment.customer();
    const rate = (score: number, comment?: string) =>
      post(device, '/rating', { case: 1, score, ...(comment && { comment }) });
    expect((await rate(5)).problem).toMatchObject({ code: 'conflict' });
    await end(device);
    expect((await post(device, '/rating', { case: 2, score: 5 })).problem).toMatchObject({
      code: 'not_found',
    });
    expect((await post(device, '/rating', { case: 1, score: 6 })).status).toBe(400);
    expect((await rate(4)).status).toBe(204);
    expect((await rate(4)).status).toBe(204);
    expect((await rate(5, 'Quick and kind')).status).toBe(204);
    const rated = (await log(device)).filter(({ type }: { type: string }) => type === 'case.rated');
    expect(rated).toMatchObject([
      { score: 4, comment: null },
      { score: 5, comment: 'Quick and kind', actor: { kind: 'customer' } },
    ]);
    expect((await sara.view(device.conversationId)).body.rating).toEqual({
      case: 1,
      score: 5,
      comment: 'Quick and kind',
    });
    expect((await get(device, '/cases')).cases).toMatchObject([
      { number: 1, rating: 5, ratingComment: 'Quick and kind' },
    ]);
  });

  test('search finds what was said by anyone, the newest first, in pages', async () => {
    const device = await deployment.customer('Where is my PARCEL?');
    await sara.reply(device.conversationId, 'The parcel is on its way');
    for (let n = 0; n < 25; n += 1) await device.send(`thanks ${n}, مُحَمَّد`);
    const search = async (query: string, before?: number) =>
      get(device, `/search?${new URLSearchParams({ q: query, ...(before && { before: `${before}` }) })}`);
    const found = await search('parcel');
    expect(found).toMatchObject({
      before: null,
      results: [
        { author: { kind: 'agent' }, snippet: 'The parcel is on its way', ranges: [[4, 10]] },
        { author: { kind: 'customer' }, snippet: 'Where is my PARCEL?', ranges: [[12, 18]] },
      ],
    });
    const first = await search('محمد');
    expect(first.results).toHaveLength(20);
    const second = await search('محمد', first.before);
    expect(second.results).toHaveLength(5);
    expect((await search('100%_')).results).toEqual([]);
    expect((await device.request('GET', at(device, '/search'))).status).toBe(400);
  });

  test('the export is everything that this session may see, and holds no secret', async () => {
    const device = await deployment.customer('Mine');
    const answer = await device.request('GET', at(device, '/export'));
    expect(Value.Check(CustomerExport, answer.body)).toBe(true);
    expect(answer.body.events).toEqual(await log(device));
    expect(answer.body).toMatchObject({
      workspace: { name: 'Nimbus' },
      conversation: { id: device.conversationId, visibleAfter: 0 },
      identities: [{ channel: { kind: 'web' }, address: `•••${device.thumbprint.slice(-4)}` }],
      sessions: [{ current: true, revokedAt: null }],
      cases: [{ number: 1 }],
    });
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain(device.thumbprint);
    expect(text).not.toContain(device.token);
  });

  test('an erasure can be taken back for a day, by the customer and by the agent; asked for twice it is one', async () => {
    const device = await deployment.customer();
    const [first, second] = [await post(device, '/erase'), await post(device, '/erase')];
    expect(first.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect((await get(device, '')).eraseAt).toBe(first.body.dueAt);
    expect((await sara.view(device.conversationId)).body.eraseAt).toBe(first.body.dueAt);
    await device.request('DELETE', at(device, '/erase'));
    expect((await get(device, '')).eraseAt).toBeUndefined();
    await post(device, '/erase');
    await sara.request('DELETE', `/v1/inbox/conversations/${device.conversationId}/erase`);
    expect(await eraseNextDue(deployment.server.runtime)).toBe(false);
    const steps = (await log(device)).filter(({ type }: { type: string }) => type.startsWith('erasure'));
    expect(
      steps.map(({ type, actor }: { type: string; actor: { kind: string } }) => [type, actor.kind]),
    ).toEqual([
      ['erasure.requested', 'customer'],
      ['erasure.cancelled', 'customer'],
      ['erasure.requested', 'customer'],
      ['erasure.cancelled', 'agent'],
    ]);
  });

  test('when the day is over nothing of what was said is left in any table, and the device begins anew', async () => {
    const device = await deployment.customer('My secret is canary-words');
    await sara.reply(device.conversationId, 'canary-words, I see');
    await end(device);
    await post(device, '/rating', { case: 1, score: 1, comment: 'canary-words again' });
    await device.send('canary-words once more');
    const { dueAt } = (await post(device, '/erase')).body;
    const other = await deployment.customer('canary-other stays');
    const { store } = deployment.server.runtime;
    await store.write(async ({ db }) => {
      await db.updateTable('customers').set({ name: 'canary-name' }).where('erase_at', '=', dueAt).execute();
      await db.updateTable('customers').set({ erase_at: 1 }).where('erase_at', '=', dueAt).execute();
    });
    expect(await eraseNextDue(deployment.server.runtime)).toBe(true);
    expect(await eraseNextDue(deployment.server.runtime)).toBe(false);

    const tables = [
      'events',
      'customers',
      'identities',
      'conversations',
      'cases',
      'deliveries',
      'inbound',
    ] as const;
    const dump = await Promise.all(tables.map((table) => store.db.selectFrom(table).selectAll().execute()));
    const text = JSON.stringify(dump);
    expect(text).not.toContain('canary-words');
    expect(text).not.toContain('canary-name');
    expect(text).not.toContain(device.thumbprint);
    expect(text).toContain('canary-other stays');

    const page = await store.readAfter(device.conversationId, 0, 100);
    const events = (page?.bodies ?? []).map((body) => JSON.parse(body));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ type: 'erased' });
    expect((await device.request('GET', at(device, ''))).problem).toMatchObject({ code: 'session_ended' });
    const old = device.conversationId;
    await device.open(deployment.channelKey);
    expect(device.conversationId).not.toBe(old);
    expect(await log(device)).toEqual([]);
    expect((await log(other)).length).toBeGreaterThan(0);
  });
});
