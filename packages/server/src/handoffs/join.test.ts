import type { InboxSignal } from '@continuo/protocol';
import { describe, expect, test } from 'vitest';
import { resolveJoined } from '../conversations/open.ts';
import { WEB_KEY } from '../sessions/testing/brand.ts';
import type { Device } from '../sessions/testing/device.ts';
import { until } from '../testing/until.ts';
import { problem, useStage } from './testing/stage.ts';

const stage = useStage();
const { peek, redeem, say, history } = stage;

describe('a device with a conversation of its own', () => {
  const ownConversation = async () => {
    const session = await stage.world.open(stage.phone);
    await say(stage.phone, session, 'I was here before');
    return session;
  };

  const ownerOf = async ({ thumbprint }: Device): Promise<string> => {
    const { db } = stage.world.rt.store;
    const row = await db
      .selectFrom('identities')
      .select('customer_id')
      .where('external_id', '=', thumbprint)
      .executeTakeFirstOrThrow();
    return row.customer_id;
  };

  test('is asked before anything is taken', async () => {
    await ownConversation();
    const token = await stage.world.offer(stage.amina.conversationId);
    expect(await peek(token)).toMatchObject({ body: { joinRequired: true } });
    expect(await peek(token, stage.other)).toMatchObject({ body: { joinRequired: false } });
    expect(await redeem(token)).toMatchObject(problem(409, 'join_required'));
    expect((await redeem(token, stage.phone, false)).status).toBe(201);
  });

  test('joins: each log points to the other, the old session ends, and the device belongs to the customer', async () => {
    const old = await ownConversation();
    const session = await stage.world.redeem(
      stage.phone,
      await stage.world.offer(stage.amina.conversationId),
      true,
    );
    expect((await stage.world.events(old.conversationId)).slice(-2)).toMatchObject([
      { type: 'case.resolved' },
      { type: 'joined', conversationId: stage.amina.conversationId, direction: 'into' },
    ]);
    expect(await stage.world.events(stage.amina.conversationId)).toContainEqual(
      expect.objectContaining({ type: 'joined', conversationId: old.conversationId, direction: 'from' }),
    );
    expect(await resolveJoined(stage.world.rt.store.db, old.conversationId)).toBe(stage.amina.conversationId);
    expect(await stage.world.call(stage.phone, 'GET /v1/session', old)).toMatchObject(
      problem(401, 'session_ended'),
    );
    expect((await say(stage.phone, session, 'Here I am')).status).toBe(201);
    const text = JSON.stringify(await history(stage.phone, session));
    expect(text).not.toContain('I was here before');
    expect(
      await stage.world.call(stage.phone, 'POST /v1/sessions', { body: { channelKey: WEB_KEY } }),
    ).toMatchObject(problem(401, 'session_ended'));
  });

  test('joins: inboxes are told that the old row goes on elsewhere', async () => {
    const old = await ownConversation();
    const token = await stage.world.offer(stage.amina.conversationId);
    const told: InboxSignal[] = [];
    stage.world.rt.hub.listenInbox('wsp_1', { agentId: 'agt_2', onSignal: (signal) => told.push(signal) });
    await stage.world.redeem(stage.phone, token, true);
    await until(() =>
      expect(told).toContainEqual({
        type: 'conversation',
        conversation: expect.objectContaining({
          id: old.conversationId,
          status: 'resolved',
          joinedInto: stage.amina.conversationId,
        }),
      }),
    );
  });

  test('keeps it apart: both go on, and the own one is opened again later', async () => {
    const old = await ownConversation();
    const session = await stage.world.redeem(
      stage.phone,
      await stage.world.offer(stage.amina.conversationId),
      false,
    );
    expect((await say(stage.phone, session, 'About the parcel')).status).toBe(201);
    expect((await say(stage.phone, old, 'About the other thing')).status).toBe(201);
    expect((await stage.world.open(stage.phone)).conversationId).toBe(old.conversationId);
    expect(JSON.stringify(await stage.world.events(old.conversationId))).not.toContain('joined');
  });

  test('in which nothing was said is not asked', async () => {
    const empty = await stage.world.open(stage.phone);
    const token = await stage.world.offer(stage.amina.conversationId);
    expect(await peek(token)).toMatchObject({ body: { joinRequired: false } });
    expect((await redeem(token)).status).toBe(201);
    // A second tab must not write where nobody will look.
    expect(await say(stage.phone, empty, 'Hello?')).toMatchObject(problem(401, 'session_ended'));
  });

  test('that is another person’s social one is never joined: no message of theirs changes its thread', async () => {
    const omar = await stage.world.social({ name: 'Omar' });
    await stage.world.redeem(stage.phone, await stage.world.offer(omar.conversationId));
    const token = await stage.world.offer(stage.amina.conversationId);
    expect(await peek(token)).toMatchObject({ body: { joinRequired: false } });
    expect((await redeem(token, stage.phone, true)).status).toBe(201);
    expect(await ownerOf(stage.phone)).toBe(stage.amina.customerId);
    await stage.world.writeSocial(omar, 'Mine alone');
    expect(JSON.stringify(await stage.world.events(omar.conversationId))).toContain('Mine alone');
    expect(JSON.stringify(await stage.world.events(stage.amina.conversationId))).not.toContain('Mine alone');
  });

  test('that is carried on over a network too stays theirs, whatever is answered', async () => {
    const own = await ownConversation();
    const owner = await ownerOf(stage.phone);
    const omar = await stage.world.social({ name: 'Omar' });
    await stage.world.rt.store.write(async ({ db }) => {
      await db
        .updateTable('identities')
        .set({ customer_id: owner })
        .where('id', '=', omar.identityId)
        .execute();
    });
    const token = await stage.world.offer(stage.amina.conversationId);
    expect(await peek(token)).toMatchObject({ body: { joinRequired: false } });
    expect((await redeem(token, stage.phone, true)).status).toBe(201);
    expect(await ownerOf(stage.phone)).toBe(owner);
    expect(await resolveJoined(stage.world.rt.store.db, own.conversationId)).toBe(own.conversationId);
  });
});
