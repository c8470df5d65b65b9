import type { Kysely, Selectable } from 'kysely';
import { ContinuoError } from '../errors.ts';
import { type Params, prepared } from '../storage/prepared.ts';
import type { AgentTable, ConversationTable, Database } from '../storage/schema.ts';

export type ConversationRow = Selectable<ConversationTable>;
export type AgentRow = Selectable<AgentTable>;

const findConversation = prepared((db, p: Params<{ id: string }>) =>
  db.selectFrom('conversations').selectAll().where('id', '=', p('id')),
);

const findAgent = prepared((db, p: Params<{ id: string }>) =>
  db.selectFrom('agents').selectAll().where('id', '=', p('id')),
);

/**
 * The conversation that goes on under this id: where it was joined into another, that other one.
 *
 * @throws ContinuoError `not_found`
 */
export const loadConversation = async (db: Kysely<Database>, id: string): Promise<ConversationRow> => {
  const [row] = await findConversation(db, { id });
  if (!row) throw new ContinuoError('not_found');
  return row.joined_into === null ? row : loadConversation(db, row.joined_into);
};

export const loadAgent = async (db: Kysely<Database>, id: string): Promise<AgentRow | null> =>
  (await findAgent(db, { id }))[0] ?? null;
