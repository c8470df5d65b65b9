import { describe, expect, test } from 'vitest';
import type { Device } from '../sessions/testing/device.ts';
import { DAY } from '../sessions/testing/world.ts';
import { useStage } from './testing/stage.ts';

const stage = useStage();
const { peek, redeem, decline, history, resolve } = stage;

describe('what the holder sees', () => {
  /** Two cases: one of three days ago, and one now. */
  const twoCases = async () => {
    await resolve();
    stage.world.pass(3 * DAY);
    await stage.world.writeSocial(stage.amina, 'And now the second one');
  };
  const seen = async (device: Device, session: { token: string; conversationId: string }) =>
    JSON.stringify(await history(device, session));

  test.each([
    ['current', false],
    ['recent', false],
    ['all', true],
  ])('%s: earlier cases shown: %s', async (handoffVisibility, earlier) => {
    await stage.world.settings({ handoffVisibility });
    await twoCases();
    const session = await stage.world.redeem(
      stage.phone,
      await stage.world.offer(stage.amina.conversationId),
    );
    const text = await seen(stage.phone, session);
    expect(text).toContain('And now the second one');
    expect(text).toContain(`"case":2`);
    expect(text.includes('My parcel never came')).toBe(earlier);
    const stream = await stage.world.call(
      stage.phone,
      `GET /v1/conversations/${session.conversationId}/events?offset=-1`,
      session,
    );
    expect(stream.text.includes('My parcel never came')).toBe(earlier);
    expect(stream.text).toContain('And now the second one');
  });

  test('recent: the last 24 hours, whatever the case', async () => {
    await stage.world.settings({ handoffVisibility: 'recent' });
    stage.world.pass(DAY);
    await stage.world.writeSocial(stage.amina, 'Still waiting');
    const text = await seen(
      stage.phone,
      await stage.world.redeem(stage.phone, await stage.world.offer(stage.amina.conversationId)),
    );
    expect(text).toContain('Still waiting');
    expect(text).not.toContain('My parcel never came');
  });

  test('what was seen stays seen when the link is tapped again in a later case', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    await stage.world.redeem(stage.phone, token);
    await twoCases();
    expect(await seen(stage.phone, await stage.world.redeem(stage.phone, token))).toContain(
      'My parcel never came',
    );
  });

  test('that others looked at the link or were refused is for agents alone; the numbering stays dense', async () => {
    const token = await stage.world.offer(stage.amina.conversationId);
    await peek(token);
    const session = await stage.world.redeem(stage.phone, token);
    await redeem(token, stage.other);
    await decline(token, stage.other);
    const page = await history(stage.phone, session);
    const text = JSON.stringify(page);
    for (const step of ['peeked', 'refused', 'declined']) expect(text).not.toContain(step);
    expect(page).toMatchObject({
      events: (await stage.world.events(stage.amina.conversationId)).map(({ seq }) => ({ seq })),
    });
  });
});
