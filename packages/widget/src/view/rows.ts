import type {
  Attachment,
  ConversationEvent,
  MessageEvent,
  PendingMessage,
  Positions,
  TimelineItem,
} from './model.ts';

/** How far a message of the customer has got. */
export type Status = 'waiting' | 'sending' | 'failed' | 'sent' | 'delivered' | 'read';

/** Why a message failed, as far as people can make use of it. */
export type Failure = 'failedRefused' | 'failedEnded' | 'failedOld';

/** One message, wherever it is on its way. */
export interface MessageRow {
  kind: 'message';
  key: string;
  /** Written by the customer. */
  mine: boolean;
  /** Who wrote it, where that is known by name. */
  from: string | null;
  /** What it says now. */
  text: string;
  attachments: readonly Attachment[];
  /** As it is in the log; null before it is there. */
  event: MessageEvent | null;
  at: number;
  /** The kind of the network it was written on; null for the web. */
  network: string | null;
  /** Null for the other side's messages. */
  status: Status | null;
  /** Null unless it failed. */
  failure: Failure | null;
  /** First and last of a run by one writer in one place within a few minutes. */
  first: boolean;
  last: boolean;
  /** Time and status are shown with it: the last of a run, and the last of each status in one. */
  meta: boolean;
}

/** A quiet line about what happened. */
export type NoteEvent = Extract<
  ConversationEvent,
  {
    type:
      | 'case.resolved'
      | 'assigned'
      | 'assignee.choice'
      | 'handoff'
      | 'joined'
      | 'erasure.requested'
      | 'erasure.cancelled';
  }
>;

/** The customer asked to be called. */
export type CallbackEvent = Extract<ConversationEvent, { type: 'callback.requested' }>;

/** A line of the list. */
export type Row =
  | MessageRow
  | { kind: 'day'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'note'; key: string; event: NoteEvent }
  | { kind: 'callback'; key: string; event: CallbackEvent }
  /** The assignee is away and the customer has not chosen yet. */
  | { kind: 'choice'; key: string; agent: string };

export interface RowsInput {
  items: readonly TimelineItem[];
  /** How far the agent has received and read. */
  positions: Pick<Positions, 'agentReceived' | 'agentRead'>;
  /** Where the "new" divider stands: before the first message of the other side after this seq. Null for none. */
  unreadAfter: number | null;
}

/** Longer pauses begin a new run of messages. */
const RUN_MS = 5 * 60_000;

const BARE = {
  kind: 'message',
  mine: true,
  from: null,
  attachments: [],
  event: null,
  network: null,
  failure: null,
  first: true,
  last: true,
  meta: true,
} as const;

const failureOf = ({ state, error }: PendingMessage): Failure | null => {
  if (state !== 'failed') return null;
  if (error === 'session_ended' || error === 'unauthorized') return 'failedEnded';
  return error === 'timeout' ? 'failedOld' : 'failedRefused';
};

const statusOf = (seq: number, { agentReceived = 0, agentRead }: RowsInput['positions']): Status => {
  if (seq <= agentRead) return 'read';
  return seq <= agentReceived ? 'delivered' : 'sent';
};

const messageRow = (item: TimelineItem, positions: RowsInput['positions']): MessageRow | null => {
  const { key } = item;
  if (item.seq === null) {
    const { text, at, state, attachments = [] } = item.pending;
    return { ...BARE, key, text, attachments, at, status: state, failure: failureOf(item.pending) };
  }
  if (item.event.type !== 'message') return null;
  const { event } = item;
  const { seq, author, channel, text, at, attachments } = event;
  const mine = author.kind === 'customer';
  return {
    ...BARE,
    key,
    mine,
    from: mine ? null : author.name,
    text: item.edited ?? text,
    attachments,
    event,
    at,
    network: channel.kind === 'web' ? null : channel.kind,
    status: mine ? statusOf(seq, positions) : null,
  };
};

/** Events that a customer is told of; a change to "nobody yet" is told by the place in the queue instead. */
const isNote = (event: ConversationEvent): event is NoteEvent => {
  switch (event.type) {
    case 'case.resolved':
    case 'assignee.choice':
      return true;
    case 'assigned':
      return event.agent !== null;
    case 'handoff':
      return event.step === 'redeemed';
    case 'joined':
      return event.direction === 'from';
    default:
      return event.type.startsWith('erasure.');
  }
};

/** What opens and settles the question whether to wait for an agent who is away. */
const DECIDES: ReadonlySet<string> = new Set([
  'assignee.away',
  'assignee.choice',
  'assigned',
  'case.resolved',
  'case.opened',
]);

/** The seq of the `assignee.away` that waits for the customer's choice; null when there is none. */
export const openChoice = (items: readonly TimelineItem[]): number | null => {
  const last = items.findLast((item) => item.seq !== null && DECIDES.has(item.event.type));
  return last && last.seq !== null && last.event.type === 'assignee.away' ? last.seq : null;
};

const sameRun = (one: MessageRow, other: MessageRow): boolean =>
  one.mine === other.mine &&
  one.from === other.from &&
  one.network === other.network &&
  other.at - one.at < RUN_MS;

const rowOf = (
  item: TimelineItem,
  { positions, choice }: { positions: RowsInput['positions']; choice: number | null },
): Row | null => {
  const message = messageRow(item, positions);
  if (message || item.seq === null) return message;
  const { key, event } = item;
  if (event.type === 'assignee.away') {
    return item.seq === choice ? { kind: 'choice', key, agent: event.agent.name ?? '' } : null;
  }
  if (event.type === 'callback.requested') return { kind: 'callback', key, event };
  return isNote(event) ? { kind: 'note', key, event } : null;
};

/** Turns a stretch of the timeline into the lines to show, in order. Unknown kinds of event show nothing. */
export const toRows = ({ items, positions, unreadAfter }: RowsInput): Row[] => {
  const rows: Row[] = [];
  const choice = openChoice(items);
  let divider = unreadAfter;
  let day = '';
  for (const item of items) {
    const row = rowOf(item, { positions, choice });
    if (!row) continue;
    const at = item.seq === null ? item.pending.at : item.event.at;
    const today = new Date(at).toDateString();
    if (today !== day) rows.push({ kind: 'day', key: today, at });
    day = today;
    if (divider !== null && item.seq !== null && item.seq > divider && row.kind === 'message' && !row.mine) {
      divider = null;
      rows.push({ kind: 'unread', key: 'unread' });
    }
    const before = rows.at(-1);
    if (row.kind === 'message' && before?.kind === 'message' && sameRun(before, row)) {
      row.first = before.last = false;
      before.meta = before.status !== row.status;
    }
    rows.push(row);
  }
  return rows;
};

const sameFields = (one: object, other: object): boolean =>
  Object.entries(one).every(([name, value]) => Reflect.get(other, name) === value);

/** Keeps the row that was there where the new one says the same, so that it need not be drawn anew. */
export const reuseRows = (before: readonly Row[], rows: readonly Row[]): Row[] => {
  const known = new Map(before.map((row) => [row.key, row]));
  return rows.map((row) => {
    const old = known.get(row.key);
    return old && sameFields(row, old) ? old : row;
  });
};
