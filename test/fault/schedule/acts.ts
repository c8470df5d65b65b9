import fc from 'fast-check';
import type { NetworkFault } from '../../support/fault-proxy.ts';

/** The devices of a schedule: two of one customer, who came from Messenger, and one of a visitor. */
export const DEVICES = ['phone', 'laptop', 'visitor'] as const;
export type DeviceName = (typeof DEVICES)[number];

/** What may happen in a schedule. */
export type Act =
  | { do: 'write'; device: DeviceName; times: number }
  | { do: 'reply'; to: 'amina' | 'visitor'; times: number }
  | { do: 'write on Messenger' }
  | { do: 'read' | 'reload' | 'hide' | 'show' | 'lose network' | 'have network'; device: DeviceName }
  | { do: 'skew'; device: DeviceName; ms: number }
  /** From now on a share of the requests goes wrong. */
  | { do: 'network'; share: number; fault: NetworkFault }
  | { do: 'cut' | 'block' | 'mute' | 'heal' }
  | { do: 'messenger'; fault: 'drop_before_send' | 'drop_after_send' | 'error_500' | 'slow' }
  | { do: 'resolve'; of: 'amina' | 'visitor' }
  /** A stranger tries the links that were used. */
  | { do: 'steal' }
  /** `node`: which of the servers, counted in a circle. */
  | { do: 'kill' | 'restart'; node: number }
  /** Nothing, for so many milliseconds. */
  | { do: 'pass'; ms: number };

const device = fc.constantFrom(...DEVICES);
const whose = fc.constantFrom('amina' as const, 'visitor' as const);
const times = fc.integer({ min: 1, max: 4 });
const DAY_MS = 86_400_000;

const fault: fc.Arbitrary<NetworkFault> = fc.oneof(
  fc.constantFrom<NetworkFault>('lose_request', 'lose_answer', 'double'),
  fc.record({ delayMs: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ resetAfter: fc.integer({ min: 1, max: 2000 }) }),
);

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('write' as const), device, times }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('reply' as const), to: whose, times }) },
  { weight: 2, arbitrary: fc.constant<Act>({ do: 'write on Messenger' }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('read', 'reload', 'hide', 'show', 'lose network', 'have network'),
      device,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('skew' as const),
      device,
      ms: fc.constantFrom(-DAY_MS, -200_000, 200_000, DAY_MS),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('network' as const),
      share: fc.constantFrom(0.2, 0.5),
      fault,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('cut', 'block', 'mute', 'heal') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('messenger' as const),
      fault: fc.constantFrom('drop_before_send', 'drop_after_send', 'error_500', 'slow'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve' as const), of: whose }) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'steal' }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('kill', 'restart'), node: fc.nat({ max: 1 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 150 }) }),
  },
);

/** A schedule: acts one after another, and the seed of its dice. */
export const schedules = fc.record({
  acts: fc.array(act, { minLength: 8, maxLength: 40, size: 'max' }),
  seed: fc.nat(),
});
