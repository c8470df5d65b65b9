import type { ChannelKind, DeliveryState, EventType } from '@continuo/protocol';
import type { ColumnType, Generated } from 'kysely';

/*
 * The tables, in the common subset of SQLite and PostgreSQL: times are epoch milliseconds, objects are JSON in text,
 * booleans are 0 and 1. Ids are opaque text given by `Ids`.
 */

/** A column that may be left out of a new row: null. */
type Added<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface WorkspaceTable {
  id: string;
  name: string;
  /** JSON of `WorkspaceSettings`. */
  settings: string;
  created_at: number;
}

export interface ChannelTable {
  id: string;
  workspace_id: string;
  kind: ChannelKind;
  name: string;
  /** The account's id on the network (a Page's id), or the public key of a web channel. Unique with `kind`. */
  external_id: string;
  /** The adapter's configuration: JSON, encrypted by `Secrets`. */
  config: string;
  created_at: number;
}

export interface CustomerTable {
  id: string;
  workspace_id: string;
  name: string | null;
  picture_url: string | null;
  locale: string | null;
  /** When everything of them is going to be erased, because they asked for it. */
  erase_at: Generated<number | null>;
  created_at: number;
}

export interface IdentityTable {
  id: string;
  workspace_id: string;
  customer_id: string;
  channel_id: string;
  /** The customer's address there: a PSID, or the thumbprint of a device's key on a web channel. Unique with `channel_id`. */
  external_id: string;
  name: string | null;
  picture_url: string | null;
  /** When the customer last wrote from here; opens the channel's window. */
  last_inbound_at: number | null;
  /** The handoff by which a web identity came to this customer; null for one that began here. */
  handoff_id: string | null;
  created_at: number;
}

export interface ConversationTable {
  id: string;
  workspace_id: string;
  /** Unique: one conversation a customer. */
  customer_id: string;
  /** The seq of the last event. */
  head: number;
  assignee_id: string | null;
  status: 'open' | 'resolved';
  /** Number of the current or last case; 0 before the first. */
  case_number: number;
  /** 1 while a case that opened with its assignee away has no choice "colleague" and no answer of an agent. */
  assignee_away: number;
  /** Set when joined into another conversation: sessions and channels go on there. */
  joined_into: string | null;
  customer_received: number;
  customer_read: number;
  agent_received: Generated<number>;
  agent_read: number;
  /** The last message, for the inbox's row. */
  last_message_seq: number;
  last_message_at: number | null;
  last_message_from: 'customer' | 'agent' | 'system' | null;
  last_message_preview: string | null;
  /** Kind of the channel that the customer last wrote from. */
  last_channel_kind: ChannelKind;
  /** Messages of the customer after `agent_read`. */
  unread: number;
  /** Since when the customer waits for an answer. */
  waiting_since: number | null;
  /** Since when it waits for an agent, the key of the queue; null while assigned or resolved. */
  queued_at: number | null;
  /** The callback that the customer asked for, until it is done or cancelled: at most one. */
  callback_id: Added<string>;
  updated_at: number;
  created_at: number;
}

export interface CaseTable {
  id: string;
  conversation_id: string;
  number: number;
  /** The seq of `case.opened`. */
  opened_seq: number;
  opened_at: number;
  /** Null while open: at most one such row a conversation (partial unique index). */
  resolved_at: number | null;
  /** The newest rating, 1 to 5. */
  rating: Generated<number | null>;
  rating_comment: Generated<string | null>;
  /** When an agent first answered what the customer had opened it with. */
  answered_at: Added<number>;
}

export interface EventTable {
  conversation_id: string;
  seq: number;
  type: EventType;
  /** Unique in the conversation where not null. */
  client_id: string | null;
  /** SHA-256 of what was sent under `client_id`, to tell a repetition from a conflict. */
  client_hash: string | null;
  /** JSON of the event as the protocol has it, `seq` and `at` included. */
  body: string;
  at: number;
}

export interface SessionTable {
  id: string;
  workspace_id: string;
  customer_id: string;
  conversation_id: string;
  identity_id: string | null;
  /** SHA-256 of the token, hex. */
  token_hash: string;
  /** RFC 7638 thumbprint of the device's key. */
  key_thumbprint: string;
  handoff_id: string | null;
  /** Events up to and including this seq are not shown to it. */
  visible_after: number;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  revoked_at: number | null;
}

/** `social→web`: sent into a network. `device`: to another device. `web→messenger`: from the web into that network. */
export type HandoffPurpose = 'social→web' | 'device' | 'web→messenger';

