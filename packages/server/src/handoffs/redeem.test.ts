import type { ConversationEvent } from '@continuo/protocol';
import { describe, expect, test } from 'vitest';
import { WEB_KEY } from '../sessions/testing/brand.ts';
import { DAY, MINUTE } from '../sessions/testing/world.ts';
import { DEEP_LINK, problem, unknownToken, useStage } from './testing/stage.ts';

const stage = useStage();
const { peek, redeem, decline, say, history, steps } = stage;

describe('peek', () => {
  test('shows the channel, the brand, the agent and two letters of the name, and nothing else', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    const { rows } = {
      rows: await stage.world.rt.store.db.selectFrom('handoffs').select('expires_at').execute(),
    };
    expect(await peek(token)).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
    });
    expect((await peek(token)).body).toEqual({
      state: 'live',
      channel: { kind: 'messenger', name: 'Brand on messenger' },
      workspace: { name: 'Brand' },
      maskedName: 'A•••d',
      agent: { name: 'Ines', pictureUrl: 'https://brand.example/ines.png' },
      expiresAt: rows[0]?.expires_at,
      joinRequired: false,
    });
  });

  test('is written down once, takes nothing away, and says "yours" on the device that redeemed it', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    await Promise.all([peek(token), peek(token, stage.other), peek(token)]);
    expect(await steps()).toEqual(['offered', 'peeked']);
    const first = stage.world.now();
    stage.world.pass(MINUTE);
    await peek(token);
    const handoff = await stage.world.rt.store.db
      .selectFrom('handoffs')
      .select('peeked_at')
      .executeTakeFirstOrThrow();
    expect(handoff.peeked_at).toBe(first);
    await stage.world.redeem(stage.phone, token);
    expect(await peek(token)).toMatchObject({ status: 200, body: { state: 'yours' } });
    expect(await peek(token, stage.other)).toMatchObject(
      problem(410, 'handoff_used', { renewable: true, deepLink: DEEP_LINK }),
    );
  });

  test('there is no GET, and an unknown token leads nowhere', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    for (const step of ['peek', 'redeem', 'decline', 'renew']) {
      for (const method of ['GET', 'HEAD']) {
        expect(
          (await stage.world.call(stage.phone, `${method} /v1/handoffs/${step}?token=${token}`)).status,
        ).toBe(404);
      }
    }
    for (const ask of [peek, redeem, decline])
      expect(await ask(unknownToken())).toMatchObject(problem(404, 'not_found'));
    expect(await steps()).toEqual(['offered']);
  });
});

