import type { ConversationEvent, MailTranscript } from '@continuo/protocol';
import { visibleEvents } from '../customers/export.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { AuthenticatedSession } from '../sessions/sessions.ts';
import { hashOf } from '../sessions/tokens.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';
import { mailTranscript } from './mail.ts';
import { writeTranscript } from './write.ts';

/** Transcripts of one conversation, and to one address, in a day. */
const A_DAY = 3;
const DAY_MS = 86_400_000;
/** The newest events that a mail holds; the download has them all. */
const EVENTS = 2000;

/** Counts it, so that neither a conversation nor whoever owns the address is flooded. @returns the id of the count */
const count = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, addressHash }: { conversationId: string; addressHash: string },
): Promise<string> => {
  const since = rt.now() - DAY_MS;
  await tx.db.deleteFrom('transcript_mails').where('at', '<=', since).execute();
  const rows = await tx.db
    .selectFrom('transcript_mails')
    .select(['at', 'conversation_id', 'address_hash'])
    .where(({ or, eb }) =>
      or([eb('conversation_id', '=', conversationId), eb('address_hash', '=', addressHash)]),
    )
    .orderBy('at')
    .execute();
  const own = rows.filter((row) => row.conversation_id === conversationId);
  const same = rows.filter((row) => row.address_hash === addressHash);
  const full = [own, same].find(({ length }) => length >= A_DAY);
  if (full) {
    const freeAt = (full[0]?.at ?? since) + DAY_MS;
    throw new ContinuoError('rate_limited', { retryAfter: Math.ceil((freeAt - rt.now()) / 1000) });
  }
  const id = rt.newId('trn');
  await tx.db
    .insertInto('transcript_mails')
    .values({ id, conversation_id: conversationId, address_hash: addressHash, at: rt.now() })
    .execute();
  return id;
};

/** What may be sent: a conversation that an agent has answered. Else a script could have its own words mailed to anyone. */
const readEvents = async (
  rt: Runtime,
  session: AuthenticatedSession,
): Promise<{ events: ConversationEvent[]; isCut: boolean }> => {
  let events: ConversationEvent[] = [];
  let isCut = session.visibleAfter > 0;
  let isAnswered = false;
  for await (const event of visibleEvents(rt, session)) {
    if (event.type === 'message' && event.author.kind === 'agent') isAnswered = true;
    events.push(event);
    if (events.length < 2 * EVENTS) continue;
    events = events.slice(-EVENTS);
    isCut = true;
  }
  if (!isAnswered) throw new ContinuoError('conflict', { detail: 'no agent has answered yet' });
  return { events: events.slice(-EVENTS), isCut: isCut || events.length > EVENTS };
};

const recipient = async (rt: Runtime, { customerId }: AuthenticatedSession) =>
  rt.store.db
    .selectFrom('customers as u')
    .innerJoin('workspaces as w', 'w.id', 'u.workspace_id')
    .select(['u.locale', 'w.name as brand'])
    .where('u.id', '=', customerId)
    .executeTakeFirstOrThrow();

/**
 * Sends what a session may see of its conversation to an address. Resolves when the mail server has taken it.
 *
 * @throws ContinuoError `conflict` where no mail server is configured, or no agent has answered yet; `rate_limited` after
 * three in a day; `unavailable` when the mail server does not take it (which counts for nothing)
 */
export const sendTranscript = async (
  rt: Runtime,
  session: AuthenticatedSession,
  { email, locale, timeZone = 'UTC' }: MailTranscript,
): Promise<void> => {
  if (rt.config.smtpUrl === undefined)
    throw new ContinuoError('conflict', { detail: 'no mail server is configured' });
  const { conversationId } = session;
  const customer = await recipient(rt, session);
  const { events, isCut } = await readEvents(rt, session);
  const addressHash = hashOf(email.toLowerCase());
  const id = await rt.store.write(
    (tx) => count(rt, tx, { conversationId, addressHash }),
    conversationScope(conversationId),
  );
  const { brand } = customer;
  const transcript = writeTranscript({
    events,
    brand,
    locale: locale ?? customer.locale,
    timeZone,
    isCut,
  });
  try {
    await mailTranscript(rt, { to: email, brand, transcript });
  } catch (error) {
    await rt.store.write(async ({ db }) => {
      await db.deleteFrom('transcript_mails').where('id', '=', id).execute();
    }, conversationScope(conversationId));
    throw error;
  }
};
