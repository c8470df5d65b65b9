import type { Runtime } from '../runtime.ts';
import type { Tx } from '../storage/store.ts';
import { announce } from './announce.ts';
import { insertCase, placeCase } from './cases.ts';
import type { ConversationRow } from './rows.ts';

/** Something that a customer did on the web, and that agents have to see like a message. */
export interface Act {
  row: ConversationRow;
  event: { seq: number; at: number };
  /** What the inbox's row shows of it: a sign that needs no language, and nothing that they typed. */
  sign: string;
  /** Of an open call. */
  callbackId?: string;
}

/** Writes the case that an act opens into the log, to stand before it; none where one is open. */
export const appendOpening = async (tx: Tx, { id, status, case_number }: ConversationRow): Promise<void> => {
  if (status === 'resolved') await tx.append(id, [{ type: 'case.opened', case: case_number + 1 }]);
};

/** The row after such an act: unread, waiting for an answer, and with a case that is open and placed. */
export const noteAct = async (rt: Runtime, tx: Tx, { row, event, sign, callbackId }: Act): Promise<void> => {
  const opening = row.status === 'resolved';
  await tx.db
    .updateTable('conversations')
    .set({
      ...(callbackId !== undefined && { callback_id: callbackId }),
      unread: row.unread + 1,
      waiting_since: row.waiting_since ?? event.at,
      last_message_seq: event.seq,
      last_message_at: event.at,
      last_message_from: 'customer',
      last_message_preview: sign,
      last_channel_kind: 'web',
      ...(opening && { status: 'open' as const, case_number: row.case_number + 1 }),
    })
    .where('id', '=', row.id)
    .execute();
  tx.afterCommit(() => announce(rt, row.id));
  if (!opening) return;
  await insertCase(rt, tx, { row, openedSeq: event.seq - 1 });
  await placeCase(rt, tx, row);
};
