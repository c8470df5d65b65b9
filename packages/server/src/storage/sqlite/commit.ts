import type { DatabaseSync } from 'node:sqlite';
import type { Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import type { Tx } from '../store.ts';
import { type Outcome, tell, type Unit } from '../units.ts';
import { prepareWrites } from './hot-path.ts';
import type { SqliteOptions } from './options.ts';

interface Parts extends Omit<SqliteOptions, 'path'> {
  db: DatabaseSync;
  units: Transaction<Database>;
}

const createTx = (
  db: Transaction<Database>,
  writes: ReturnType<typeof prepareWrites>,
  { appended, effects }: Outcome,
): Tx => ({
  db,
  async append(conversationId, drafts, key) {
    const events = writes.append(conversationId, drafts, key);
    appended.push({ conversationId, events });
    return events;
  },
  findByClientId: async (conversationId, clientId) => writes.findByClientId(conversationId, clientId),
  afterCommit: (effect) => effects.push(effect),
});

/**
 * Runs a batch of units, one after another, inside one transaction, each of several in a savepoint, so that one that
 * throws is undone alone. Callers are told after the commit: what they are told is on disk.
 */
export const createCommit = (parts: Parts): ((batch: readonly Unit[]) => Promise<void>) => {
  const { db, units } = parts;
  const writes = prepareWrites(db, parts.now);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT unit');
  const release = db.prepare('RELEASE unit');
  const undo = db.prepare('ROLLBACK TO unit');

  const runUnit = async (unit: Unit): Promise<Outcome> => {
    const outcome: Outcome = { unit, appended: [], effects: [] };
    await unit.run(createTx(units, writes, outcome));
    return outcome;
  };

  /** Null when the unit threw and was undone. */
  const runApart = async (unit: Unit): Promise<Outcome | null> => {
    savepoint.run();
    try {
      const outcome = await runUnit(unit);
      release.run();
      return outcome;
    } catch (error) {
      // Errors of the disk end the whole transaction by themselves: then the batch is lost, not this unit alone.
      if (!db.isTransaction) throw error;
      undo.run();
      release.run();
      unit.reject(error);
      return null;
    }
  };

  const runAll = async (batch: readonly Unit[]): Promise<Outcome[]> => {
    const [only] = batch;
    // A lone unit undoes nobody but itself: without a savepoint, SQLite need not keep what each page was before.
    if (only && batch.length === 1) return [await runUnit(only)];
    const outcomes: Outcome[] = [];
    for (const unit of batch) {
      const outcome = await runApart(unit);
      if (outcome) outcomes.push(outcome);
    }
    return outcomes;
  };

  const runBatch = async (batch: readonly Unit[]): Promise<Outcome[]> => {
    begin.run();
    const outcomes = await runAll(batch);
    commit.run();
    return outcomes;
  };

  return async (batch) => {
    let outcomes: Outcome[];
    try {
      outcomes = await runBatch(batch);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      for (const unit of batch) unit.reject(error);
      return;
    }
    tell(outcomes, parts);
  };
};
