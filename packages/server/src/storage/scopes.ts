import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';
import type { Scope, Store, Tx } from './store.ts';

/*
 * Names of what units of work read and change, so that on PostgreSQL those that have nothing in common run at the same
 * time. A unit names everything that it reads in order to change it. What it only looks at (an agent's status, how busy
 * agents are) it does not name: that may be out of date a moment later anyway.
 */

/** Everything of a conversation: its row, log, cases, deliveries, and links. */
export const conversationScope = (...conversationIds: string[]): Scope =>
  conversationIds.map((id) => `conversation:${id}`);

/** Who is behind an address on a network, and in which order what they did is worked on. */
export const customerScope = (channelId: string, externalId: string): Scope => [
  `customer:${channelId}:${externalId}`,
];

/** What a device is: its web identity, the customer and conversation that it begins, and its sessions. */
export const deviceScope = (thumbprint: string): Scope => [`device:${thumbprint}`];

/** Who is behind a user of the brand. */
export const userScope = (workspaceId: string, userId: string): Scope => [`user:${workspaceId}:${userId}`];

/** The use of these sessions. */
export const sessionScope = (sessionIds: readonly string[]): Scope => sessionIds.map((id) => `session:${id}`);

/** An agent's own row. */
export const agentScope = (agentId: string): Scope => [`agent:${agentId}`];

/** Work that one node at a time does for all. */
export const choreScope = (name: string): Scope => [`chore:${name}`];

/** How often a scope is looked for anew, before the unit runs alone. */
const TRIES = 3;

/**
 * Runs a unit whose scope must be found first. If more is found once it has begun, because somebody was faster, it begins
 * anew with that in its scope.
 *
 * @param find the unit's scope as committed data tell it
 */
export const writeFound = async <T>(
  store: Store,
  find: (db: Kysely<Database>) => Promise<Scope>,
  unit: (tx: Tx) => Promise<T>,
): Promise<T> => {
  if (store.engine === 'sqlite') return store.write(unit);
  let scope = await find(store.db);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const taken = new Set(scope);
    const ran = await store.write(async (tx) => {
      const needed = await find(tx.db);
      return needed.every((name) => taken.has(name)) ? { result: await unit(tx) } : { needed };
    }, scope);
    if ('result' in ran) return ran.result;
    scope = ran.needed;
  }
  return store.write(unit);
};
