import type { ConversationEvent } from '@continuo/protocol';

/** Who reads a log. */
export type Reader = 'agents' | 'customer';

/**
 * Steps of a handoff that are for the agents: that someone looked at a link, refused it or was refused is no part of
 * what the customer said or was told.
 */
const AGENTS_ONLY: ReadonlySet<string> = new Set(['peeked', 'declined', 'refused']);

const isHiddenFromCustomers = (event: ConversationEvent): boolean =>
  event.type === 'handoff' && AGENTS_ONLY.has(event.step);

/** The event as this reader may see it. */
export const eventFor = (reader: Reader, event: ConversationEvent): ConversationEvent =>
  reader === 'customer' && isHiddenFromCustomers(event)
    ? { seq: event.seq, at: event.at, type: 'hidden' }
    : event;

/** The same for an event as it is stored. Only handoffs can be hidden, so that all else passes without being parsed; a quote inside a text is escaped, and cannot be taken for a type. */
export const bodyFor = (reader: Reader, body: string): string => {
  if (reader === 'agents' || !body.includes('"type":"handoff"')) return body;
  const event: ConversationEvent = JSON.parse(body);
  return JSON.stringify(eventFor(reader, event));
};
