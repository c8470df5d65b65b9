import type { EventDraft } from '@continuo/protocol';
import type { Store } from '../store.ts';

/** A message as a customer would write it. */
export const message = (text: string, clientId: string | null = null): EventDraft => ({
  type: 'message',
  author: { kind: 'customer', id: 'cus_1', name: 'Alma' },
  clientId,
  text,
  attachments: [],
  channel: { id: 'chn_1', kind: 'web', name: 'Site' },
});

/** A workspace with one customer and empty conversation for each id. */
export const seedConversations = (store: Store, ids: readonly string[]): Promise<void> =>
  store.write(async ({ db }) => {
    await db
      .insertInto('workspaces')
      .values({ id: 'wsp_1', name: 'Brand', settings: '{}', created_at: 1 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    for (const id of ids) {
      const customer = { id: `cus_${id}`, name: null, picture_url: null, locale: null };
      await db
        .insertInto('customers')
        .values({ ...customer, workspace_id: 'wsp_1', created_at: 1 })
        .execute();
      await db
        .insertInto('conversations')
        .values({
          id,
          workspace_id: 'wsp_1',
          customer_id: customer.id,
          head: 0,
          assignee_id: null,
          status: 'resolved',
          case_number: 0,
          assignee_away: 0,
          joined_into: null,
          customer_received: 0,
          customer_read: 0,
          agent_read: 0,
          last_message_seq: 0,
          last_message_at: null,
          last_message_from: null,
          last_message_preview: null,
          last_channel_kind: 'web',
          unread: 0,
          waiting_since: null,
          queued_at: null,
          updated_at: 1,
          created_at: 1,
        })
        .execute();
    }
  });
