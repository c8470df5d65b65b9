import type { ContinueElsewhere } from '@continuo/protocol';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/schema.ts';

/** Networks whose deep links tell us who came by them, without a word of the customer's. */
const KINDS: readonly Exclude<ContinueElsewhere['to'], 'device'>[] = ['messenger'];

/** The accounts of a workspace on networks where a conversation of the web can be carried on, the oldest first. */
export const networksOf = (db: Kysely<Database>, workspaceId: string) =>
  db
    .selectFrom('channels')
    .where('channels.workspace_id', '=', workspaceId)
    .where('channels.kind', 'in', KINDS)
    .orderBy('channels.created_at')
    .orderBy('channels.id');
