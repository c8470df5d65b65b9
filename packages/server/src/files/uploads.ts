import { type CreateUpload, LIMITS, type Upload } from '@continuo/protocol';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { FileTable } from '../storage/schema.ts';
import { conversationScope } from '../storage/scopes.ts';
import type { Tx } from '../storage/store.ts';
import { FilesError } from './files.ts';
import { cleanName, isRefused, mediaTypeOf } from './media-types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Bytes of files that one conversation, and one workspace, takes within a day. */
const DAILY_BYTES = { conversation: 200 * 1024 ** 2, workspace: 20 * 1024 ** 3 } as const;
/** Uploads that one sender may have without a message: twice what a message takes. */
const MOST_UNSENT = 2 * LIMITS.filesPerMessage;

/** Who sends a file, and where. */
export interface Uploader {
  workspaceId: string;
  conversationId: string;
  /** Thumbprint of the device, or the agent's id: nobody else sees what is not sent yet. */
  owner: string;
}

export const chunkId = ({ stored_as }: Pick<FileTable, 'stored_as'>, index: number): string =>
  `${stored_as}-${index}`;

export const chunkCount = (size: number): number => Math.ceil(size / LIMITS.chunkBytes);

const toUpload = ({ id, received, size }: Pick<FileTable, 'id' | 'received' | 'size'>): Upload => ({
  id,
  offset: received,
  size,
});

const sumSince = async (
  { db }: Tx,
  column: 'conversation_id' | 'workspace_id',
  { id, since }: { id: string; since: number },
): Promise<number> => {
  const row = await db
    .selectFrom('files')
    .select(({ fn }) => fn.sum<number | string | null>('size').as('bytes'))
    .where(column, '=', id)
    .where('created_at', '>', since)
    .executeTakeFirst();
  return Number(row?.bytes ?? 0);
};

/** @throws ContinuoError `rate_limited` when this would be more than a sender, a conversation or a workspace may keep */
const checkRoom = async (tx: Tx, whose: Uploader, { size, now }: { size: number; now: number }) => {
  const unsent = await tx.db
    .selectFrom('files')
    .select('id')
    .where('conversation_id', '=', whose.conversationId)
    .where('owner', '=', whose.owner)
    .where('seq', 'is', null)
    .limit(MOST_UNSENT)
    .execute();
  const since = now - DAY_MS;
  const inConversation = await sumSince(tx, 'conversation_id', { id: whose.conversationId, since });
  const inWorkspace = await sumSince(tx, 'workspace_id', { id: whose.workspaceId, since });
  const isFull =
    unsent.length >= MOST_UNSENT ||
    inConversation + size > DAILY_BYTES.conversation ||
    inWorkspace + size > DAILY_BYTES.workspace;
  if (isFull) throw new ContinuoError('rate_limited', { retryAfter: HOUR_MS / 1000 });
};

const find = (db: Tx['db'] | Runtime['store']['db'], { conversationId }: Uploader, id: string) =>
  db
    .selectFrom('files')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('id', '=', id)
    .executeTakeFirst();

const insert = async (rt: Runtime, tx: Tx, file: Omit<FileTable, 'stored_as' | 'created_at'>) => {
  await tx.db
    .insertInto('files')
    .values({ ...file, stored_as: rt.newId('fil'), created_at: file.updated_at })
    .execute();
};

/**
 * Begins a file, or tells how far it is where it was begun before.
 * @throws ContinuoError `bad_request` when such files are not taken, `too_large`, `rate_limited`; `client_id_conflict`
 *   when another file has this id
 */
