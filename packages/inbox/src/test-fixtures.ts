import type { AgentProfile, ConversationSummary, InboxConversation, MessageEvent } from '@continuo/protocol';

export const SARA: AgentProfile = { id: 'sara', name: 'Sara Haddad', pictureUrl: null, status: 'online' };
export const OMID: AgentProfile = { id: 'omid', name: 'Omid Karimi', pictureUrl: null, status: 'away' };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A Wednesday, 12:00 in the machine's own time zone, so that days fall where tests expect them. */
export const NOON = new Date(2026, 8, 16, 12, 0).getTime();

export const MESSENGER = { id: 'ch-m', kind: 'messenger', name: 'Aurora Coffee' };
export const WEB = { id: 'ch-w', kind: 'web', name: 'aurora.example' };

export const summaryOf = (change: Partial<ConversationSummary> = {}): ConversationSummary => ({
  id: 'amal',
  customer: { id: 'cu-amal', name: 'Amal Nasser', pictureUrl: null, locale: 'en' },
  channelKind: 'messenger',
  assignee: SARA,
  status: 'open',
  assigneeAway: false,
  head: 1,
  lastMessage: { seq: 1, at: NOON - MINUTE, from: 'customer', preview: 'Hello' },
  unread: 0,
  waitingSince: null,
  presence: 'away',
  updatedAt: NOON - MINUTE,
  ...change,
});

export const viewOf = (change: Partial<InboxConversation> = {}): InboxConversation => ({
  summary: summaryOf(),
  identities: [
    {
      id: 'id-m',
      channel: MESSENGER,
      name: 'Amal N.',
      pictureUrl: null,
      lastInboundAt: NOON - HOUR,
      window: { state: 'standard', until: NOON + 23 * HOUR },
    },
  ],
  deliveries: [],
  positions: { customerReceived: 0, customerRead: 0, agentRead: 0 },
  case: { number: 1, openedAt: NOON - HOUR },
  replyTo: { kind: 'messenger', state: 'open', until: NOON + 23 * HOUR },
  handoff: { possible: true, reason: null, liveUntil: null },
  ...change,
});

/** A message of the customer, or of an agent where `agent` is given. */
export const message = (
  seq: number,
  text: string,
  change: Partial<MessageEvent> & { agent?: AgentProfile } = {},
): MessageEvent => {
  const { agent, ...rest } = change;
  return {
    seq,
    at: NOON - HOUR + seq * MINUTE,
    type: 'message',
    author: agent
      ? { kind: 'agent', id: agent.id, name: agent.name }
      : { kind: 'customer', id: 'cu-amal', name: 'Amal Nasser' },
    clientId: agent ? `client-${seq}` : null,
    text,
    attachments: [],
    channel: MESSENGER,
    ...rest,
  };
};
