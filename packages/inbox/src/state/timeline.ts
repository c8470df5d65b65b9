import type { PendingMessage, TimelineItem } from '@continuo/core/conversation';
import type { ConversationEvent, MessageEvent } from '@continuo/protocol';
import { daysBetween } from '../i18n/formats.ts';

export type QuietEvent = Exclude<ConversationEvent, { type: 'message' | 'hidden' }>;

/** A line of the thread. `first` and `last` say where a message stands in a run of one author's messages. */
export type TimelineRow =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'event'; key: string; event: QuietEvent }
  | { kind: 'message'; key: string; event: MessageEvent; first: boolean; last: boolean }
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

const toRow = (item: TimelineItem): TimelineRow | null => {
  const { key } = item;
  if ('pending' in item) return { kind: 'pending', key, pending: item.pending, first: true, last: true };
  const { event } = item;
  if (event.type === 'message') return { kind: 'message', key, event, first: true, last: true };
  return event.type === 'hidden' ? null : { kind: 'event', key, event };
};

const atOf = (row: TimelineRow): number => {
  if (row.kind === 'event') return row.event.at;
  return row.kind === 'day' ? row.at : timeOf(row);
};

/** Arranges a conversation's items, oldest first, into lines: days, quiet events, and runs of messages. */
export const arrangeTimeline = (items: readonly TimelineItem[]): TimelineRow[] => {
  const rows: TimelineRow[] = [];
  let before: TimelineRow | undefined;
  for (const item of items) {
    const row = toRow(item);
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

/** A piece of a paragraph. Only `http` and `https` addresses become links. `key` is unique in its paragraph. */
export type TextPiece = { key: number; text: string; href: string | null };
export type Paragraph = { key: number; pieces: TextPiece[] };

const ADDRESS = /https?:\/\/[^\s<>"'“”«»]+/gi;
/** What ends a sentence, or closes what was opened before the address, is not part of it. */
const TRAILING = /[.,;:!?…،؛؟)\]}*_~]+$/u;

const linkOf = (found: string): string | null => (URL.canParse(found) ? new URL(found).href : null);

const withoutTrailing = (found: string) => {
  const bare = found.replace(TRAILING, '');
  const opens = bare.split('(').length - bare.split(')').length;
  // An address may hold balanced brackets of its own.
  return opens > 0 && found[bare.length] === ')' ? `${bare})` : bare;
};

/** Splits a paragraph at the addresses in it. */
export const findLinks = (paragraph: string): TextPiece[] => {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of paragraph.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    const href = linkOf(address);
    if (!href) continue;
    if (match.index > end) pieces.push({ key: end, text: paragraph.slice(end, match.index), href: null });
    pieces.push({ key: match.index, text: address, href });
    end = match.index + address.length;
  }
  if (end < paragraph.length) pieces.push({ key: end, text: paragraph.slice(end), href: null });
  return pieces;
};

/** The text's lines, without empty ones around it. Each has its own direction. */
export const paragraphsOf = (text: string): Paragraph[] =>
  text
    .trim()
    .split(/\r?\n/)
    .map((line, key) => ({ key, pieces: findLinks(line) }));
