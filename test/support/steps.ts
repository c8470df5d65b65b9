import { test } from 'vitest';
import type { World } from './world.ts';

/**
 * Tests that depend on each other, in the order written: a step fails at once after one that failed, instead of waiting
 * for what cannot come, and the first to fail leaves pictures of every page in `test-results/`.
 */
export const steps = (name: string, world: () => World) => {
  let isBroken = false;
  return (title: string, run: () => Promise<void> | void) =>
    test(title, async () => {
      if (isBroken) throw new Error('an earlier step failed');
      try {
        await run();
      } catch (error) {
        isBroken = true;
        await world().takePictures(name);
        throw error;
      }
    });
};
