import type { Actor, AnswerForm, FormAnsweredEvent } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { hashOf } from '../sessions/tokens.ts';
import type { ClientKey, Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { loadConversation } from './rows.ts';

type PreChat = Extract<AnswerForm, { form: 'pre-chat' }>;

/** The key of idempotence. It holds a colon, which no message's id may. */
const keyOf = ({ clientId, form, answers }: PreChat): ClientKey => ({
  clientId: `form:${clientId}`,
  hash: hashOf(JSON.stringify([form, answers.map(({ name, value }) => [name, value])])),
});

export interface TakeAnswers {
  conversationId: string;
  body: PreChat;
  actor: Actor;
}

/**
 * Keeps what a customer filled in before a chat. It opens no case: the message that follows does.
 *
 * @throws ContinuoError `not_found`; `client_id_conflict` when something else was answered under the id
 */
export const takeAnswers = async (
  rt: Runtime,
  tx: Tx,
  { conversationId, body, actor }: TakeAnswers,
): Promise<{ event: FormAnsweredEvent; duplicate: boolean }> => {
  const row = await loadConversation(tx.db, conversationId);
  const key = keyOf(body);
  const found = await tx.findByClientId(row.id, key.clientId);
  if (found) {
    if (found.hash !== key.hash || found.event.type !== 'form.answered')
      throw new ContinuoError('client_id_conflict');
    return { event: found.event, duplicate: true };
  }
  const { clientId, form, answers } = body;
  const draft = { type: 'form.answered', clientId, form, message: null, answers, actor } as const;
  const events = await tx.append(row.id, [draft], key);
  const event = events.find((one) => one.type === 'form.answered');
  if (!event) throw new Error('no answers among the events');
  tx.afterCommit(() => announce(rt, row.id));
  return { event, duplicate: false };
};
