import type { ConversationEvent, EventDraft } from '@continuo/protocol';
import type { ClientBase, QueryArrayConfig } from 'pg';
import { ContinuoError } from '../../errors.ts';
import type { ClientKey, Store, Tx } from '../store.ts';
import { gather } from './gather.ts';
import type { Readers } from './readers.ts';
import { storable } from './text.ts';

/*
 * Appending to and reading a log: written by hand and prepared once a connection. What the units of a batch append at
 * the same time is one statement, as is what they look up: through one statement each it is half as fast.
 */

/**
 * Moves the heads of conversations ($1) by as much as each appends ($2), and stores what comes with each ($4…). Of an
 * event is known how far it will be from the new head ($5); its body comes without its `seq`: `,"at":…}`.
 */
const APPEND = `
  WITH asked AS (
    SELECT * FROM unnest($1::text[], $2::int8[]) AS asked(id, count)
  ), moved AS (
    UPDATE conversations
    SET head = head + (SELECT count FROM asked WHERE asked.id = conversations.id), updated_at = $3
    WHERE id = ANY($1::text[]) RETURNING id, head
  ), stored AS (
    INSERT INTO events (conversation_id, seq, type, client_id, client_hash, body, at)
    SELECT id, head - behind, type, client_id, client_hash, '{"seq":' || head - behind || body, $3
    FROM unnest($4::text[], $5::int8[], $6::text[], $7::text[], $8::text[], $9::text[])
      AS drafts(id, behind, type, client_id, client_hash, body)
    JOIN moved USING (id)
  )
  SELECT id, head FROM moved`;
/** For each pair its place, and what was found; nothing for the others. */
const FIND = `
  SELECT place, body, client_hash
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(id, client, place)
  CROSS JOIN LATERAL (
    SELECT body, client_hash FROM events WHERE conversation_id = id AND client_id = client LIMIT 1
  ) AS found`;
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

const prepared = (name: string, text: string, values: unknown[]): QueryArrayConfig<unknown[]> => ({
  name,
  text,
  values,
  rowMode: 'array',
});

interface AppendAsk {
  id: string;
  drafts: readonly EventDraft[];
  key: ClientKey | undefined;
}

/** The columns of what is stored. */
const columnsOf = ({ id, drafts, key }: AppendAsk, at: number): unknown[][] => {
  const keyed = Math.max(
    0,
    drafts.findIndex(({ type }) => type === 'message'),
  );
  return drafts.map((draft, index) => [
    id,
    drafts.length - 1 - index,
    draft.type,
    key && index === keyed ? storable(key.clientId) : null,
    key && index === keyed ? storable(key.hash) : null,
    `,${JSON.stringify({ at, ...draft }).slice(1)}`,
  ]);
};

const APPEND_COLUMNS = [0, 1, 2, 3, 4, 5];

type Found = NonNullable<Awaited<ReturnType<Tx['findByClientId']>>>;

/** On a lane's connection, inside a transaction. */
export const createWrites = (
  client: ClientBase,
  now: () => number,
): Pick<Tx, 'append' | 'findByClientId'> => {
  const appendAll = async (asks: readonly AppendAsk[]): Promise<{ events: ConversationEvent[] | null }[]> => {
    const at = now();
    const stored = asks.flatMap((ask) => columnsOf(ask, at));
    const values = [
      asks.map(({ id }) => id),
      asks.map(({ drafts }) => drafts.length),
      at,
      ...APPEND_COLUMNS.map((column) => stored.map((row) => row[column])),
    ];
    const { rows } = await client.query<[string, number]>(prepared('append', APPEND, values));
    const heads = new Map(rows);
    return asks.map(({ id, drafts }) => {
      const head = heads.get(id);
      if (head === undefined) return { events: null };
      const first = head - drafts.length + 1;
      return { events: drafts.map((draft, index) => ({ seq: first + index, at, ...draft })) };
    });
  };

  const findAll = async (
    asks: readonly { id: string; clientId: string }[],
  ): Promise<{ found: Found | null }[]> => {
    const values = [asks.map(({ id }) => id), asks.map(({ clientId }) => clientId)];
    const { rows } = await client.query<[number, string, string]>(prepared('find', FIND, values));
    const found = new Map(rows.map(([place, body, hash]) => [place, { event: JSON.parse(body), hash }]));
    return asks.map((_, index) => ({ found: found.get(index + 1) ?? null }));
  };

  const append = gather(appendAll, (one, other) => one.id === other.id);
  const find = gather(findAll);

  return {
    async append(conversationId, drafts, key) {
      const { events } = await append({ id: storable(conversationId), drafts, key });
      if (!events) throw new ContinuoError('not_found');
      return events;
    },
    async findByClientId(conversationId, clientId) {
      const { found } = await find({ id: storable(conversationId), clientId: storable(clientId) });
      return found;
    },
  };
};

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
