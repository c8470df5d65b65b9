import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from '../storage/migrations/index.ts';
import { OperationError } from './error.ts';

/** SQLite's result codes (sqlite.org/rescode.html), the low byte of its extended ones. */
const CODES = { busy: 5, corrupt: 11, notADatabase: 26 } as const;

const hasCode = (error: unknown, ...codes: number[]): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  codes.includes(error.errcode & 0xff);

/** Whether SQLite says that the file is damaged or is no database. */
export const isUnreadable = (error: unknown): boolean => hasCode(error, CODES.corrupt, CODES.notADatabase);

/**
 * Opens an embedded database for this process alone: while it is open no server can start on it.
 * Every open connection holds a shared lock on the file, so the exclusive one is given only where there is none.
 * @throws OperationError when a server or another command has it open
 */
export function openAlone(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    if (!hasCode(error, CODES.busy)) throw error;
    throw new OperationError([`A server, or another command, has ${path} open: stop it first`], {
      cause: error,
    });
  }
}

/** @throws OperationError when there is no such file: SQLite would make one */
export function requireDatabase(path: string): void {
  if (!existsSync(path)) throw new OperationError([`There is no database at ${path}`]);
}

/** What a database holds, once it was found to be whole. */
export interface Contents {
  /** Name of the last migration that ran. */
  version: string;
  conversations: number;
  events: number;
}

const countOf = (db: DatabaseSync, table: 'conversations' | 'events'): number =>
  Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);

const namesOf = (db: DatabaseSync): string[] => {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'kysely_migration'").get();
  if (!known) return [];
  return db
    .prepare('SELECT name FROM kysely_migration ORDER BY name')
    .all()
    .map(({ name }) => String(name));
};

/** Conversations whose log is not dense from 1 to the head. */
const HOLES = `
  SELECT conversations.id FROM conversations
  LEFT JOIN (
    SELECT conversation_id, count(*) AS events, min(seq) AS first, max(seq) AS last FROM events GROUP BY conversation_id
  ) AS logs ON logs.conversation_id = conversations.id
  WHERE head <> coalesce(events, 0) OR head <> coalesce(last, 0) OR coalesce(first, 1) <> 1
  LIMIT 5`;

/**
 * Finds whether a database is whole: its pages, its references, its version, and every log dense.
 * @throws OperationError naming what is wrong
 */
export function checkDatabase(db: DatabaseSync, path: string): Contents {
  const damage = db
    .prepare('PRAGMA integrity_check(5)')
    .all()
    .map((row) => String(row.integrity_check));
  if (damage.join() !== 'ok') throw new OperationError([`${path} is damaged:`, ...damage]);
  const [orphan] = db.prepare('PRAGMA foreign_key_check').all();
  if (orphan) throw new OperationError([`${path} is damaged: a row of ${orphan.table} refers to nothing`]);
  const names = namesOf(db);
  const version = names.at(-1);
  if (version === undefined) throw new OperationError([`${path} is not a database of this server`]);
  const unknown = names.filter((name) => !(name in migrations));
  if (unknown.length > 0)
    throw new OperationError([
      `${path} was written by a newer version of the server (${unknown.join(', ')})`,
    ]);
  const holes = db
    .prepare(HOLES)
    .all()
    .map(({ id }) => String(id));
  if (holes.length > 0) throw new OperationError([`${path} has logs with holes: ${holes.join(', ')}`]);
  return { version, conversations: countOf(db, 'conversations'), events: countOf(db, 'events') };
}

/** Opens, checks and closes a database that nobody else has open. */
export function inspectDatabase(path: string): Contents {
  const db = new DatabaseSync(path);
  try {
    return checkDatabase(db, path);
  } catch (error) {
    if (isUnreadable(error)) throw new OperationError([`${path} is damaged: ${error}`], { cause: error });
    throw error;
  } finally {
    db.close();
  }
}
