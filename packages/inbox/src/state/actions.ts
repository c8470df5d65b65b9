import type { Environment } from '@continuo/core/conversation';
import type { AgentProfile } from '@continuo/protocol';
import { atom, type ReadableAtom } from 'nanostores';
import type { InboxApi } from '../api/inbox-api.ts';

export type ActionName = 'assign' | 'resolve' | 'handoff' | 'presence' | 'retry' | 'callback';

/** What an agent does to a conversation. Each resolves with whether it worked; a failure is told to the agent. */
export interface Actions {
  /** What is being done now: its button waits. */
  readonly $busy: ReadableAtom<ReadonlySet<ActionName>>;
  assign(conversationId: string, agentId: string | null): Promise<boolean>;
  resolve(conversationId: string): Promise<boolean>;
  offerHandoff(conversationId: string): Promise<boolean>;
  retryDelivery(conversationId: string, deliveryId: string): Promise<boolean>;
  setPresence(status: AgentProfile['status']): Promise<boolean>;
  callbackDone(conversationId: string, callbackId: string): Promise<boolean>;
}

export const createActions = (
  api: InboxApi,
  { crypto }: Pick<Environment, 'crypto'>,
  onFailure: (cause: unknown) => void,
): Actions => {
  const $busy = atom<ReadonlySet<ActionName>>(new Set());
  /** Kept until the server has answered, so that a second press after a lost answer sends no second link. */
  const offers = new Map<string, string>();

  const perform = async (name: ActionName, act: () => Promise<unknown>): Promise<boolean> => {
    if ($busy.get().has(name)) return false;
    $busy.set(new Set([...$busy.get(), name]));
    try {
      await act();
      return true;
    } catch (cause) {
      onFailure(cause);
      return false;
    } finally {
      $busy.set(new Set([...$busy.get()].filter((one) => one !== name)));
    }
  };

  const randomId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    );

  return {
    $busy,
    assign: (id, agentId) => perform('assign', () => api.assign(id, agentId)),
    resolve: (id) => perform('resolve', () => api.resolve(id)),
    retryDelivery: (id, deliveryId) => perform('retry', () => api.retryDelivery(id, deliveryId)),
    callbackDone: (id, callbackId) => perform('callback', () => api.callbackDone(id, callbackId)),
    setPresence: (status) => perform('presence', () => api.setPresence(status)),
    offerHandoff: (id) =>
      perform('handoff', async () => {
        const clientId = offers.get(id) ?? randomId();
        offers.set(id, clientId);
        await api.offerHandoff(id, clientId);
        offers.delete(id);
      }),
  };
};