export interface HandoffTable {
  id: string;
  workspace_id: string;
  conversation_id: string;
  /** Where it was asked for: the social identity that the link was sent to, or the device's own. */
  identity_id: string;
  purpose: HandoffPurpose;
  token_hash: string;
  client_id: string | null;
  created_by: string | null;
  created_at: number;
  expires_at: number;
  peeked_at: number | null;
  /** Thumbprint of the device that looked at it last and did not say "Not me". */
  peeked_by: string | null;
  redeemed_at: number | null;
  redeemed_by: string | null;
  revoked_at: number | null;
  /** The session that asked for it, where a customer's device did. */
  session_id: Added<string>;
}

export interface DeliveryTable {
  id: string;
  conversation_id: string;
  /** The message's seq. Unique with `identity_id`. */
  seq: number;
  identity_id: string;
  channel_id: string;
  state: DeliveryState;
  /** `DeliveryContent`, sealed by `Secrets`, when it is more than the event's text (a link button, choices); wiped when it is over. */
  content: string | null;
  attempts: number;
  /** When it is due. */
  next_at: number;
  /** Until when a node looks after it, so that the others leave it alone; null: nobody does. */
  taken_until: number | null;
  lease_owner: string | null;
  lease_until: number | null;
  /** The network's id for it. */
  provider_id: string | null;
  /** When it was handed to the network; once an echo told it, when the network took it. A network's watermark is held against it. */
  sent_at: number | null;
  /** JSON of `DeliveryError`. */
  error: string | null;
  created_at: number;
  updated_at: number;
}

/** What came in from networks, stored before it is acknowledged and worked on after. */
export interface InboundTable {
  id: Generated<number>;
  channel_id: string;
  /** The network's id of the event: a repetition is dropped by the unique index on (`channel_id`, `external_id`). */
  external_id: string;
  /** The customer's address there: events of one customer are worked on in the order of `id`. */
  sender: string;
  /** JSON of `InboundEvent`. */
  payload: string;
  received_at: number;
  processed_at: number | null;
  attempts: number;
  next_at: number;
  /** Until when a node works on it, so that the others leave it alone; null: nobody does. */
  taken_until: number | null;
  error: string | null;
}

export interface AgentTable {
  id: string;
  workspace_id: string;
  /** The account's id in the accounts library. */
  user_id: string;
  email: string;
  name: string;
  picture_url: string | null;
  /** What the agent chose; they are online only while also connected. */
  status: 'online' | 'away';
  /** What they do here, in the brand's words: "Orders team". */
  role: Added<string>;
  /** 1: no person. */
  bot: Generated<number>;
  created_at: number;
}

/** A file that somebody sends, whole or still on its way. Its bytes are in the store of files, a chunk each. */
export interface FileTable {
  conversation_id: string;
  /** The sender's own; unique in the conversation. */
  id: string;
  workspace_id: string;
  /** Its chunks are stored as `<stored_as>-0`, `-1`, …; all but the last have `LIMITS.chunkBytes`. */
  stored_as: string;
  /** Thumbprint of the device that sends it, or the agent's id. */
  owner: string;
  name: string;
  media_type: string;
  size: number;
  /** Bytes that are here; `size` when it is whole. */
  received: number;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  /** The message that it came with; null until there is one. */
  seq: number | null;
  created_at: number;
  updated_at: number;
}

/** Transcripts sent by e-mail in the last day. */
export interface TranscriptMailTable {
  id: string;
  conversation_id: string;
  /** SHA-256 of the address, hex. */
  address_hash: string;
  at: number;
}

/** A secret with which the brand's backend signs who its user is. */
export interface IdentitySecretTable {
  id: string;
  workspace_id: string;
  /** Sealed by `Secrets`. */
  secret: string;
  created_at: number;
}

/** A customer whom the brand's own log-in has named. */
export interface BrandUserTable {
  workspace_id: string;
  /** The brand's own id; unique in the workspace. */
  user_id: string;
  /** Unique: one user a customer. */
  customer_id: string;
  /** As the brand gave them last. */
  name: string | null;
  email: string | null;
  created_at: number;
}

/** A brand's token that was used: it is of no use to another device. */
export interface IdentityTokenTable {
  workspace_id: string;
  /** SHA-256 of its `jti`, hex. */
  token_hash: string;
  /** Thumbprint of the device that used it. */
  key_thumbprint: string;
  expires_at: number;
}

export interface Database {
  workspaces: WorkspaceTable;
  channels: ChannelTable;
  customers: CustomerTable;
  identities: IdentityTable;
  conversations: ConversationTable;
  cases: CaseTable;
  events: EventTable;
  sessions: SessionTable;
  handoffs: HandoffTable;
  deliveries: DeliveryTable;
  inbound: InboundTable;
  agents: AgentTable;
  files: FileTable;
  identity_secrets: IdentitySecretTable;
  brand_users: BrandUserTable;
  identity_tokens: IdentityTokenTable;
  transcript_mails: TranscriptMailTable;
}
