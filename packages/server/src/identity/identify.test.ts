import type { Session } from '@continuo/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { resolveCase } from '../conversations/resolve.ts';
import { eraseCustomer } from '../customers/erase.ts';
import { problem, useStage } from '../handoffs/testing/stage.ts';
import { WEB_KEY } from '../sessions/testing/brand.ts';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { HOUR } from '../sessions/testing/world.ts';
import { type BrandLogIn, createBrandLogIn } from './testing/brand-log-in.ts';
import { forgetUsed } from './use-once.ts';

const stage = useStage();
let brand: BrandLogIn;
let laptop: Device;
beforeEach(async () => {
  brand = await createBrandLogIn(stage.world);
  laptop = await createDevice();
});

const AMINA = { id: 'user-a', name: 'Amina', email: 'amina@brand.example' };
const OMAR = { id: 'user-o', name: 'Omar' };

type Held = Pick<Session, 'token' | 'conversationId'>;
type Body = { token: string | null; conversationId: string; customer: { id: string; name: string | null } };

const identify = async (device: Device, session: Held, user: typeof OMAR): Promise<Body & Held> => {
  const { status, body } = await brand.identify(device, session, await brand.sign(user));
  expect(status).toBe(200);
  const answer = body as Body;
  return { ...answer, token: answer.token ?? session.token };
};

const said = async (device: Device, words: string): Promise<Session> => {
  const session = await stage.world.open(device);
  expect((await stage.say(device, session, words)).status).toBe(201);
  return session;
};

const seen = async (device: Device, session: Held): Promise<string> =>
  JSON.stringify(await stage.history(device, session));

const types = async (conversationId: string): Promise<string[]> =>
  (await stage.world.events(conversationId)).map(({ type }) => type);

describe('a user who was never here', () => {
  test('is this customer from now on: same conversation, same session, a name', async () => {
    const session = await said(stage.phone, 'Where is my parcel?');
    const { body } = await brand.identify(stage.phone, session, await brand.sign(AMINA));
    expect(body).toMatchObject({
      token: null,
      conversationId: session.conversationId,
      customer: { id: session.customer.id, name: 'Amina' },
    });
    expect((await stage.world.events(session.conversationId)).at(-1)).toMatchObject({
      type: 'customer.identified',
      actor: { kind: 'customer', id: session.customer.id, name: 'Amina' },
    });
    expect((await stage.say(stage.phone, session, 'Still me')).status).toBe(201);
  });

  test('keeps the name by which a network knows them', async () => {
    const session = await stage.world.redeem(
      stage.phone,
      await stage.world.offer(stage.amina.conversationId),
    );
    const { customer } = await identify(stage.phone, session, AMINA);
    expect(customer.name).toBe('Amina Haddad');
  });

  test('again: nothing changes but the profile', async () => {
    const session = await said(stage.phone, 'Hello');
    await identify(stage.phone, session, AMINA);
    const before = await types(session.conversationId);
    const again = await identify(stage.phone, session, { ...AMINA, name: 'Amina H.' });
    expect(again.customer).toEqual({ id: session.customer.id, name: 'Amina H.' });
    expect(await types(session.conversationId)).toEqual(before);
  });

  test('sees the conversation whole, also one that a link showed in part, and comes back without a link', async () => {
    await stage.resolve();
    await stage.world.writeSocial(stage.amina, 'Another thing');
    const session = await stage.world.redeem(
      stage.phone,
      await stage.world.offer(stage.amina.conversationId),
    );
    expect(await seen(stage.phone, session)).not.toContain('My parcel never came');
    await identify(stage.phone, session, AMINA);
    expect(await seen(stage.phone, session)).toContain('My parcel never came');
    expect((await stage.world.open(stage.phone)).conversationId).toBe(stage.amina.conversationId);
  });
});