describe('redeem', () => {
  test('gives the conversation with the same agent and what was said, and links the device', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    const session = await stage.world.redeem(stage.phone, token);
    expect(session).toMatchObject({
      conversationId: stage.amina.conversationId,
      customer: { id: stage.amina.customerId, name: 'Amina Haddad' },
    });
    expect(await history(stage.phone, session)).toMatchObject({
      events: [{ type: 'case.opened' }, { type: 'message', text: 'My parcel never came' }, {}, {}, {}],
    });
    const view = await stage.world.call(
      stage.phone,
      `GET /v1/conversations/${session.conversationId}`,
      session,
    );
    expect(view.body).toMatchObject({ assignee: { name: 'Ines' }, visibleAfter: 0 });
    expect((await say(stage.phone, session, 'Here I am')).status).toBe(201);
    const identity = await stage.world.rt.store.db
      .selectFrom('identities')
      .selectAll()
      .where('external_id', '=', stage.phone.thumbprint)
      .executeTakeFirstOrThrow();
    expect(identity).toMatchObject({
      customer_id: stage.amina.customerId,
      last_inbound_at: stage.world.now(),
    });
    expect(identity.handoff_id).not.toBeNull();
    expect(
      (await stage.world.events(stage.amina.conversationId)).find((event) => isStep(event, 'redeemed')),
    ).toMatchObject({
      actor: { kind: 'customer', id: stage.amina.customerId },
    });
  });

  const isStep = (event: ConversationEvent, step: string): boolean =>
    event.type === 'handoff' && event.step === step;

  test('again on the same device: the same conversation, past the link’s own time, until 14 days are over', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    const first = await stage.world.redeem(stage.phone, token);
    stage.world.pass(14 * DAY - 1);
    const again = await stage.world.redeem(stage.phone, token);
    expect(again.conversationId).toBe(first.conversationId);
    expect(again.token).not.toBe(first.token);
    expect(again.expiresAt).toBe(first.expiresAt);
    stage.world.pass(1);
    expect(await redeem(token)).toMatchObject(problem(410, 'handoff_expired'));
    expect(await peek(token)).toMatchObject(problem(410, 'handoff_expired'));
    expect(await steps()).toEqual(['offered', 'redeemed', 'refused:expired']);
  });

  test('not again after a log-out', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    const session = await stage.world.redeem(stage.phone, token);
    await stage.world.call(stage.phone, 'DELETE /v1/session', session);
    expect(await redeem(token)).toMatchObject(problem(410, 'handoff_revoked', { renewable: true }));
  });

  test('on another device it is refused and leaks nothing; a bot that insists leaves one line in the log', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    await stage.world.redeem(stage.phone, token);
    for (let i = 0; i < 5; i++) {
      const answer = await redeem(token, stage.other);
      expect(answer).toMatchObject(problem(410, 'handoff_used', { renewable: true, deepLink: DEEP_LINK }));
      for (const secret of [stage.amina.conversationId, stage.amina.customerId, 'Amina', 'parcel']) {
        expect(answer.text).not.toContain(secret);
      }
    }
    expect(await steps()).toEqual(['offered', 'redeemed', 'refused:used']);
  });

  test('a closed window is told: no fresh link can be sent, only the thread opened', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    stage.world.pass(2 * DAY);
    expect(await redeem(token)).toMatchObject(
      problem(410, 'handoff_expired', { renewable: false, deepLink: DEEP_LINK }),
    );
  });

  test('with the key of another workspace’s channel it does not exist, and stays live', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    await stage.world.rt.store.write(async ({ db }) => {
      const at = { created_at: stage.world.now() };
      await db
        .insertInto('workspaces')
        .values({ id: 'wsp_2', name: 'Rival', settings: '{}', ...at })
        .execute();
      const channel = {
        id: 'chn_2',
        kind: 'web' as const,
        name: 'Rival',
        external_id: 'web_rival',
        config: '',
      };
      await db
        .insertInto('channels')
        .values({ ...channel, workspace_id: 'wsp_2', ...at })
        .execute();
    });
    const body = { token, channelKey: 'web_rival' };
    expect(await stage.world.call(stage.phone, 'POST /v1/handoffs/redeem', { body })).toMatchObject(
      problem(404, 'not_found'),
    );
    expect((await redeem(token)).status).toBe(201);
  });

  test('a foreign site cannot redeem where the brand lists its own', async () => {
    await stage.world.settings({ allowedOrigins: ['https://brand.example'] });
    const token = await stage.world.offer(stage.amina.conversationId);
    const body = { token, channelKey: WEB_KEY };
    const from = (origin: string) =>
      stage.world.call(stage.phone, 'POST /v1/handoffs/redeem', { body, origin });
    expect(await from('https://evil.example')).toMatchObject(problem(403, 'forbidden'));
    expect((await from('https://brand.example')).status).toBe(201);
  });

  test('after the session’s end a linked device needs a fresh link', async () => {
    await stage.world.redeem(stage.phone, await stage.world.offer(stage.amina.conversationId));
    expect(
      await stage.world.call(stage.phone, 'POST /v1/sessions', { body: { channelKey: WEB_KEY } }),
    ).toMatchObject(problem(401, 'session_ended', { renewable: true }));
  });
});
