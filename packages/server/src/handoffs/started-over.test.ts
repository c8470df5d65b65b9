import { expect, test } from 'vitest';
import { DAY, MINUTE } from '../sessions/testing/world.ts';
import { useStage } from './testing/stage.ts';

const stage = useStage();

/** The reasons under which someone was counted as having started over. */
const startedOver = async (): Promise<string[]> => {
  const text = await stage.world.rt.metrics.text();
  return [...text.matchAll(/continuo_handoffs_total\{step="started_over",reason="(\w+)"\} 1/g)].map(
    ([, reason = '']) => reason,
  );
};

test('a device that looked at a link and begins anew is counted, once, with how the link stands', async () => {
  await stage.peek(await stage.world.offer(stage.amina.conversationId));
  await stage.world.open(stage.other);
  expect(await startedOver()).toEqual([]);
  await stage.world.open(stage.phone);
  await stage.world.open(stage.phone);
  expect(await startedOver()).toEqual(['live']);
});

test('so is one that was refused', async () => {
  const token = await stage.world.offer(stage.amina.conversationId);
  stage.world.pass(31 * MINUTE);
  expect(await stage.peek(token)).toMatchObject({ status: 410 });
  await stage.world.open(stage.phone);
  expect(await startedOver()).toEqual(['expired']);
});

test('who said "Not me", or comes another day, starts nothing over', async () => {
  const token = await stage.world.offer(stage.amina.conversationId);
  await stage.peek(token);
  await stage.decline(token);
  await stage.world.open(stage.phone);
  await stage.peek(token, stage.other);
  stage.world.pass(DAY);
  await stage.world.open(stage.other);
  expect(await startedOver()).toEqual([]);
});
