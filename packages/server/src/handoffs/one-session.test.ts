import { Session } from '@continuo/protocol';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WEB_KEY } from '../sessions/testing/brand.ts';
import { createDevice, type Device } from '../sessions/testing/device.ts';
import { createWorld, HOUR, MINUTE, type World } from '../sessions/testing/world.ts';

/*
 * Invariant 7: one token yields at most one session's owner, under any interleaving of bots, retries, racing devices,
 * log-outs, fresh links and time.
 */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const DEVICES = 4;
const device = fc.nat({ max: DEVICES - 1 });
/** Counts back from the newest token. */
const token = fc.nat({ max: 3 });

type Act = { do: 'redeem' | 'peek' | 'decline' | 'renew' | 'logout'; device: number; token: number };

/** What happens at the same time. */
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('redeem' as const), device, token }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('peek' as const), device, token }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decline' as const), device, token }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), device, token }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('logout' as const), device, token }) },
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      at: fc.constant('once' as const),
      acts: fc.array(act, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ at: fc.constant('offer' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      at: fc.constant('later' as const),
      ms: fc.constantFrom(MINUTE, 31 * MINUTE, HOUR),
    }),
  },
);

interface Play {
  conversationId: string;
  devices: Device[];
  /** Newest first. */
  tokens: string[];
  /** Who was given a session by which token. */
  given: Map<string, Set<string>>;
  /** Tokens that were dead, and nobody's, before what happens now. */
  dead: Set<string>;
  sessions: Map<Device, string>;
}

const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index % list.length];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
};

const perform = async (play: Play, what: Act): Promise<void> => {
  const by = at(play.devices, what.device);
  const secret = at(play.tokens, what.token);
  if (what.do === 'logout') {
    const session = play.sessions.get(by);
    if (session) await world.call(by, 'DELETE /v1/session', { token: session });
    return;
  }
  const body = what.do === 'redeem' ? { token: secret, channelKey: WEB_KEY } : { token: secret };
  const answer = await world.call(by, `POST /v1/handoffs/${what.do}`, { body });
  expect(answer.status).toBeLessThan(500);
  if (what.do !== 'redeem' || answer.status !== 201) return;
  expect(answer.body).toMatchObject({ conversationId: play.conversationId });
  expect(play.dead).not.toContain(secret);
  play.sessions.set(by, Value.Parse(Session, answer.body).token);
  play.given.set(secret, (play.given.get(secret) ?? new Set()).add(by.thumbprint));
};

/** Keeps what the tokens are up to date from the table, where renewed links show up too. */
const look = async (play: Play): Promise<void> => {
  const rows = await world.rt.store.db
    .selectFrom('handoffs')
    .selectAll()
    .where('conversation_id', '=', play.conversationId)
    .execute();
  const { token: newest } = await world.lastLink(play.conversationId);
  if (!play.tokens.includes(newest)) play.tokens.unshift(newest);
  expect(
    rows.filter((row) => row.redeemed_at === null && row.revoked_at === null && row.expires_at > world.now())
      .length,
  ).toBeLessThanOrEqual(1);
  for (const secret of play.tokens.slice(1)) if (!play.given.has(secret)) play.dead.add(secret);
};

const verify = async (play: Play): Promise<void> => {
  for (const owners of play.given.values()) expect(owners.size).toBe(1);
  const sessions = await world.rt.store.db
    .selectFrom('sessions')
    .select(['handoff_id', 'key_thumbprint'])
    .where('conversation_id', '=', play.conversationId)
    .execute();
  const owners = new Map<string | null, Set<string>>();
  for (const { handoff_id, key_thumbprint } of sessions) {
    owners.set(handoff_id, (owners.get(handoff_id) ?? new Set()).add(key_thumbprint));
  }
  for (const keys of owners.values()) expect(keys.size).toBe(1);
};

test('a token has at most one owner, whatever happens at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (script) => {
      const { conversationId } = await world.social();
      const devices = await Promise.all(Array.from({ length: DEVICES }, createDevice));
      const play: Play = {
        conversationId,
        devices,
        tokens: [await world.offer(conversationId)],
        given: new Map(),
        dead: new Set(),
        sessions: new Map(),
      };
      for (const now of script) {
        if (now.at === 'once') await Promise.all(now.acts.map((what) => perform(play, what)));
        if (now.at === 'later') world.pass(now.ms);
        if (now.at === 'offer') {
          await world.offer(conversationId).catch((error) => expect(error.code).toBe('rate_limited'));
        }
        await look(play);
      }
      await verify(play);
    }),
    { numRuns: 40 },
  );
}, 60_000);
