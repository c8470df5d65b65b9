import { describe, expect, test } from 'vitest';
import { WEB_KEY } from '../sessions/testing/brand.ts';
import { DAY, HOUR, MINUTE } from '../sessions/testing/world.ts';
import { offerHandoff } from './offer.ts';
import { handoffPossible } from './possible.ts';
import { DEEP_LINK, problem, unknownToken, useStage } from './testing/stage.ts';

const stage = useStage();
const { peek, redeem, decline, renew, steps } = stage;

describe('offer', () => {
  test('a link goes into the social thread, in the customer’s language, and the log says so without it', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    const { opened } = await stage.world.lastLink(stage.amina.conversationId);
    expect(JSON.parse(opened)).toMatchObject({
      link: { url: `http://localhost:4400/c/${WEB_KEY}#continuo=${token}`, title: 'Continue on our site' },
      immediate: true,
    });
    expect((await stage.world.events(stage.amina.conversationId)).at(-1)).toMatchObject({
      type: 'handoff',
      step: 'offered',
      from: 'messenger',
      to: 'web',
      actor: stage.world.agent,
      expiresAt: stage.world.now() + 30 * MINUTE,
    });
  });

  test('the brand’s own page and life, where it set them', async () => {
    await stage.world.settings({ siteUrl: 'https://brand.example/help?x=1', handoffMinutes: 2 });
    const token = await stage.world.offer(stage.amina.conversationId);
    const { opened } = await stage.world.lastLink(stage.amina.conversationId);
    expect(JSON.parse(opened).link.url).toBe(`https://brand.example/help?x=1#continuo=${token}`);
    stage.world.pass(2 * MINUTE - 1);
    expect((await peek(token)).status).toBe(200);
    stage.world.pass(1);
    expect(await peek(token)).toMatchObject(problem(410, 'handoff_expired'));
  });

  test('the same client id again offers nothing new', async () => {
    const offer = () =>
      stage.world.rt.store.write((tx) =>
        offerHandoff(stage.world.rt, tx, {
          conversationId: stage.amina.conversationId,
          agent: stage.world.agent,
          clientId: 'offer-0001',
        }),
      );
    const [first, again] = await Promise.all([offer(), offer()]);
    expect(again).toEqual(first);
    expect(await steps()).toEqual(['offered']);
  });

  test('a new link revokes the live one, but not one that was redeemed', async () => {
    const first = await stage.world.offer(stage.amina.conversationId);
    const second = await stage.world.offer(stage.amina.conversationId);
    expect(await redeem(first)).toMatchObject(problem(410, 'handoff_revoked'));
    await stage.world.redeem(stage.phone, second);
    await stage.world.offer(stage.amina.conversationId);
    expect((await redeem(second)).status).toBe(201);
  });

  test('five an hour, then it tells when the next one may be', async () => {
    for (let i = 0; i < 5; i++) {
      await stage.world.offer(stage.amina.conversationId);
      stage.world.pass(MINUTE);
    }
    await expect(stage.world.offer(stage.amina.conversationId)).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfter: 55 * 60 },
    });
    expect(
      await handoffPossible(stage.world.rt, stage.world.rt.store.db, stage.amina.conversationId),
    ).toMatchObject({
      possible: false,
      reason: 'rate_limited',
    });
    stage.world.pass(55 * MINUTE);
    await stage.world.offer(stage.amina.conversationId);
  });

  test('not when the window is closed, not without a social thread; the live link is told', async () => {
    const { db } = stage.world.rt.store;
    await stage.world.offer(stage.amina.conversationId);
    expect(await handoffPossible(stage.world.rt, db, stage.amina.conversationId)).toEqual({
      possible: true,
      reason: null,
      liveUntil: stage.world.now() + 30 * MINUTE,
    });
    stage.world.pass(DAY + 1);
    await expect(stage.world.offer(stage.amina.conversationId)).rejects.toMatchObject({
      code: 'window_closed',
      details: { deepLink: DEEP_LINK },
    });
    expect(await handoffPossible(stage.world.rt, db, stage.amina.conversationId)).toEqual({
      possible: false,
      reason: 'window_closed',
      liveUntil: null,
    });
    const own = await stage.world.open(stage.phone);
    await expect(stage.world.offer(own.conversationId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await handoffPossible(stage.world.rt, db, own.conversationId)).toMatchObject({
      reason: 'no_social_identity',
    });
  });
});

describe('not me, and send me a new one', () => {
  test('"not me" is written down once and leaves the link live', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    for (let i = 0; i < 3; i++) expect((await decline(token, stage.other)).status).toBe(204);
    expect(await steps()).toEqual(['offered', 'declined']);
    expect((await redeem(token)).status).toBe(201);
  });

  test('a fresh link goes into the thread and never into the answer; an unknown token gets the same one', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    await stage.world.redeem(stage.other, token);
    const answer = await renew(token);
    expect(answer).toMatchObject({ status: 202, text: '{}' });
    const fresh = (await stage.world.lastLink(stage.amina.conversationId)).token;
    expect(fresh).not.toBe(token);
    expect(await steps()).toEqual(['offered', 'redeemed', 'offered']);
    expect((await redeem(fresh)).status).toBe(201);
    const nothing = await renew(unknownToken());
    expect([nothing.status, nothing.text]).toEqual([answer.status, answer.text]);
    const names = (headers: Record<string, unknown>) => Object.keys(headers).sort();
    expect(names(nothing.headers)).toEqual(names(answer.headers));
  });

  test('works for an expired and for a revoked link too', async () => {
    const expired = await stage.world.offer(stage.amina.conversationId);
    stage.world.pass(31 * MINUTE);
    expect((await renew(expired)).status).toBe(202);
    const revoked = (await stage.world.lastLink(stage.amina.conversationId)).token;
    await stage.world.offer(stage.amina.conversationId);
    expect((await renew(revoked)).status).toBe(202);
    expect((await redeem((await stage.world.lastLink(stage.amina.conversationId)).token)).status).toBe(201);
  });

  test('with the window closed it tells the way into the thread', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    stage.world.pass(DAY + HOUR);
    expect(await renew(token)).toMatchObject(problem(409, 'window_closed', { deepLink: DEEP_LINK }));
  });

  test('in the days in which only people may write, an agent may send a link and a machine may not', async () => {
    await stage.world.settings({ humanAgent: true });
    const token = await stage.world.offer(stage.amina.conversationId);
    stage.world.pass(2 * DAY);
    expect(await renew(token)).toMatchObject(problem(409, 'window_closed'));
    expect(await peek(token)).toMatchObject({ body: { code: 'handoff_expired', renewable: false } });
    await stage.world.offer(stage.amina.conversationId);
  });

  test('no more than five an hour', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    for (let i = 0; i < 4; i++) expect((await renew(token)).status).toBe(202);
    const answer = await renew(token);
    expect(answer).toMatchObject(problem(429, 'rate_limited', { retryAfter: 3600 }));
    expect(answer.headers['retry-after']).toBe('3600');
  });
});
