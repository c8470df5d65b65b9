import { atom } from 'nanostores';
import type { ConversationEvent, MessageEvent, TimelineItem } from '../view/model.ts';

type Draft<T> = T extends unknown ? Omit<T, 'seq' | 'at'> & { at?: number } : never;
type Hear = (event: ConversationEvent) => void;

/** Noon of a day, so that a few minutes more or less stay in it. */
export const NOON = new Date(2026, 10, 22, 12, 0).getTime();

export const WEB = { id: 'w', kind: 'web', name: 'Site' };
export const MESSENGER = { id: 'm', kind: 'messenger', name: 'Acme' };
export const AGENT = { kind: 'agent' as const, id: 'a1', name: 'Sara' };
const CUSTOMER = { kind: 'customer' as const, id: 'c1', name: 'Amira' };

/** A timeline that a test writes: the log, then what is pending. */
export const createFakeLog = (hear: Hear) => {
  const $messages = atom<readonly TimelineItem[]>([]);
  let seq = 0;

  const without = (key: string | null) => $messages.get().filter((item) => item.key !== key);
  const event = (draft: Draft<ConversationEvent>): ConversationEvent => {
    seq++;
    const stored: ConversationEvent = { at: NOON + seq * 1000, ...draft, seq };
    const clientId = stored.type === 'message' ? stored.clientId : null;
    const rest = without(clientId);
    const item: TimelineItem = { key: clientId ?? `event ${seq}`, seq, event: stored };
    $messages.set([
      ...rest.filter((old) => old.seq !== null),
      item,
      ...rest.filter((old) => old.seq === null),
    ]);
    hear(stored);
    return stored;
  };
  const message =
    (author: MessageEvent['author']) =>
    (text: string, more: Partial<MessageEvent> = {}) =>
      event({ type: 'message', author, clientId: null, text, attachments: [], channel: WEB, ...more });

  return {
    $messages,
    event,
    /** The agent says something. */
    says: message(AGENT),
    /** The customer's message is in the log. */
    wrote: message(CUSTOMER),
    /** The customer's message is on its way. */
    pending(clientId: string, text: string, state: 'waiting' | 'sending' | 'failed') {
      const error = state === 'failed' ? ('bad_request' as const) : null;
      const pending = { clientId, text, state, error, at: NOON + 100_000 };
      $messages.set([...without(clientId), { key: clientId, seq: null, pending }]);
    },
  };
};
