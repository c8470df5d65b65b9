import { type Static, Type } from 'typebox';
import { AgentProfile, ChannelKind, ClientId, Id, Seq, Time } from './common.ts';
import { LIMITS } from './limits.ts';
import { Rich } from './rich.ts';
import { CustomerPresence, Delivery, Positions } from './signals.ts';

/** `GET /v1/inbox/me` → the signed-in agent. */
export const Me = Type.Object(
  {
    agent: AgentProfile,
    email: Type.String(),
    workspace: Type.Object({ id: Id, name: Type.String() }),
  },
  { $id: 'Me' },
);
export type Me = Static<typeof Me>;

/** `PUT /v1/inbox/presence`. */
export const SetPresence = Type.Object(
  { status: Type.Union([Type.Literal('online'), Type.Literal('away')]) },
  { $id: 'SetPresence', additionalProperties: false },
);
export type SetPresence = Static<typeof SetPresence>;

/** The customer's address on one channel, as an agent sees it. */
export const IdentityView = Type.Object(
  {
    id: Id,
    channel: Type.Object({ id: Id, kind: ChannelKind, name: Type.String() }),
    name: Type.Union([Type.String(), Type.Null()]),
    pictureUrl: Type.Union([Type.String(), Type.Null()]),
    lastInboundAt: Type.Union([Time, Type.Null()]),
    /** May we write there now? `standard`: freely. `human_agent`: a person may. `closed`: no. `always`: the channel has no window. */
    window: Type.Object({
      state: Type.Union([
        Type.Literal('always'),
        Type.Literal('standard'),
        Type.Literal('human_agent'),
        Type.Literal('closed'),
      ]),
      until: Type.Union([Time, Type.Null()]),
    }),
  },
  { $id: 'IdentityView' },
);
export type IdentityView = Static<typeof IdentityView>;

/** A row of the inbox. */
export const ConversationSummary = Type.Object(
  {
    id: Id,
    customer: Type.Object({
      id: Id,
      name: Type.Union([Type.String(), Type.Null()]),
      pictureUrl: Type.Union([Type.String(), Type.Null()]),
      locale: Type.Union([Type.String(), Type.Null()]),
    }),
    /** Where the customer last wrote from. */
    channelKind: ChannelKind,
    assignee: Type.Union([AgentProfile, Type.Null()]),
    status: Type.Union([Type.Literal('open'), Type.Literal('resolved')]),
    /** It goes on in this other conversation and is in no list any more. Only in the signal that tells so. */
    joinedInto: Type.Optional(Id),
    /** The case opened while its assignee was away, and the customer has not chosen yet or chose to wait. */
    assigneeAway: Type.Boolean(),
    head: Seq,
    lastMessage: Type.Union([
      Type.Object({
        seq: Seq,
        at: Time,
        from: Type.Union([Type.Literal('customer'), Type.Literal('agent'), Type.Literal('system')]),
        /** First 140 characters. */
        preview: Type.String(),
      }),
      Type.Null(),
    ]),
    /** Messages of the customer after `agentRead`. */
    unread: Type.Integer({ minimum: 0 }),
    /** Since when the customer waits for an answer; null when the last word was ours. */
    waitingSince: Type.Union([Time, Type.Null()]),
    presence: CustomerPresence,
    updatedAt: Time,
  },
  { $id: 'ConversationSummary' },
);
export type ConversationSummary = Static<typeof ConversationSummary>;

/** `GET /v1/inbox/conversations?view=mine|waiting|all&status=open|resolved&cursor=` → newest activity first (waiting: oldest first). */
export const InboxList = Type.Object(
  {
    conversations: Type.Array(ConversationSummary),
    cursor: Type.Union([Type.String(), Type.Null()], { description: 'Pass it on for the next page' }),
    counts: Type.Object({ mine: Type.Integer(), waiting: Type.Integer(), all: Type.Integer() }),
  },
  { $id: 'InboxList' },
);
export type InboxList = Static<typeof InboxList>;

