import type { ConversationEvent, EventDraft } from '@continuo/protocol';
import { ContinuoError } from '../../errors.ts';
import type { ClientKey, Tx } from '../store.ts';
import { gather } from './gather.ts';
import { prepared } from './hot-path.ts';
import type { Pipe } from './pipe.ts';
import { storable } from './text.ts';

/*
 * Appending to a log: written by hand and prepared once a connection. What the units of a batch append at the same time is
 * one statement, as is what they look up: through one statement each it is half as fast.
 */

/**
 * Moves the heads of conversations ($1) by as much as each appends ($2), and stores what comes with each ($4…). Of an
 * event is known how far it will be from the new head ($5); its body comes without its `seq`: `,"at":…}`. Where the new
 * head was foretold ($10) and is another, the division by zero refuses it all.
 */
const APPEND = `
  WITH asked AS (
    SELECT * FROM unnest($1::text[], $2::int8[], $10::int8[]) AS asked(id, count, foretold)
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
  SELECT asked.id, moved.head, 1 / CASE WHEN foretold IS NULL OR foretold = moved.head THEN 1 ELSE 0 END
  FROM asked LEFT JOIN moved USING (id)`;
/** For each pair its place, the conversation's head, and what was found; nothing where there is no conversation. */
const FIND = `
  SELECT place, head, body, client_hash
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(id, client, place)
  JOIN conversations USING (id)
  LEFT JOIN LATERAL (
    SELECT body, client_hash FROM events WHERE conversation_id = asked.id AND client_id = client LIMIT 1
  ) AS found ON true`;

interface AppendAsk {
  id: string;
  drafts: readonly EventDraft[];
  key: ClientKey | undefined;
  /** What the head will be; null where it is not known. */
  foretold: number | null;
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

const appendAll = (
  pipe: Pipe,
  asks: readonly AppendAsk[],
  at: number,
): Promise<[string, number | null][]> => {
  const stored = asks.flatMap((ask) => columnsOf(ask, at));
  const values = [
    asks.map(({ id }) => id),
    asks.map(({ drafts }) => drafts.length),
    at,
    ...APPEND_COLUMNS.map((column) => stored.map((row) => row[column])),
    asks.map(({ foretold }) => foretold),
  ];
  return pipe.queryRows<[string, number | null]>(prepared('append', APPEND, values));
};

interface Found {
  head: number;
  event: { event: ConversationEvent; hash: string } | null;
}

type FoundRow = [place: number, head: number, body: string | null, hash: string];

const findAll = async (
  pipe: Pipe,
  asks: readonly { id: string; clientId: string }[],
): Promise<{ found: Found | null }[]> => {
  const values = [asks.map(({ id }) => id), asks.map(({ clientId }) => clientId)];
  const rows = await pipe.queryRows<FoundRow>(prepared('find', FIND, values));
  const found = new Map(
    rows.map(([place, head, body, hash]) => [
      place,
      { head, event: body === null ? null : { event: JSON.parse(body), hash } },
    ]),
  );
  return asks.map((_, index) => ({ found: found.get(index + 1) ?? null }));
};

const eventsOf = (drafts: readonly EventDraft[], head: number, at: number): ConversationEvent[] =>
  drafts.map((draft, index) => ({ seq: head - drafts.length + 1 + index, at, ...draft }));

interface Group {
  at: number;
  asks: AppendAsk[];
  ids: Set<string>;
}

/** Appends that leave together with what is sent next. They need not be waited for: their seqs are foretold. */
const createForetold = (pipe: Pipe, now: () => number) => {
  let group: Group | null = null;

  const open = () => {
    const opened: Group = { at: now(), asks: [], ids: new Set() };
    const sent = pipe.putOff(() => {
      if (group === opened) group = null;
      return appendAll(pipe, opened.asks, opened.at);
    });
    group = opened;
    return { opened, sent };
  };

  return {
    forget(): void {
      group = null;
    },
    /** @returns the time that its events have */
    async add(ask: AppendAsk): Promise<number> {
      // No other statement writes heads and logs, so that an append may overtake those that were put off before it.
      if (group && !group.ids.has(ask.id)) {
        group.asks.push(ask);
        group.ids.add(ask.id);
        return group.at;
      }
      const { opened, sent } = open();
      opened.asks.push(ask);
      opened.ids.add(ask.id);
      await sent;
      return opened.at;
    },
  };
};

/** The writing half of the hot path. */
export interface Writes extends Pick<Tx, 'append' | 'findByClientId'> {
  /** A transaction begins. `foretell`: appends to logs whose heads it has seen are not waited for. */
  begin(foretell: boolean): void;
}

/** On a lane's connection, inside a transaction. */
export const createWrites = (pipe: Pipe, now: () => number): Writes => {
  const foretold = createForetold(pipe, now);
  /** As this transaction has seen and moved them: whoever appends has the conversation for itself. */
  const heads = new Map<string, number>();
  let foretells = false;

  const find = gather((asks: readonly { id: string; clientId: string }[]) => findAll(pipe, asks));

  const append = gather(
    async (asks: readonly AppendAsk[]) => {
      const at = now();
      const moved = new Map(await appendAll(pipe, asks, at));
      return asks.map(({ id }) => ({ at, head: moved.get(id) ?? null }));
    },
    (one, other) => one.id === other.id,
  );

  return {
    begin(foretell) {
      foretold.forget();
      heads.clear();
      foretells = foretell;
    },
    async append(conversationId, drafts, key) {
      const id = storable(conversationId);
      const before = foretells ? heads.get(id) : undefined;
      if (before !== undefined) {
        const head = before + drafts.length;
        heads.set(id, head);
        const at = await foretold.add({ id, drafts, key, foretold: head });
        return eventsOf(drafts, head, at);
      }
      const { at, head } = await append({ id, drafts, key, foretold: null });
      if (head === null) throw new ContinuoError('not_found');
      heads.set(id, head);
      return eventsOf(drafts, head, at);
    },
    async findByClientId(conversationId, clientId) {
      const id = storable(conversationId);
      const { found } = await find({ id, clientId: storable(clientId) });
      if (found && !heads.has(id)) heads.set(id, found.head);
      return found?.event ?? null;
    },
  };
};
