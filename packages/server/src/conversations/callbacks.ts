import type { Actor, ConversationEvent, RequestCallback } from '@continuo/protocol';
import type { WorkspaceSettings } from '../config/config.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { ClientKey, Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { isOpenAt } from './hours.ts';
import { appendOpening, noteAct } from './note-act.ts';
import { loadConversation } from './rows.ts';

type Requested = Extract<ConversationEvent, { type: 'callback.requested' }>;
type Ending = 'callback.cancelled' | 'callback.done';

/** Days ahead for which a call can be asked for. */
const AHEAD_MS = 6 * 86_400_000;

/** What the inbox's row shows of it: a sign that needs no language, and never the number. */
const PREVIEW = '📞';

/** The key of idempotence. It holds a colon, which no message's id may. */
const keyOf = ({ callbackId, phone, at, note }: RequestCallback): ClientKey => ({
  clientId: `callback:${callbackId}`,
  hash: hashOf(JSON.stringify([phone, at, note ?? ''])),
});

/** @throws ContinuoError `conflict` */
const checkTime = (rt: Runtime, settings: WorkspaceSettings, at: number | null): void => {
  if (!settings.callbacks) throw new ContinuoError('conflict', { detail: 'Nobody is called here' });
  if (at === null) return;
  const now = rt.now();
  if (at <= now || at > now + AHEAD_MS || !isOpenAt(settings.hours, at))
    throw new ContinuoError('conflict', { detail: 'Nobody calls at that time' });
};

const requestedIn = (events: readonly ConversationEvent[]): Requested => {
  const event = events.find((one) => one.type === 'callback.requested');
  if (!event) throw new Error('no callback among the events');
  return event;
};

export interface AskForCallback {
  conversationId: string;
  settings: WorkspaceSettings;
  body: RequestCallback;
}

/**
 * The customer asks to be called. Like a message it opens a case, and waits in the queue where nobody is assigned.
 *
 * @throws ContinuoError `not_found`; `client_id_conflict` when another was asked for under the id; `conflict` when one
 *   is open already, the brand calls nobody, or nobody is there at that time
 */
export const askForCallback = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, settings, body }: AskForCallback,
): Promise<{ event: Requested; duplicate: boolean }> => {
  const row = await loadConversation(tx.db, conversationId);
  const key = keyOf(body);
  const found = await tx.findByClientId(row.id, key.clientId);
  if (found) {
    if (found.hash !== key.hash || found.event.type !== 'callback.requested')
      throw new ContinuoError('client_id_conflict');
    return { event: found.event, duplicate: true };
  }
  checkTime(rt, settings, body.at);
  if (row.callback_id) throw new ContinuoError('conflict', { detail: 'A call was asked for already' });
  const { callbackId, phone, at: due, note } = body;
  const draft = { type: 'callback.requested', callbackId, phone, due, note: note?.trim() || null } as const;
  await appendOpening(tx, row);
  const event = requestedIn(await tx.append(row.id, [draft], key));
  await noteAct(rt, tx, { row, event, sign: PREVIEW, callbackId: event.callbackId });
  return { event, duplicate: false };
};

export interface EndCallback {
  conversationId: string;
  callbackId: string;
  actor: Actor;
  how: Ending;
}

/**
 * The call is cancelled by who asked for it, or done by an agent. The same again changes nothing.
 *
 * @throws ContinuoError `not_found`, the same for what never was and what is another conversation's; `conflict` when it
 *   has ended the other way
 */
export const endCallback = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, callbackId, actor, how }: EndCallback,
): Promise<void> => {
  const row = await loadConversation(tx.db, conversationId);
  if (!(await tx.findByClientId(row.id, `callback:${callbackId}`))) throw new ContinuoError('not_found');
  const clientId = `callback-end:${callbackId}`;
  const ended = await tx.findByClientId(row.id, clientId);
  if (ended?.event.type === how) return;
  if (ended) throw new ContinuoError('conflict', { detail: 'The call was done or cancelled already' });
  await tx.append(row.id, [{ type: how, callbackId, actor }], { clientId, hash: hashOf(how) });
  await tx.db
    .updateTable('conversations')
    .set({ callback_id: null, ...(how === 'callback.done' && { waiting_since: null }) })
    .where('id', '=', row.id)
    .execute();
  tx.afterCommit(() => announce(rt, row.id));
};