describe('a user who has a conversation on another device', () => {
  test('has it here too; what was begun here is joined into it, with its case and agent', async () => {
    const account = await said(laptop, 'From my laptop');
    await identify(laptop, account, AMINA);
    const { rt, agent } = stage.world;

    await rt.store.write((tx) =>
      resolveCase(rt, tx, { conversationId: account.conversationId, actor: agent }),
    );
    const here = await said(stage.phone, 'From my phone');
    const moved = await identify(stage.phone, here, AMINA);
    expect(moved.conversationId).toBe(account.conversationId);
    expect(moved.token).not.toBe(here.token);
    expect(await seen(stage.phone, moved)).toContain('From my laptop');
    expect((await stage.world.events(here.conversationId)).at(-1)).toMatchObject({
      type: 'joined',
      conversationId: account.conversationId,
      direction: 'into',
    });
    expect((await types(account.conversationId)).slice(-2)).toEqual(['joined', 'case.opened']);
    const row = await rt.store.db
      .selectFrom('conversations')
      .selectAll()
      .where('id', '=', account.conversationId)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ status: 'open', case_number: 2, assignee_id: agent.id });
    expect(row.waiting_since).not.toBeNull();
    expect(await stage.world.call(stage.phone, 'GET /v1/session', here)).toMatchObject(
      problem(401, 'session_ended'),
    );
    expect((await stage.say(stage.phone, moved, 'Here')).status).toBe(201);
    expect((await stage.world.open(stage.phone)).conversationId).toBe(account.conversationId);
  });

  test('has it on a device on which nothing was said, and no log speaks of a join', async () => {
    const account = await said(laptop, 'From my laptop');
    await identify(laptop, account, AMINA);
    const before = await types(account.conversationId);
    const moved = await identify(stage.phone, await stage.world.open(stage.phone), AMINA);
    expect(moved.conversationId).toBe(account.conversationId);
    expect(await types(account.conversationId)).toEqual(before);
    expect((await stage.say(stage.phone, moved, 'Here')).status).toBe(201);
  });

  test('keeps what is said here where nothing was said there', async () => {
    const account = await stage.world.open(laptop);
    await identify(laptop, account, AMINA);
    const here = await said(stage.phone, 'In the middle of it');
    const kept = await identify(stage.phone, here, AMINA);
    expect(kept).toMatchObject({ conversationId: here.conversationId, token: here.token });
    expect((await stage.world.open(laptop)).conversationId).toBe(here.conversationId);
  });

  test('keeps the conversation that goes on over a network: the other is joined into it', async () => {
    const account = await said(laptop, 'From my laptop');
    await identify(laptop, account, AMINA);
    const session = await stage.world.redeem(
      stage.phone,
      await stage.world.offer(stage.amina.conversationId),
    );
    const kept = await identify(stage.phone, session, AMINA);
    expect(kept).toMatchObject({ conversationId: stage.amina.conversationId, token: session.token });
    expect((await stage.world.events(account.conversationId)).at(-1)).toMatchObject({
      type: 'joined',
      direction: 'into',
    });
    expect((await stage.world.open(laptop)).conversationId).toBe(stage.amina.conversationId);
    await stage.world.writeSocial(stage.amina, 'On Messenger');
    expect(await seen(stage.phone, kept)).toContain('On Messenger');
  });

  test('two that go on over networks stay two: the device goes over to the account’s', async () => {
    const second = await stage.world.social({ name: 'Amina on her other phone' });
    const linked = await stage.world.redeem(laptop, await stage.world.offer(second.conversationId));
    await identify(laptop, linked, AMINA);
    const session = await stage.world.redeem(
      stage.phone,
      await stage.world.offer(stage.amina.conversationId),
    );
    const moved = await identify(stage.phone, session, AMINA);
    expect(moved.conversationId).toBe(second.conversationId);
    expect(JSON.stringify(await stage.world.events(stage.amina.conversationId))).not.toContain('joined');
    await stage.world.writeSocial(stage.amina, 'Only here');
    expect(await seen(stage.phone, moved)).not.toContain('Only here');
  });
});

