import type { InboundEvent, Profile } from '@continuo/channels';
import type { Kysely } from 'kysely';
import { resolveJoined } from '../conversations/open.ts';
import { backoff } from '../deliveries/backoff.ts';
import { listen } from '../deliveries/room.ts';
import { createWorkLoop, type Worker } from '../deliveries/work-loop.ts';
import { arrivalScope } from '../handoffs/continue-on-network.ts';
import type { Runtime } from '../runtime.ts';
import type { Database } from '../storage/schema.ts';
import { conversationScope, customerScope, writeFound } from '../storage/scopes.ts';
import type { Scope, Tx } from '../storage/store.ts';
import { networkContext, openAccount } from './account.ts';
import { handleInbound, type InboundChannel } from './inbound-event.ts';
import { type InboundRow, nextDue, purgeDone, putOff, takeHeads } from './inbound-queue.ts';

/** Customers whose events are worked on at the same time. */
const LANES = 16;
/** Tries of one event before it is given up and the next of its customer goes on: about four minutes. */
const MAX_ATTEMPTS = 8;
/** How long a network may take to tell who someone is, before their message goes on without. */
const PROFILE_TIMEOUT_MS = 2000;
/** How soon to look again at what cannot be understood before a send under way has ended. */
const LATER_MS = 500;
/** Characters of an error that are kept. */
const ERROR_LENGTH = 500;
/** How often rows that are done are looked through for old ones. */
const PURGE_EVERY_MS = 3_600_000;

const laneOf = (row: InboundRow): string => `${row.channel_id} ${row.sender}`;

/** Asks the network who a new customer is. Outside of any transaction, and never in the way of what they said. */
const askProfile = async (
  rt: Runtime,
  channel: InboundChannel,
  event: InboundEvent,
): Promise<Profile | null> => {
  if (event.type !== 'message' && event.type !== 'postback') return null;
  const known = await rt.store.db
    .selectFrom('identities')
    .select('name')
    .where('channel_id', '=', channel.id)
    .where('external_id', '=', event.from)
    .executeTakeFirst();
  if (known && known.name !== null) return null;
  return openAccount(rt, channel).profile(event.from, networkContext(rt, channel.kind, PROFILE_TIMEOUT_MS));
};

/** The customer, their conversation where they have one already, and that which they come from. */
const scopeOf = async (
  db: Kysely<Database>,
  { row, channel, event }: { row: InboundRow; channel: InboundChannel; event: InboundEvent },
): Promise<Scope> => {
  const conversation = await db
    .selectFrom('identities as i')
    .innerJoin('conversations as v', 'v.customer_id', 'i.customer_id')
    .select('v.id')
    .where('i.channel_id', '=', row.channel_id)
    .where('i.external_id', '=', row.sender)
    .executeTakeFirst();
  const customer = [
    ...customerScope(row.channel_id, row.sender),
    ...(await arrivalScope(db, { channel, event })),
  ];
  if (!conversation) return customer;
  return [...customer, ...conversationScope(conversation.id, await resolveJoined(db, conversation.id))];
};

const finish = async (rt: Runtime, row: InboundRow): Promise<void> => {
  const event: InboundEvent = JSON.parse(row.payload);
  const channel = await rt.store.db
    .selectFrom('channels')
    .selectAll()
    .where('id', '=', row.channel_id)
    .executeTakeFirstOrThrow();
  const profile = await askProfile(rt, channel, event);
  const act = async (tx: Tx): Promise<void> => {
    const { processed_at: doneAt } = await tx.db
      .selectFrom('inbound')
      .select('processed_at')
      .where('id', '=', row.id)
      .executeTakeFirstOrThrow();
    // Another process on the same database may have taken it over and been faster.
    if (doneAt !== null) return;
    const progress = await handleInbound(rt, tx, { channel, event, profile, row });
    const changes = progress === 'done' ? { processed_at: rt.now(), error: null } : putOff(rt, row, LATER_MS);
    await tx.db
      .updateTable('inbound')
      .set({ ...changes, taken_until: null })
      .where('id', '=', row.id)
      .execute();
  };
  await writeFound(rt.store, (db) => scopeOf(db, { row, channel, event }), act);
};

/** Notes that an event could not be worked on: again later, or never, so that it keeps nobody's next one back. */
const noteFailure = async (rt: Runtime, row: InboundRow, error: unknown): Promise<void> => {
  const attempts = row.attempts + 1;
  const over = attempts >= MAX_ATTEMPTS;
  const message = error instanceof Error ? error.message : String(error);
  rt.log.error(
    { err: error, inboundId: row.id, attempts, over },
    'an event from a network could not be worked on',
  );
  rt.metrics.increment('continuo_inbound_failures_total', { outcome: over ? 'given_up' : 'again' });
  await rt.store.write(
    async (tx) => {
      await tx.db
        .updateTable('inbound')
        .set({
          attempts,
          error: message.slice(0, ERROR_LENGTH),
          next_at: rt.now() + backoff(attempts, rt.randomBytes),
          processed_at: over ? rt.now() : null,
          taken_until: null,
        })
        .where('id', '=', row.id)
        .execute();
    },
    customerScope(row.channel_id, row.sender),
  );
};

/**
 * Works on what came in from networks: for each customer in order, for different customers at the same time. A row is
 * marked as done in the transaction that does it, so a crash leaves it either done or to be done. Only a network's word
 * on what we send is ever put off, so what customers write keeps its order and waits for no send.
 */
export const createInboundWorker = (rt: Runtime): Worker => {
  const underWay = new Map<string, Promise<void>>();
  let purgedAt = 0;

  const work = async (row: InboundRow): Promise<void> => {
    try {
      await finish(rt, row).catch((error: unknown) => noteFailure(rt, row, error));
    } catch (error) {
      // Not even that could be written: the loop looks again after its rest.
      rt.log.error({ err: error, inboundId: row.id }, 'a failure could not be noted');
      underWay.delete(laneOf(row));
      return;
    }
    underWay.delete(laneOf(row));
    loop.wake();
  };

  const choose = (heads: InboundRow[]): InboundRow[] =>
    heads.filter((row) => !underWay.has(laneOf(row))).slice(0, LANES - underWay.size);

  const loop: Worker = createWorkLoop(rt, {
    name: 'inbound',
    async turn() {
      // Taken before the look, so that what falls due during it is seen by the one or the other.
      const since = rt.now();
      for (const row of await takeHeads(rt, LANES + underWay.size, choose))
        underWay.set(laneOf(row), work(row));
      if (rt.now() - purgedAt >= PURGE_EVERY_MS) {
        purgedAt = rt.now();
        await purgeDone(rt);
      }
      return nextDue(rt, since);
    },
    async idle() {
      await Promise.all(underWay.values());
    },
  });

  return {
    start() {
      listen(rt, 'inbound', loop.wake);
      loop.start();
    },
    wake: loop.wake,
    async close() {
      listen(rt, 'inbound', null);
      await loop.close();
    },
  };
};