export const createUpload = async (rt: Runtime, whose: Uploader, input: CreateUpload): Promise<Upload> => {
  const { id, size, width = null, height = null, durationMs = null } = input;
  const name = cleanName(input.name);
  const mediaType = mediaTypeOf(name);
  if (mediaType === null) {
    const errors = [{ path: '/name', message: 'must end as one of the files that are taken' }];
    throw new ContinuoError('bad_request', { detail: 'Such files are not taken', errors });
  }
  if (size > LIMITS.fileBytes)
    throw new ContinuoError('too_large', { detail: `A file has at most ${LIMITS.fileBytes} bytes` });
  return rt.store.write(async (tx) => {
    const known = await find(tx.db, whose, id);
    if (known) {
      const isSame = known.owner === whose.owner && known.name === name && known.size === size;
      if (!isSame) throw new ContinuoError('client_id_conflict');
      return toUpload(known);
    }
    const now = rt.now();
    await checkRoom(tx, whose, { size, now });
    await insert(rt, tx, {
      conversation_id: whose.conversationId,
      id,
      workspace_id: whose.workspaceId,
      owner: whose.owner,
      name,
      media_type: mediaType,
      size,
      received: 0,
      width,
      height,
      duration_ms: durationMs,
      seq: null,
      updated_at: now,
    });
    return { id, offset: 0, size };
  }, conversationScope(whose.conversationId));
};

const findOwn = async (rt: Runtime, whose: Uploader, id: string): Promise<FileTable> => {
  const file = await find(rt.store.db, whose, id);
  if (file?.owner !== whose.owner) throw new ContinuoError('not_found');
  return file;
};

/** How much of a file is here. @throws ContinuoError `not_found` */
export const readUpload = async (rt: Runtime, whose: Uploader, id: string): Promise<Upload> =>
  toUpload(await findOwn(rt, whose, id));

/** The next bytes of a file. */
export interface Chunk {
  id: string;
  /** Where they begin. */
  offset: number;
  bytes: Uint8Array;
}

/** @throws ContinuoError `bad_request` when it is not what has to come next */
const checkChunk = ({ size }: FileTable, { offset, bytes }: Chunk): void => {
  const expected = Math.min(LIMITS.chunkBytes, size - offset);
  if (bytes.length !== expected)
    throw new ContinuoError('bad_request', { detail: `The chunk at ${offset} has ${expected} bytes` });
  if (offset === 0 && isRefused(bytes))
    throw new ContinuoError('bad_request', { detail: 'Programs and pages are not taken' });
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * Stores the next chunk. Each lies by itself under an id of its own, so that a repetition writes the same once more;
 * the row counts it only when it is durable.
 * @throws ContinuoError `not_found`; `conflict` when the file is elsewhere already: ask how far it is; `bad_request`;
 *   `unavailable` when the store of files is
 */
export const appendChunk = async (rt: Runtime, whose: Uploader, chunk: Chunk): Promise<Upload> => {
  const { id, offset, bytes } = chunk;
  const file = await findOwn(rt, whose, id);
  if (offset !== file.received || file.received === file.size)
    throw new ContinuoError('conflict', { detail: `The next byte is ${file.received}` });
  checkChunk(file, chunk);
  try {
    const place = chunkId(file, offset / LIMITS.chunkBytes);
    await rt.files.put(place, once(bytes), {
      type: 'application/octet-stream',
      maxBytes: LIMITS.chunkBytes,
    });
  } catch (cause) {
    if (cause instanceof FilesError && cause.code === 'unavailable')
      throw new ContinuoError('unavailable', { retryAfter: 2 });
    throw cause;
  }
  const received = offset + bytes.length;
  const moved = await rt.store.write(
    ({ db }) =>
      db
        .updateTable('files')
        .set({ received, updated_at: rt.now() })
        .where('conversation_id', '=', whose.conversationId)
        .where('id', '=', id)
        .where('owner', '=', whose.owner)
        .where('received', '=', offset)
        .returning('id')
        .executeTakeFirst(),
    conversationScope(whose.conversationId),
  );
  if (!moved) throw new ContinuoError('conflict', { detail: 'The file has moved on' });
  return { id, offset: received, size: file.size };
};
