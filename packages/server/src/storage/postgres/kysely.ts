import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SelectQueryNode,
} from 'kysely';
import type { QueryConfig, QueryResult as Rows } from 'pg';
import { toInput } from './text.ts';

/** Prepared statements kept a connection; the server's own queries are about 100, the rest are lists of varying length. */
const KEPT_STATEMENTS = 300;

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export type RunQuery = (query: QueryConfig<unknown[]>) => Promise<Rows>;

/** Names statements from their second use on, so that the server parses and plans them once. */
const withNames = (run: RunQuery): RunQuery => {
  const seen = new Map<string, { name: string }>();
  return (query) => {
    const known = seen.get(query.text);
    if (known) return run({ ...query, name: known.name });
    if (seen.size < KEPT_STATEMENTS) seen.set(query.text, { name: `query_${seen.size}` });
    return run(query);
  };
};

class Connection implements DatabaseConnection {
  readonly #run: RunQuery;
  readonly #onChange: () => void;

  constructor(run: RunQuery, onChange: () => void = () => {}) {
    this.#run = run;
    this.#onChange = onChange;
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    if (!SelectQueryNode.is(query)) this.#onChange();
    const { command, rowCount, rows } = await this.#run({ text: sql, values: parameters.map(toInput) });
    return CHANGES.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streamed queries are not supported');
  }
}

const done = async (): Promise<void> => {};

const refuse = async (): Promise<void> => {
  throw new Error('transactions are not supported on this connection');
};

/** @param transaction what beginning and ending a transaction through Kysely does */
const dialectOf = (connection: DatabaseConnection, transaction: () => Promise<void>): Dialect => ({
  createDriver: () => ({
    init: done,
    acquireConnection: async () => connection,
    beginTransaction: transaction,
    commitTransaction: transaction,
    rollbackTransaction: transaction,
    releaseConnection: done,
    destroy: done,
  }),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
});

/**
 * For queries inside units of work: the group commit begins and ends transactions, Kysely runs in the one that is open.
 *
 * @param onChange called before each query that may change something
 */
export const createUnitDialect = (run: RunQuery, onChange: () => void): Dialect =>
  dialectOf(new Connection(withNames(run), onChange), done);

/** For queries outside a write, each a transaction of its own. */
export const createReaderDialect = (run: RunQuery): Dialect => dialectOf(new Connection(run), refuse);
