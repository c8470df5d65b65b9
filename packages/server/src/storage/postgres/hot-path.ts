import type { QueryArrayConfig } from 'pg';
import type { Store } from '../store.ts';
import type { Readers } from './readers.ts';
import { storable } from './text.ts';

/* Reading a log: written by hand and prepared once a connection. */

const HEADS = 'SELECT id, head FROM conversations WHERE id = ANY($1::text[])';
/** Head and rows of one moment. */
const AFTER = `
  SELECT head, seq, body FROM conversations
  LEFT JOIN LATERAL (
    SELECT seq, body FROM events WHERE conversation_id = id AND seq > $2 ORDER BY seq LIMIT $3
  ) AS page ON true
  WHERE id = $1 ORDER BY seq`;
const BEFORE = `
  SELECT body FROM events WHERE conversation_id = $1 AND seq < $2 AND seq > $3 ORDER BY seq DESC LIMIT $4`;

/** A statement that is parsed and planned once a connection. */
export const prepared = (name: string, text: string, values: unknown[]): QueryArrayConfig<unknown[]> => ({
  name,
  text,
  values,
  rowMode: 'array',
});

type Page = [head: number, seq: number | null, body: string];

/** On the readers' connections: committed rows only. */
export const createReads = (
  readers: Pick<Readers, 'queryRows'>,
): Pick<Store, 'readHeads' | 'readAfter' | 'readBefore'> => ({
  async readHeads(ids) {
    if (ids.length === 0) return new Map();
    const rows = await readers.queryRows<[string, number]>(prepared('heads', HEADS, [ids.map(storable)]));
    return new Map(rows);
  },

  async readAfter(conversationId, seq, limit) {
    const values = [storable(conversationId), seq, limit];
    const rows = await readers.queryRows<Page>(prepared('after', AFTER, values));
    const head = rows[0]?.[0];
    if (head === undefined) return null;
    const found = rows.filter((row) => row[1] !== null);
    return { bodies: found.map(([, , body]) => body), last: found.at(-1)?.[1] ?? seq, head };
  },

  async readBefore(conversationId, { before, floor, limit }) {
    const values = [storable(conversationId), before, floor, limit + 1];
    const rows = await readers.queryRows<[string]>(prepared('before', BEFORE, values));
    const bodies = rows.slice(0, limit).map(([body]) => body);
    return { bodies: bodies.reverse(), more: rows.length > limit };
  },
});
