import type { ConversationEvent } from '@continuo/protocol';

/** An event as a timeline shows it. `key` stays the same from the moment that a person sends until it is in the log, and after. */
export interface EventItem {
  key: string;
  seq: number;
  /** As it is in the log. Of a message that was deleted, the words are gone from here too. */
  event: ConversationEvent;
  /** What the message says since it was edited. */
  edited?: string;
}

/** The known part of a conversation's log: dense, from some event up to `last`. */
export interface Log {
  items: readonly EventItem[];
  /** The seq of the last event that is known; -1 before anything was read. */
  last: number;
  /** The largest seq ever heard of. Larger than `last`: there is a gap to fetch. */
  seen: number;
}

export const EMPTY_LOG: Log = { items: [], last: -1, seen: 0 };

const toItem = (event: ConversationEvent): EventItem => ({
  key: (event.type === 'message' && event.clientId) || `seq:${event.seq}`,
  seq: event.seq,
  event,
});

/** Has each message say what it was edited to, and nothing once it was deleted. `news`: where edits and deletions may be. */
const revise = (items: readonly EventItem[], news: readonly EventItem[]): readonly EventItem[] => {
  /** Empty where it was deleted: the edits of such a message have no words either. */
  const said = new Map<number, string>();
  for (const { event } of news) {
    if (event.type === 'message.edited') said.set(event.message, event.text);
    if (event.type === 'message.deleted') said.set(event.message, '');
  }
  if (!said.size) return items;
  return items.map((item) => {
    const { key, seq, event } = item;
    const text = said.get(event.type === 'message.edited' ? event.message : seq);
    if (text === undefined) return item;
    if (event.type === 'message')
      return text
        ? { ...item, edited: text }
        : { key, seq, event: { ...event, text, attachments: [], deleted: true } };
    return event.type === 'message.edited' && !text ? { key, seq, event: { ...event, text } } : item;
  });
};

/** The log as its newest page gives it. `base` is where an empty page stands: nothing up to it is shown to this reader. */
export const beginLog = (log: Log, events: readonly ConversationEvent[], base: number): Log => {
  const last = events.at(-1)?.seq ?? base;
  const items = events.map(toItem);
  return { items: revise(items, items), last, seen: Math.max(last, log.seen) };
};

/** Takes in each event that is next in line. An earlier one is dropped; of a later one only its seq is kept. */
export const appendEvents = (log: Log, events: readonly ConversationEvent[]): Log => {
  let { last, seen } = log;
  const fresh: EventItem[] = [];
  for (const event of events) {
    seen = Math.max(seen, event.seq);
    if (last >= 0 && event.seq === last + 1) {
      fresh.push(toItem(event));
      last = event.seq;
    }
  }
  return { items: fresh.length > 0 ? revise([...log.items, ...fresh], fresh) : log.items, last, seen };
};

/** Puts an earlier page before the log. A page that does not end just before it changes nothing. */
export const prependEvents = (log: Log, events: readonly ConversationEvent[]): Log => {
  if (events.at(-1)?.seq !== firstSeq(log) - 1) return log;
  const items = [...events.map(toItem), ...log.items];
  return { ...log, items: revise(items, items) };
};

/** The seq of the first known event, or of the one that will be it. */
export const firstSeq = (log: Log): number => log.items[0]?.seq ?? log.last + 1;

/** Events were heard of that are not here. */
export const hasGap = ({ last, seen }: Log): boolean => last >= 0 && seen > last;
