import { expect, test } from 'vitest';
import { ContinuoError } from '../errors.ts';
import { createWorld } from './testing/world.ts';
import { countAgainstWorkspace } from './workspace-limit.ts';

const PER_MINUTE = 120;

const withClock = async (rateLimits: boolean) => {
  const world = await createWorld({ rateLimits, workspacePerMinute: PER_MINUTE });
  let now = 1_000_000;
  const rt = { ...world.rt, now: () => now };
  await world.close();
  const pass = (ms: number) => {
    now += ms;
  };
  /** How many of so many are taken. */
  const taken = (workspaceId: string, tries: number) => {
    let count = 0;
    for (let index = 0; index < tries; index += 1) {
      try {
        countAgainstWorkspace(rt, workspaceId);
        count += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(ContinuoError);
        expect(error).toMatchObject({ code: 'rate_limited', details: { retryAfter: 1 } });
      }
    }
    return count;
  };
  return { pass, taken };
};

test("a workspace's flood is refused beyond its minute, and other workspaces are not", async () => {
  const { pass, taken } = await withClock(true);
  expect(taken('wsp_loud', 1000)).toBe(PER_MINUTE);
  expect(taken('wsp_quiet', 10)).toBe(10);
  pass(5000);
  expect(taken('wsp_loud', 1000)).toBe(10);
  pass(3_600_000);
  expect(taken('wsp_loud', 1000)).toBe(PER_MINUTE);
  pass(-60_000);
  expect(taken('wsp_loud', 1000)).toBe(0);
});

test('switched off, nothing is counted', async () => {
  const { taken } = await withClock(false);
  expect(taken('wsp_loud', 1000)).toBe(1000);
});
