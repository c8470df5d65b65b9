import { type PendingMessage, plainText, type TimelineItem } from '@continuo/core/conversation';
import type { Actor, ConversationEvent, MessageEvent } from '@continuo/protocol';
import { daysBetween } from '../i18n/formats.ts';

export type QuietEvent = Exclude<
  ConversationEvent,
  { type: 'message' | 'message.edited' | 'message.deleted' | 'hidden' }
>;

/** What a message answers. `text`: its beginning in one line, empty where it was deleted or is not loaded. */
export interface Quote {
  author: Actor | null;
  text: string;
}

/** A line of the thread. `first` and `last` say where a message stands in a run of one author's messages. */
export type TimelineRow =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'event'; key: string; event: QuietEvent }
  | {
      kind: 'message';
      key: string;
      event: MessageEvent;
      /** What it says now; `event.text` is what it said at first. */
      text: string;
      quote: Quote | null;
      first: boolean;
      last: boolean;
    }
  | { kind: 'pending'; key: string; pending: PendingMessage; first: boolean; last: boolean };

/** Messages of one author further apart than this begin a new run. */
const RUN_GAP_MS = 5 * 60_000;

type Speech = Extract<TimelineRow, { kind: 'message' | 'pending' }>;

const isSpeech = (row: TimelineRow | undefined): row is Speech =>
  row?.kind === 'message' || row?.kind === 'pending';

const timeOf = (row: Speech) => (row.kind === 'message' ? row.event.at : row.pending.at);

/** What two messages share when they stand in one run: writer and channel. An own unsent message joins a run of agents'. */
const voiceOf = (row: Speech) => {
  if (row.kind === 'pending') return 'pending';
  const { author, channel } = row.event;
  return `${author.kind} ${author.id} ${author.name} ${channel.id}`;
};

const continues = (before: TimelineRow | undefined, row: Speech) =>
  isSpeech(before) && voiceOf(before) === voiceOf(row) && Math.abs(timeOf(row) - timeOf(before)) < RUN_GAP_MS;

/** Characters of a message that a quote shows. */
const QUOTE_LENGTH = 140;

type Said = ReadonlyMap<number, TimelineItem>;

const quoteOf = ({ replyTo }: MessageEvent, said: Said): Quote | null => {
  if (replyTo === undefined) return null;
  const item = said.get(replyTo);
  if (!item || !('event' in item) || item.event.type !== 'message') return { author: null, text: '' };
  const line = plainText(item.edited ?? item.event.text).replace(/\s+/g, ' ');
  return { author: item.event.author, text: line.slice(0, QUOTE_LENGTH).replace(/[\uD800-\uDBFF]$/, '') };
};

const toRow = (item: TimelineItem, said: Said): TimelineRow | null => {
  const { key } = item;
  if ('pending' in item) return { kind: 'pending', key, pending: item.pending, first: true, last: true };
  const { event, edited } = item;
  switch (event.type) {
    case 'message': {
      const text = edited ?? event.text;
      return { kind: 'message', key, event, text, quote: quoteOf(event, said), first: true, last: true };
    }
    case 'message.edited':
    case 'message.deleted':
    case 'hidden':
      return null;
    default:
      return { kind: 'event', key, event };
  }
};

const atOf = (row: TimelineRow): number => {
  if (row.kind === 'event') return row.event.at;
  return row.kind === 'day' ? row.at : timeOf(row);
};

/** Arranges a conversation's items, oldest first, into lines: days, quiet events, and runs of messages. */
export const arrangeTimeline = (items: readonly TimelineItem[]): TimelineRow[] => {
  const rows: TimelineRow[] = [];
  const said = new Map(items.flatMap((item) => (item.seq === null ? [] : [[item.seq, item]])));
  let before: TimelineRow | undefined;
  for (const item of items) {
    const row = toRow(item, said);
    if (!row) continue;
    if (!before || daysBetween(atOf(before), atOf(row)) !== 0) {
      rows.push({ kind: 'day', key: `day ${row.key}`, at: atOf(row) });
      before = undefined;
    }
    if (isSpeech(row) && isSpeech(before) && continues(before, row)) {
      before.last = false;
      row.first = false;
    }
    rows.push(row);
    before = row;
  }
  return rows;
};
