import type { Client, TimelineItem } from '@continuo/core';

type ValueOf<Store> = Store extends { get(): infer Value } ? Value : never;

export type EventItem = Extract<TimelineItem, { seq: number }>;
export type PendingItem = Extract<TimelineItem, { seq: null }>;
export type PendingMessage = PendingItem['pending'];
export type ConversationEvent = EventItem['event'];
export type MessageEvent = Extract<ConversationEvent, { type: 'message' }>;
export type Attachment = MessageEvent['attachments'][number];
export type Conversation = NonNullable<ValueOf<Client['$conversation']>>;
export type Positions = ValueOf<Client['$positions']>;
export type Connection = ValueOf<Client['$connection']>;
export type Session = ValueOf<Client['$session']>;
export type AgentProfile = NonNullable<ValueOf<Client['$agent']>>;
export type WebChannel = NonNullable<ValueOf<Client['$channel']>>;
export type HandoffPeek = Awaited<ReturnType<Client['handoff']['peek']>>;
export type { Client, TimelineItem };

/** What is not in the log yet, which comes last: a long log is not gone through for it. */
export const pendingIn = (items: readonly TimelineItem[]): PendingMessage[] =>
  items
    .slice(items.findLastIndex(({ seq }) => seq !== null) + 1)
    .flatMap((item) => (item.seq === null ? [item.pending] : []));