describe('a device of somebody else', () => {
  test('never becomes another user’s: nothing is joined, nothing changes', async () => {
    const session = await said(stage.phone, 'Mine alone');
    await identify(stage.phone, session, AMINA);
    await identify(laptop, await said(laptop, 'Of Omar'), OMAR);
    const before = await stage.world.events(session.conversationId);
    const refused = await brand.identify(stage.phone, session, await brand.sign(OMAR));
    expect(refused).toMatchObject(problem(409, 'conflict'));
    expect(refused.text).not.toContain(AMINA.id);
    expect(await stage.world.events(session.conversationId)).toEqual(before);
  });

  test('by a link, on the account of another user: the same', async () => {
    await identify(
      laptop,
      await stage.world.redeem(laptop, await stage.world.offer(stage.amina.conversationId)),
      AMINA,
    );
    await identify(stage.phone, await said(stage.phone, 'Of Omar'), OMAR);
    const token = await stage.world.offer(stage.amina.conversationId);
    expect(await stage.peek(token)).toMatchObject({ body: { joinRequired: false } });
    const visiting = await stage.world.redeem(stage.phone, token, true);
    expect(await brand.identify(stage.phone, visiting, await brand.sign(OMAR))).toMatchObject(
      problem(409, 'conflict'),
    );
    expect(await types((await stage.world.open(stage.phone)).conversationId)).not.toContain('joined');
  });

  test('after a log-out the key opens nothing of the account', async () => {
    const session = await said(stage.phone, 'Mine alone');
    await identify(stage.phone, session, AMINA);
    expect((await stage.world.call(stage.phone, 'DELETE /v1/session', session)).status).toBe(204);
    const next = await stage.world.open(stage.phone);
    expect(next.conversationId).not.toBe(session.conversationId);
    expect(next.customer).not.toEqual(session.customer);
    const omar = await identify(stage.phone, next, OMAR);
    expect(omar.conversationId).toBe(next.conversationId);
    expect(await seen(stage.phone, omar)).not.toContain('Mine alone');
  });

  test('a link of one’s own takes the user along', async () => {
    const own = await said(stage.phone, 'I was here before');
    await identify(stage.phone, own, AMINA);
    const token = await stage.world.offer(stage.amina.conversationId);
    await stage.world.redeem(stage.phone, token, true);
    const account = await identify(laptop, await stage.world.open(laptop), AMINA);
    expect(account.conversationId).toBe(stage.amina.conversationId);
  });
});

describe('a token', () => {
  test('is used by one device, which may repeat it, until it runs out', async () => {
    const session = await said(stage.phone, 'Hello');
    const token = await brand.sign(AMINA);
    expect((await brand.identify(stage.phone, session, token)).status).toBe(200);
    expect((await brand.identify(stage.phone, session, token)).status).toBe(200);
    const thief = await stage.world.open(laptop);
    expect(await brand.identify(laptop, thief, token)).toMatchObject(problem(403, 'identity_invalid'));
    await forgetUsed(stage.world.rt);
    expect(await stage.world.rt.store.db.selectFrom('identity_tokens').selectAll().execute()).toHaveLength(1);
    stage.world.pass(HOUR);
    await forgetUsed(stage.world.rt);
    expect(await stage.world.rt.store.db.selectFrom('identity_tokens').selectAll().execute()).toEqual([]);
  });

  test('is nothing without a session, and in no log line and no event', async () => {
    const session = await said(stage.phone, 'Hello');
    const token = await brand.sign(AMINA);
    expect(
      await stage.world.call(stage.phone, 'POST /v1/session/identify', { body: { token } }),
    ).toMatchObject(problem(401, 'unauthorized'));
    expect((await brand.identify(stage.phone, session, token)).status).toBe(200);
    expect((await brand.identify(stage.phone, session, `${token}x`)).status).toBe(403);
    const everything = [...stage.world.log, JSON.stringify(await stage.world.events(session.conversationId))];
    const [, , signature = ''] = token.split('.');
    expect(everything.join()).not.toContain(signature.slice(0, 20));
  });
});

test('who has everything erased is no user any more', async () => {
  const session = await said(stage.phone, 'Hello');
  const { customer } = await identify(stage.phone, session, AMINA);
  const { store } = stage.world.rt;
  await store.write(async ({ db }) => {
    await db.updateTable('customers').set({ erase_at: 1 }).where('id', '=', customer.id).execute();
  });
  await eraseCustomer(stage.world.rt, customer.id);
  expect(await store.db.selectFrom('brand_users').selectAll().execute()).toEqual([]);
  expect(JSON.stringify(await stage.world.events(session.conversationId))).not.toContain('Amina');
});

test('many tabs of one device that log in at once are one customer', async () => {
  const session = await said(stage.phone, 'Hello');
  const token = await brand.sign(AMINA);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => brand.identify(stage.phone, session, token)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await types(session.conversationId)).filter((type) => type === 'customer.identified')).toHaveLength(
    1,
  );
  expect(
    await stage.world.call(stage.phone, 'POST /v1/sessions', { body: { channelKey: WEB_KEY } }),
  ).toMatchObject({ body: { conversationId: session.conversationId } });
});