/** `GET /v1/inbox/conversations/:id`. */
export const InboxConversation = Type.Object(
  {
    summary: ConversationSummary,
    identities: Type.Array(IdentityView),
    /** Who the customer is at the brand, proved by its own log-in; left out where there was none. */
    user: Type.Optional(Type.Object({ id: Type.String(), email: Type.Union([Type.String(), Type.Null()]) })),
    /** How the newest 200 outgoing messages fare. */
    deliveries: Type.Array(Delivery),
    positions: Positions,
    case: Type.Union([Type.Object({ number: Type.Integer(), openedAt: Time }), Type.Null()]),
    /** How the customer rated the last case that they rated. */
    rating: Type.Optional(
      Type.Object({
        case: Type.Integer(),
        score: Type.Integer({ minimum: 1, maximum: 5 }),
        comment: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
    /** When everything of this customer is going to be erased, because they asked for it. `DELETE …/erase` cancels. */
    eraseAt: Type.Optional(Time),
    /** Where the next reply will go, and whether it can. */
    replyTo: Type.Object({
      kind: ChannelKind,
      state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
      until: Type.Union([Time, Type.Null()]),
    }),
    /** Whether "Continue on our site" can be offered now, and if not, why. */
    handoff: Type.Object({
      possible: Type.Boolean(),
      reason: Type.Union([
        Type.Literal('no_social_identity'),
        Type.Literal('window_closed'),
        Type.Literal('rate_limited'),
        Type.Null(),
      ]),
      /** The live link, if one was sent and not yet used. */
      liveUntil: Type.Union([Time, Type.Null()]),
    }),
  },
  { $id: 'InboxConversation' },
);
export type InboxConversation = Static<typeof InboxConversation>;

/** `GET /v1/inbox/agents`. */
export const AgentList = Type.Object(
  { agents: Type.Array(Type.Intersect([AgentProfile, Type.Object({ openConversations: Type.Integer() })])) },
  { $id: 'AgentList' },
);
export type AgentList = Static<typeof AgentList>;

/**
 * `POST /v1/inbox/conversations/:id/messages` → 201 (200 for a repetition) {@link SentMessage}. `text` and `rich` in words
 * (README) together hold 2,000 characters.
 */
export const SendReply = Type.Object(
  {
    clientId: ClientId,
    text: Type.String({ maxLength: LIMITS.textLength }),
    /** The message that this one answers. */
    replyTo: Type.Optional(Type.Integer({ minimum: 1 })),
    /** What the message shows below its text. */
    rich: Type.Optional(Rich),
  },
  { $id: 'SendReply', additionalProperties: false },
);
export type SendReply = Static<typeof SendReply>;

/** `POST /v1/inbox/conversations/:id/assign` → 204. */
export const Assign = Type.Object(
  { agentId: Type.Union([Id, Type.Null()]) },
  { $id: 'Assign', additionalProperties: false },
);
export type Assign = Static<typeof Assign>;

/** `POST /v1/inbox/conversations/:id/handoffs` → 201: "Continue on our site". `clientId` makes a retry harmless. */
export const OfferHandoff = Type.Object(
  { clientId: ClientId },
  { $id: 'OfferHandoff', additionalProperties: false },
);
export type OfferHandoff = Static<typeof OfferHandoff>;
export const OfferedHandoff = Type.Object({ handoffId: Id, expiresAt: Time }, { $id: 'OfferedHandoff' });
export type OfferedHandoff = Static<typeof OfferedHandoff>;

/** Ephemeral news for the inbox (`GET /v1/inbox/signals`, SSE, `event: signal`). Read the list anew after each (re)connection. */
export const InboxSignal = Type.Union(
  [
    Type.Object({ type: Type.Literal('conversation'), conversation: ConversationSummary }),
    Type.Object({ type: Type.Literal('agent'), agent: AgentProfile }),
    Type.Object({
      type: Type.Literal('typing'),
      conversationId: Id,
      from: Type.Union([Type.Literal('customer'), Type.Literal('agent')]),
      agentId: Type.Union([Id, Type.Null()]),
      on: Type.Boolean(),
    }),
    Type.Object({ type: Type.Literal('drain'), withinMs: Type.Integer() }),
    Type.Object({ type: Type.Literal('ended') }),
  ],
  { $id: 'InboxSignal' },
);
export type InboxSignal = Static<typeof InboxSignal>;
