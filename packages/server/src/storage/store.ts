import type { ConversationEvent, EventDraft } from '@continuo/protocol';
import type { Dialect, Kysely, Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** What a client's id adds to an event: the key of idempotence and the hash of what was sent under it. */
export interface ClientKey {
  clientId: string;
  /** SHA-256 of the request's meaning, hex. */
  hash: string;
}

/** A unit of work inside one transaction. Await nothing in it but the transaction itself. */
export interface Tx {
  /**
   * Everyday queries of this transaction. On PostgreSQL an `INSERT` or `UPDATE` without `RETURNING` leaves with the next
   * query or the commit: it tells no number of rows, and where it fails the commit does. The first queries of a unit
   * with a scope may be on their way before its turn has come; they run when it has.
   */
  db: Transaction<Database>;
  /**
   * Appends events to a conversation's log, with the next dense seqs and the store's clock.
   * After the commit they are published to the hub. `key` belongs to the first message among the drafts, or to the
   * first draft where none is a message.
   * @throws ContinuoError `not_found` when there is no such conversation
   */
  append(
    conversationId: string,
    drafts: readonly EventDraft[],
    key?: ClientKey,
  ): Promise<ConversationEvent[]>;
  /** The event stored under this client id, with the hash it came with. */
  findByClientId(
    conversationId: string,
    clientId: string,
  ): Promise<{ event: ConversationEvent; hash: string } | null>;
  /** Runs after the commit, in order; never after a rollback. */
  afterCommit(effect: () => void): void;
}

/**
 * Names of everything that a unit reads in order to change it, and of what it changes: `conversation:cnv_…`. Where
 * units run at the same time (PostgreSQL), those that share a name run one after another, on all nodes.
 */
export type Scope = readonly string[];

/** A page of a log, bodies as they are stored (JSON text), so that streams pass them on without parsing. */
export interface LogPage {
  /** JSON of each event, oldest first. */
  bodies: string[];
  /** The seq of the last event in the page; the asked-for one if it is empty. */
  last: number;
  /** The log's head at the time of the read. */
  head: number;
}

/**
 * The one door to storage. An engine implements it; `storage/sqlite` is the embedded default.
 * A promise of `write` settles only after its transaction is durable on disk.
 */
export interface Store {
  readonly engine: 'sqlite' | 'postgres';
  /** Committed data only, and read only: for queries outside a write. */
  db: Kysely<Database>;
  /**
   * For a library that brings its own tables and queries (the accounts library): each statement that changes something
   * is a `write` of its own. It has no transactions: two writers on one file would block each other.
   */
  dialect: Dialect;
  /**
   * Runs a unit of work; concurrent units share a transaction (group commit), each undone alone if it throws.
   * Without a scope it runs alone, on all nodes: right, and slow where there are many. On PostgreSQL units of one node
   * that share no name may run at the same time in one transaction, so that `FOR UPDATE` does not keep them apart; and a
   * unit is run again where it met another transaction, or another of its batch had to be undone.
   * @throws Error when called inside a unit: it would wait for itself. Use `afterCommit`.
   * @throws ContinuoError `unavailable` once `close` was called, or when the database is away. Where its commit was on
   * its way it may have happened: only a repetition with the same client id tells
   */
  write<T>(unit: (tx: Tx) => Promise<T>, scope?: Scope): Promise<T>;
  /** The last seq of each of these conversations; those that do not exist are not in it. */
  readHeads(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Events with `seq > after`, oldest first, at most `limit`. Null when the conversation does not exist. */
  readAfter(conversationId: string, after: number, limit: number): Promise<LogPage | null>;
  /** Events with `floor < seq < before`, the newest `limit` of them, oldest first. */
  readBefore(
    conversationId: string,
    range: { before: number; floor: number; limit: number },
  ): Promise<{ bodies: string[]; more: boolean }>;
  /** Finishes what is under way and closes the files. */
  close(): Promise<void>;
}
