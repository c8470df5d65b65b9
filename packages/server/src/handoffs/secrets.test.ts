import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WEB_KEY } from '../sessions/testing/brand.ts';
import { createDevice } from '../sessions/testing/device.ts';
import { type Answer, createWorld, type World } from '../sessions/testing/world.ts';

/* Invariant 12, as far as the server's own places go: no secret in a row, an event, an answer, an error or the log. */

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const allRows = async (): Promise<string> => {
  const { db } = world.rt.store;
  const tables = await sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'`.execute(db);
  const dumps = await Promise.all(
    tables.rows.map(async ({ name }) => [
      name,
      (await sql`SELECT * FROM ${sql.table(name)}`.execute(db)).rows,
    ]),
  );
  return JSON.stringify(dumps);
};

test('tokens of links and of sessions are in no table, file, event, log line or other answer', async () => {
  const [phone, other] = await Promise.all([createDevice(), createDevice()]);
  const { conversationId } = await world.social();
  const links = [await world.offer(conversationId), await world.offer(conversationId)];
  const answers: Answer[] = [];
  const ask = async (by: typeof phone, line: string, options: Parameters<World['call']>[2] = {}) => {
    answers.push(await world.call(by, line, options));
  };
  for (const token of links) {
    await ask(phone, 'POST /v1/handoffs/peek', { body: { token } });
    await ask(phone, 'POST /v1/handoffs/decline', { body: { token } });
    // What does not fit must not be told back either.
    await ask(phone, 'POST /v1/handoffs/peek', { body: { token: `${token}x`, note: token } });
    await ask(phone, `GET /v1/handoffs/peek?token=${token}`);
  }
  const session = await world.redeem(phone, links[1] ?? '');
  const again = await world.redeem(phone, links[1] ?? '');
  const own = await world.open(other);
  for (const token of links) {
    await ask(other, 'POST /v1/handoffs/redeem', { body: { token, channelKey: WEB_KEY } });
    await ask(other, 'POST /v1/handoffs/renew', { body: { token } });
    links.push((await world.lastLink(conversationId)).token);
    if (links.length > 4) break;
  }
  const at = `/v1/conversations/${conversationId}`;
  const body = { clientId: 'client-0001', text: 'Here I am' };
  await ask(phone, `POST ${at}/messages`, { token: session.token, body });
  await ask(phone, `GET ${at}`, { token: session.token });
  await ask(phone, `GET ${at}/history`, { token: session.token });
  await ask(phone, `GET ${at}/events?offset=-1`, { token: session.token });
  await ask(phone, 'GET /v1/session', { token: session.token });
  await ask(other, 'GET /v1/session', { token: session.token });
  await ask(phone, 'DELETE /v1/session', { token: session.token });

  const canaries = [...new Set([...links, session.token, again.token, own.token])];
  expect(canaries.length).toBeGreaterThanOrEqual(6);
  for (const canary of canaries) expect(canary).toMatch(/^[\w-]{43}$/);
  const places = {
    rows: await allRows(),
    events: JSON.stringify(await world.events(conversationId)),
    answers: JSON.stringify(answers.map(({ text, headers }) => [text, headers])),
    log: world.log.join(''),
    file: readFileSync(world.path, 'latin1') + readFileSync(`${world.path}-wal`, 'latin1'),
  };
  expect(places.rows).toContain('Here I am');
  expect(places.events).toContain('redeemed');
  expect(places.file).toContain('Here I am');
  expect(places.log).toContain('/v1/handoffs/renew');
  const found = Object.entries(places).flatMap(([place, text]) =>
    canaries.filter((canary) => text.includes(canary)).map((canary) => `${canary} in ${place}`),
  );
  expect(found).toEqual([]);
});
