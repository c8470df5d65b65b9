import { type ColumnDefinitionBuilder, type Kysely, type SchemaModule, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { type ColumnTypes, columnTypesOf } from './column-types.ts';

/*
 * Times are `bigint`: epoch milliseconds do not fit PostgreSQL's `integer`. Events and inbound events have no foreign
 * keys, because they are the hot path: `append` proves the conversation by moving its head.
 */

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const key = (column: ColumnDefinitionBuilder) => column.primaryKey().notNull();
const zero = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
const of = (table: keyof Database) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(`${table}.id`);

const createPeople = async (schema: SchemaModule, { text }: ColumnTypes): Promise<void> => {
  await schema
    .createTable('workspaces')
    .addColumn('id', text, key)
    .addColumn('name', text, required)
    .addColumn('settings', text, required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await schema
    .createTable('channels')
    .addColumn('id', text, key)
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('kind', text, required)
    .addColumn('name', text, required)
    .addColumn('external_id', text, required)
    .addColumn('config', text, required)
    .addColumn('created_at', 'bigint', required)
    .addUniqueConstraint('channels_external', ['kind', 'external_id'])
    .execute();
  await schema
    .createTable('agents')
    .addColumn('id', text, key)
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('user_id', text, (column) => column.notNull().unique())
    .addColumn('email', text, required)
    .addColumn('name', text, required)
    .addColumn('picture_url', text)
    .addColumn('status', text, required)
    .addColumn('created_at', 'bigint', required)
    .addUniqueConstraint('agents_email', ['workspace_id', 'email'])
    .execute();
  await schema
    .createTable('customers')
    .addColumn('id', text, key)
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('name', text)
    .addColumn('picture_url', text)
    .addColumn('locale', text)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await schema
    .createTable('identities')
    .addColumn('id', text, key)
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('customer_id', text, of('customers'))
    .addColumn('channel_id', text, of('channels'))
    .addColumn('external_id', text, required)
    .addColumn('name', text)
    .addColumn('picture_url', text)
    .addColumn('last_inbound_at', 'bigint')
    .addColumn('handoff_id', text)
    .addColumn('created_at', 'bigint', required)
    .addUniqueConstraint('identities_external', ['external_id', 'channel_id'])
    .execute();
  await schema.createIndex('identities_customer').on('identities').column('customer_id').execute();
};

const createConversations = async (schema: SchemaModule, { text }: ColumnTypes): Promise<void> => {
  await schema
    .createTable('conversations')
    .addColumn('id', text, key)
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('customer_id', text, (column) => of('customers')(column).unique())
    .addColumn('head', 'bigint', zero)
    .addColumn('assignee_id', text, (column) => column.references('agents.id'))
    .addColumn('status', text, required)
    .addColumn('case_number', 'integer', zero)
    .addColumn('assignee_away', 'integer', zero)
    .addColumn('joined_into', text)
    .addColumn('customer_received', 'bigint', zero)
    .addColumn('customer_read', 'bigint', zero)
    .addColumn('agent_read', 'bigint', zero)
    .addColumn('last_message_seq', 'bigint', zero)
    .addColumn('last_message_at', 'bigint')
    .addColumn('last_message_from', text)
    .addColumn('last_message_preview', text)
    .addColumn('last_channel_kind', text, required)
    .addColumn('unread', 'integer', zero)
    .addColumn('waiting_since', 'bigint')
    .addColumn('queued_at', 'bigint')
    .addColumn('updated_at', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await schema
    .createIndex('conversations_list')
    .on('conversations')
    .columns(['workspace_id', 'status', 'updated_at', 'id'])
    .execute();
  await schema
    .createIndex('conversations_assignee')
    .on('conversations')
    .columns(['assignee_id', 'status', 'updated_at', 'id'])
    .execute();
  await schema
    .createIndex('conversations_queue')
    .on('conversations')
    .columns(['workspace_id', 'queued_at', 'id'])
    .where(sql.ref('queued_at'), 'is not', null)
    .execute();
};

const createLogs = async (schema: SchemaModule, { text }: ColumnTypes): Promise<void> => {
  await schema
    .createTable('cases')
    .addColumn('id', text, key)
    .addColumn('conversation_id', text, of('conversations'))
    .addColumn('number', 'integer', required)
    .addColumn('opened_seq', 'bigint', required)
    .addColumn('opened_at', 'bigint', required)
    .addColumn('resolved_at', 'bigint')
    .addUniqueConstraint('cases_number', ['conversation_id', 'number'])
    .execute();
  await schema
    .createIndex('cases_open')
    .unique()
    .on('cases')
    .column('conversation_id')
    .where(sql.ref('resolved_at'), 'is', null)
    .execute();
  await schema
    .createTable('events')
    .addColumn('conversation_id', text, required)
    .addColumn('seq', 'bigint', required)
    .addColumn('type', text, required)
    .addColumn('client_id', text)
    .addColumn('client_hash', text)
    .addColumn('body', text, required)
    .addColumn('at', 'bigint', required)
    .addPrimaryKeyConstraint('events_key', ['conversation_id', 'seq'])
    .execute();
  await schema
    .createIndex('events_client')
    .unique()
    .on('events')
    .columns(['conversation_id', 'client_id'])
    .where(sql.ref('client_id'), 'is not', null)
    .execute();
};

const createAccess = async (schema: SchemaModule, { text }: ColumnTypes): Promise<void> => {
  await schema
    .createTable('handoffs')
    .addColumn('id', text, key)
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('conversation_id', text, of('conversations'))
    .addColumn('identity_id', text, of('identities'))
    .addColumn('purpose', text, required)
    .addColumn('token_hash', text, (column) => column.notNull().unique())
    .addColumn('client_id', text)
    .addColumn('created_by', text)
    .addColumn('created_at', 'bigint', required)
    .addColumn('expires_at', 'bigint', required)
    .addColumn('peeked_at', 'bigint')
    .addColumn('peeked_by', text)
    .addColumn('redeemed_at', 'bigint')
    .addColumn('redeemed_by', text)
    .addColumn('revoked_at', 'bigint')
    .execute();
  await schema
    .createIndex('handoffs_conversation')
    .on('handoffs')
    .columns(['conversation_id', 'created_at'])
    .execute();
  await schema
    .createIndex('handoffs_client')
    .unique()
    .on('handoffs')
    .columns(['conversation_id', 'client_id'])
    .where(sql.ref('client_id'), 'is not', null)
    .execute();
  await schema
    .createIndex('handoffs_peeked')
    .on('handoffs')
    .column('peeked_by')
    .where(sql.ref('peeked_by'), 'is not', null)
    .execute();
  await schema
    .createTable('sessions')
    .addColumn('id', text, key)
    .addColumn('workspace_id', text, of('workspaces'))
    .addColumn('customer_id', text, of('customers'))
    .addColumn('conversation_id', text, of('conversations'))
    .addColumn('identity_id', text, (column) => column.references('identities.id'))
    .addColumn('token_hash', text, (column) => column.notNull().unique())
    .addColumn('key_thumbprint', text, required)
    .addColumn('handoff_id', text, (column) => column.references('handoffs.id'))
    .addColumn('visible_after', 'bigint', zero)
    .addColumn('created_at', 'bigint', required)
    .addColumn('last_used_at', 'bigint', required)
    .addColumn('expires_at', 'bigint', required)
    .addColumn('revoked_at', 'bigint')
    .execute();
  await schema.createIndex('sessions_conversation').on('sessions').column('conversation_id').execute();
  await schema.createIndex('sessions_key').on('sessions').column('key_thumbprint').execute();
  await schema.createIndex('sessions_expiry').on('sessions').column('expires_at').execute();
};

const createTraffic = async (schema: SchemaModule, { text, serial }: ColumnTypes): Promise<void> => {
  await schema
    .createTable('deliveries')
    .addColumn('id', text, key)
    .addColumn('conversation_id', text, of('conversations'))
    .addColumn('seq', 'bigint', required)
    .addColumn('identity_id', text, of('identities'))
    .addColumn('channel_id', text, of('channels'))
    .addColumn('state', text, required)
    .addColumn('content', text)
    .addColumn('attempts', 'integer', zero)
    .addColumn('next_at', 'bigint', required)
    .addColumn('lease_owner', text)
    .addColumn('lease_until', 'bigint')
    .addColumn('provider_id', text)
    .addColumn('sent_at', 'bigint')
    .addColumn('error', text)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addUniqueConstraint('deliveries_message', ['conversation_id', 'seq', 'identity_id'])
    .execute();
  await schema.createIndex('deliveries_due').on('deliveries').columns(['state', 'next_at']).execute();
  await schema
    .createIndex('deliveries_identity')
    .on('deliveries')
    .columns(['identity_id', 'state'])
    .execute();
  await schema
    .createIndex('deliveries_provider')
    .on('deliveries')
    .columns(['channel_id', 'provider_id'])
    .where(sql.ref('provider_id'), 'is not', null)
    .execute();
  await schema
    .createTable('inbound')
    .addColumn('id', serial, key)
    .addColumn('channel_id', text, required)
    .addColumn('external_id', text, required)
    .addColumn('sender', text, required)
    .addColumn('payload', text, required)
    .addColumn('received_at', 'bigint', required)
    .addColumn('processed_at', 'bigint')
    .addColumn('attempts', 'integer', zero)
    .addColumn('next_at', 'bigint', required)
    .addColumn('error', text)
    .addUniqueConstraint('inbound_external', ['channel_id', 'external_id'])
    .execute();
  await schema
    .createIndex('inbound_due')
    .on('inbound')
    .columns(['next_at', 'id'])
    .where(sql.ref('processed_at'), 'is', null)
    .execute();
  await schema
    .createIndex('inbound_sender')
    .on('inbound')
    .columns(['channel_id', 'sender', 'id'])
    .where(sql.ref('processed_at'), 'is', null)
    .execute();
};

/** Makes every table and index of the first version. */
export const up = async (db: Kysely<Database>): Promise<void> => {
  const types = columnTypesOf(db);
  await createPeople(db.schema, types);
  await createConversations(db.schema, types);
  await createLogs(db.schema, types);
  await createAccess(db.schema, types);
  await createTraffic(db.schema, types);
};
