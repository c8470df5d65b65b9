import { setImmediate as turn } from 'node:timers/promises';
import type { ConversationEvent, CustomerExport } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import { pastCases } from '../conversations/past-cases.ts';
import { ContinuoError } from '../errors.ts';
import { userOf } from '../identity/brand-users.ts';
import { bodyFor } from '../live/audience.ts';
import type { Right } from '../live/right.ts';
import type { Runtime } from '../runtime.ts';
import type { AuthenticatedSession } from '../sessions/sessions.ts';
import type { Database } from '../storage/schema.ts';

/** Events read in one query. */
const PAGE = 200;

/** The end of an address, enough for its owner: a web identity is a device's key, and this device may not be theirs. */
const maskAddress = (address: string): string => `•••${address.slice(-4)}`;

type Head = Omit<CustomerExport, 'events'>;

const customerPart = async (
  db: Kysely<Database>,
  { customerId }: AuthenticatedSession,
): Promise<Pick<Head, 'workspace' | 'user' | 'customer'>> => {
  const row = await db
    .selectFrom('customers as u')
    .innerJoin('workspaces as w', 'w.id', 'u.workspace_id')
    .selectAll('u')
    .select('w.name as workspace_name')
    .where('u.id', '=', customerId)
    .executeTakeFirstOrThrow();
  const user = await userOf(db, customerId);
  return {
    workspace: { name: row.workspace_name },
    ...(user && { user: { id: maskAddress(user.user_id), email: user.email && maskAddress(user.email) } }),
    customer: {
      id: row.id,
      name: row.name,
      pictureUrl: row.picture_url,
      locale: row.locale,
      createdAt: row.created_at,
      eraseAt: row.erase_at,
    },
  };
};

const identitiesPart = async (
  db: Kysely<Database>,
  { customerId }: AuthenticatedSession,
): Promise<Head['identities']> => {
  const rows = await db
    .selectFrom('identities as i')
    .innerJoin('channels as c', 'c.id', 'i.channel_id')
    .selectAll('i')
    .select(['c.kind', 'c.name as channel_name'])
    .where('i.customer_id', '=', customerId)
    .orderBy('i.created_at')
    .orderBy('i.id')
    .execute();
  return rows.map((row) => ({
    channel: { kind: row.kind, name: row.channel_name },
    name: row.name,
    pictureUrl: row.picture_url,
    address: maskAddress(row.external_id),
    createdAt: row.created_at,
    lastInboundAt: row.last_inbound_at,
  }));
};

const sessionsPart = async (
  db: Kysely<Database>,
  session: AuthenticatedSession,
): Promise<Head['sessions']> => {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('conversation_id', '=', session.conversationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    current: row.id === session.id,
  }));
};

const conversationPart = async (
  db: Kysely<Database>,
  { conversationId, visibleAfter }: AuthenticatedSession,
): Promise<Head['conversation']> => {
  const { created_at } = await db
    .selectFrom('conversations')
    .select('created_at')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow();
  return { id: conversationId, createdAt: created_at, visibleAfter };
};

/** All but the events. */
const exportHead = async (rt: Runtime, session: AuthenticatedSession): Promise<Head> => {
  const { db } = rt.store;
  return {
    exportedAt: rt.now(),
    ...(await customerPart(db, session)),
    identities: await identitiesPart(db, session),
    sessions: await sessionsPart(db, session),
    conversation: await conversationPart(db, session),
    cases: await pastCases(db, session),
  };
};

/**
 * Everything that is held of a customer and that this session may see, as the JSON of a `CustomerExport`, piece by piece:
 * a long log is never in memory as a whole.
 *
 * @param right of the session: where it ends, so does this
 * @throws ContinuoError `session_ended`
 */
export async function* exportCustomer(
  rt: Runtime,
  session: AuthenticatedSession,
  right: Pick<Right, 'ended'>,
): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify(await exportHead(rt, session)).slice(0, -1)},"events":[`;
  let after = session.visibleAfter;
  for (let lead = ''; ; lead = ',') {
    if (right.ended) throw new ContinuoError('session_ended');
    const page = await rt.store.readAfter(session.conversationId, after, PAGE);
    if (!page || page.bodies.length === 0) break;
    yield lead + page.bodies.map((body) => bodyFor('customer', body)).join(',');
    after = page.last;
    await turn();
  }
  yield ']}';
}

/** The events that a session may see, oldest first. */
export async function* visibleEvents(
  rt: Pick<Runtime, 'store'>,
  { conversationId, visibleAfter }: Pick<AuthenticatedSession, 'conversationId' | 'visibleAfter'>,
): AsyncGenerator<ConversationEvent, void, undefined> {
  let after = visibleAfter;
  for (;;) {
    const page = await rt.store.readAfter(conversationId, after, PAGE);
    if (!page || page.bodies.length === 0) return;
    for (const body of page.bodies) {
      const event: ConversationEvent = JSON.parse(bodyFor('customer', body));
      yield event;
    }
    after = page.last;
    await turn();
  }
}
