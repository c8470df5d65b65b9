import type { Actor, AnswerForm, FormAnsweredEvent, RichForm } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { Tx } from '../storage/store.ts';
import { readAnswers } from './form-answers.ts';
import { appendOpening, noteAct } from './note-act.ts';
import { readMessage } from './pressed.ts';
import { type ConversationRow, loadConversation } from './rows.ts';

/** What the inbox's row shows of it. */
const SIGN = '📝';

type OfMessage = Extract<AnswerForm, { form: 'message' }>;

export interface FillIn {
  conversationId: string;
  /** Nothing up to this seq is the customer's to see. */
  visibleAfter: number;
  actor: Actor;
  body: OfMessage;
}

/** @throws ContinuoError `not_found` unless the message has a form and the customer may see it */
const findForm = async (
  tx: Tx,
  row: ConversationRow,
  { conversationId, visibleAfter, body: { message } }: FillIn,
): Promise<RichForm> => {
  // Seqs of a conversation that was joined into this one say nothing here.
  const isTheirs = row.id === conversationId && message > visibleAfter;
  const asked = isTheirs ? await readMessage(tx, { conversationId, seq: message }) : null;
  if (asked?.rich?.kind !== 'form') throw new ContinuoError('not_found');
  return asked.rich;
};

/** What was filled in before; null where nothing was. */
const findEarlier = async (
  tx: Tx,
  { conversationId, key, body }: { conversationId: string; key: Key; body: OfMessage },
): Promise<FormAnsweredEvent | null> => {
  const found = await tx.findByClientId(conversationId, key.clientId);
  if (found?.event.type !== 'form.answered') return null;
  if (found.event.clientId !== body.clientId)
    throw new ContinuoError('conflict', { detail: 'The form was filled in already' });
  if (found.hash !== key.hash) throw new ContinuoError('client_id_conflict');
  return found.event;
};

/** One for each form, so that it can be filled in once. It holds a colon, which no message's id may. */
const keyOf = ({ clientId, message, answers }: OfMessage) => ({
  clientId: `message-form:${message}`,
  hash: hashOf(JSON.stringify([clientId, answers.map(({ name, value }) => [name, value])])),
});
type Key = ReturnType<typeof keyOf>;

/**
 * The customer fills in the form of a message. Like a message it opens a case, and waits for an agent.
 *
 * @throws ContinuoError `not_found`; `bad_request`, naming the fields; `conflict` when it was filled in already;
 *   `client_id_conflict` when it was with something else under this client id
 */
export const fillIn = async (
  rt: Runtime,
  tx: Tx,
  asked: FillIn,
): Promise<{ event: FormAnsweredEvent; duplicate: boolean }> => {
  const { conversationId, actor, body } = asked;
  const row = await loadConversation(tx.db, conversationId);
  const form = await findForm(tx, row, asked);
  const key = keyOf(body);
  const earlier = await findEarlier(tx, { conversationId: row.id, key, body });
  if (earlier) return { event: earlier, duplicate: true };
  const answers = readAnswers(form.fields, body.answers);
  const { clientId, form: kind, message } = body;
  const draft = { type: 'form.answered', clientId, form: kind, message, answers, actor } as const;
  await appendOpening(tx, row);
  const [event] = await tx.append(row.id, [draft], key);
  if (event?.type !== 'form.answered') throw new Error('no filled in form among the events');
  await noteAct(rt, tx, { row, event, sign: SIGN });
  return { event, duplicate: false };
};
