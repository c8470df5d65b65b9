import { ContinuoError, editMessage } from '@continuo/core';
import type { Ui } from '../../panel/ui.tsx';
import type { EventItem, MessageEvent } from '../../view/model.ts';
import { focusField } from './said.ts';

/** A message can be edited for this time (protocol, LIMITS.editMinutes). */
const EDIT_MS = 15 * 60_000;

/** Back to writing a message of its own. */
export const stopComposing = (ui: Ui): void => {
  ui.$composing.set(null);
  focusField(ui);
};

export const startReply = (ui: Ui, seq: number): void => {
  ui.$composing.set({ seq });
  focusField(ui);
};

/** Has the field edit a message. What cannot be saved stays in the field, with the reason. */
export const startEdit = (ui: Ui, seq: number, before: string): void => {
  const { client, $composing, announcer, i18n } = ui;
  const put = (text: string, problem?: 'tooLate' | 'broken') =>
    $composing.set({
      seq,
      edit: { text, write: (next) => put(next), send, ...(problem && { problem }) },
    });
  /** What stands in the field now; null where it is no longer about this message. */
  const current = () => {
    const composing = $composing.get();
    return composing?.seq === seq ? (composing.edit?.text ?? null) : null;
  };
  const save = async (text: string) => {
    try {
      await editMessage(client, seq, text);
      announcer.say(i18n.text('edited'));
      // Who wrote on meanwhile goes on.
      if (current()?.trim() === text) stopComposing(ui);
    } catch (error) {
      const isLate =
        error instanceof ContinuoError && (error.code === 'conflict' || error.code === 'not_found');
      const kept = current();
      if (kept !== null) put(kept, isLate ? 'tooLate' : 'broken');
    }
  };
  const send = (text: string) => {
    if (text === before) stopComposing(ui);
    else void save(text);
  };
  put(before);
  focusField(ui);
};

/** Whether the customer may still take back what they wrote: on the web, in the case that is open. */
export const isOwn = ({ client }: Pick<Ui, 'client'>, event: MessageEvent): boolean => {
  const opened = client.$messages
    .get()
    .findLast((item) => item.seq !== null && item.event.type === 'case.opened');
  return (
    event.author.kind === 'customer' &&
    event.channel.kind === 'web' &&
    !event.deleted &&
    client.$conversation.get()?.case?.status === 'open' &&
    event.seq > (opened?.seq ?? 0)
  );
};

/** Whether they may still edit it; `now` in epoch milliseconds. */
export const isEditable = (ui: Pick<Ui, 'client'>, event: MessageEvent, now = Date.now()): boolean =>
  isOwn(ui, event) && event.text !== '' && now - event.at < EDIT_MS;

const messageOf = ({ event, edited }: EventItem) =>
  event.type === 'message' ? [{ event, text: edited ?? event.text }] : [];

/** Edits the last message that the customer wrote, if they may. */
export const editLast = (ui: Ui): void => {
  const own = ui.client.$messages
    .get()
    .flatMap((item) => (item.seq === null ? [] : messageOf(item)))
    .findLast(({ event }) => event.author.kind === 'customer' && !event.deleted);
  if (own && isEditable(ui, own.event)) startEdit(ui, own.event.seq, own.text);
};
