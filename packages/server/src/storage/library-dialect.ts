import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SelectQueryNode,
} from 'kysely';
import type { Database } from './schema.ts';
import type { Scope, Store } from './store.ts';

/** What a library changes is its own: the names of its tables are in no other unit. */
const SCOPE: Scope = ['library'];

/** Reads go to the reader; everything else, raw SQL too, is a unit of work of its own. */
class LibraryConnection implements DatabaseConnection {
  readonly #reader: Kysely<Database>;
  readonly #write: Store['write'];

  constructor(reader: Kysely<Database>, write: Store['write']) {
    this.#reader = reader;
    this.#write = write;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (SelectQueryNode.is(query.query)) return this.#reader.executeQuery<R>(query);
    return this.#write((tx) => tx.db.executeQuery<R>(query), SCOPE);
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streamed queries are not supported on this connection');
  }
}

const refuseTransaction = async (): Promise<void> => {
  throw new Error('transactions are not supported on this connection: switch them off in the library');
};

const createLibraryDriver = (connection: DatabaseConnection): Driver => ({
  init: async () => {},
  acquireConnection: async () => connection,
  beginTransaction: refuseTransaction,
  commitTransaction: refuseTransaction,
  rollbackTransaction: refuseTransaction,
  releaseConnection: async () => {},
  destroy: async () => {},
});

/**
 * What `Store.dialect` promises, on any engine.
 *
 * @param engine speaks the engine's SQL; its driver is not used
 */
export const createLibraryDialect = (engine: Dialect, store: Pick<Store, 'db' | 'write'>): Dialect => ({
  createDriver: () => createLibraryDriver(new LibraryConnection(store.db, store.write)),
  createQueryCompiler: () => engine.createQueryCompiler(),
  createAdapter: () => engine.createAdapter(),
  createIntrospector: (db) => engine.createIntrospector(db),
});
