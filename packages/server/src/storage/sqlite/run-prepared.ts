import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CompiledQuery } from 'kysely';
import type { RunCompiled } from '../prepared.ts';
import { toInput } from './kysely.ts';

/** Runs prepared queries on one connection, each prepared there once. */
const createRun = (db: DatabaseSync): RunCompiled => {
  const statements = new Map<string, StatementSync>();
  return <Row>({ sql }: CompiledQuery<Row>, parameters: readonly unknown[]) => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    // The rows are what the schema says, as with every query of Kysely's.
    return statement.all(...parameters.map(toInput)) as Row[];
  };
};

/** For queries inside units of work. */
export const runInUnits = createRun;

/**
 * For queries outside of them. What is read runs on the writer's connection while no unit of work is under way there: it
 * has the pages in its memory. The reader's, each time that something was committed, reads them anew.
 */
export const runOutside = (writer: DatabaseSync, reader: DatabaseSync): RunCompiled => {
  const onWriter = createRun(writer);
  const onReader = createRun(reader);
  return (query, parameters) => {
    const isRead = query.query.kind === 'SelectQueryNode';
    return isRead && !writer.isTransaction ? onWriter(query, parameters) : onReader(query, parameters);
  };
};
