import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  InsertQueryNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SelectQueryNode,
  UpdateQueryNode,
} from 'kysely';
import type { QueryConfig, QueryResult as Rows } from 'pg';
import { isStaleError } from './connection.ts';
import { toInput } from './text.ts';

/** Prepared statements kept a connection; the server's own queries are about 100, the rest are lists of varying length. */
const KEPT_STATEMENTS = 300;

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export type RunQuery = (query: QueryConfig<unknown[]>) => Promise<Rows>;

/** A name for each text from its second use on, so that the server parses and plans it once a connection. */
const createNames = () => {
  const names = new Map<string, string>();
  const next = () => `query_${names.size}`;
  let renewed = 0;
  return {
    find(text: string): string | undefined {
      const known = names.get(text);
      if (known === undefined && names.size < KEPT_STATEMENTS) names.set(text, next());
      return known;
    },
    /** Its plan is of no use any more. */
    renew(text: string): void {
      renewed += 1;
      if (names.has(text)) names.set(text, `${next()}_${renewed}`);
    },
  };
};

/** What runs the queries of a unit. */
export interface UnitQueries {
  run: RunQuery;
  /** Called before each query that may change something. Resolves when it may be sent. */
  change(): Promise<void>;
  /** Takes a change that returns no rows, whose answer need not be waited for. @returns false where it is to be run */
  putOff(run: () => Promise<unknown>): Promise<boolean>;
}

/** What was put off changed so many rows: it is not known. */
const UNKNOWN = -1n;

const isSilent = ({ query }: CompiledQuery): boolean =>
  (InsertQueryNode.is(query) || UpdateQueryNode.is(query)) && query.returning === undefined;

const toResult = <R>({ command, rowCount, rows }: Rows): QueryResult<R> =>
  CHANGES.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };

const toQuery = ({ sql, parameters }: CompiledQuery): QueryConfig<unknown[]> => ({
  text: sql,
  values: parameters.map(toInput),
});

/** Runs compiled queries by their names. */
const createRun = (run: RunQuery) => {
  const names = createNames();
  return {
    renew: names.renew,
    prepare(compiled: CompiledQuery): () => Promise<Rows> {
      const name = names.find(compiled.sql);
      const query = { ...toQuery(compiled), ...(name !== undefined && { name }) };
      return () => run(query);
    },
  };
};

const refuseStream = (): never => {
  throw new Error('streamed queries are not supported');
};

const createUnitConnection = (queries: UnitQueries): DatabaseConnection => {
  const { prepare } = createRun(queries.run);
  return {
    async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
      const run = prepare(compiled);
      if (!SelectQueryNode.is(compiled.query)) {
        await queries.change();
        if (isSilent(compiled) && (await queries.putOff(run))) return { rows: [], numAffectedRows: UNKNOWN };
      }
      return toResult(await run());
    },
    streamQuery: refuseStream,
  };
};

const createReaderConnection = (run: RunQuery): DatabaseConnection => {
  const { prepare, renew } = createRun(run);
  return {
    async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
      try {
        return toResult(await prepare(compiled)());
      } catch (error) {
        if (!isStaleError(error)) throw error;
        renew(compiled.sql);
        // Its next name may be stale at once: a migration changes a table more than once.
        return toResult(await run(toQuery(compiled)));
      }
    },
    streamQuery: refuseStream,
  };
};

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

/** For queries inside units of work: the group commit begins and ends transactions, Kysely runs in the one that is open. */
export const createUnitDialect = (queries: UnitQueries): Dialect =>
  dialectOf(createUnitConnection(queries), done);

/** For queries outside a write, each a transaction of its own. */
export const createReaderDialect = (run: RunQuery): Dialect => dialectOf(createReaderConnection(run), refuse);
