import { type Static, Type } from 'typebox';
import { Actor, Attachment, ChannelKind, ClientId, Id, Seq, Time } from './common.ts';
import { FormAnsweredEvent } from './forms.ts';
import { Answer, Rich } from './rich.ts';

const base = { seq: Seq, at: Time };

/** Where a message was written: `kind` of the channel, and its id and name. */
export const MessageChannel = Type.Object({ id: Id, kind: ChannelKind, name: Type.String() });

/**
 * Something said. Text is text: what it may show beside plain words is a small subset of Markdown, never HTML.
 * Of a message that was deleted the words are gone: `deleted` is true, `text` empty and `attachments` too.
 */
export const MessageEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('message'),
    author: Actor,
    /** The writer's id for it; null for what came in from a network. */
    clientId: Type.Union([ClientId, Type.Null()]),
    text: Type.String(),
    attachments: Type.Array(Attachment),
    channel: MessageChannel,
    /** The message that this one answers. */
    replyTo: Type.Optional(Seq),
    /** What it shows below its text. */
    rich: Type.Optional(Rich),
    /** The option whose label it says. */
    answer: Type.Optional(Answer),
    /** It was deleted, and its words with it. */
    deleted: Type.Optional(Type.Literal(true)),
  },
  { $id: 'MessageEvent' },
);
export type MessageEvent = Static<typeof MessageEvent>;

/** A message says something else from now on. `text` is empty once that message was deleted. */
export const MessageEditedEvent = Type.Object(
  { ...base, type: Type.Literal('message.edited'), message: Seq, text: Type.String(), actor: Actor },
  { $id: 'MessageEditedEvent' },
);
export type MessageEditedEvent = Static<typeof MessageEditedEvent>;

/** A message was deleted. Whoever has its words shows them no more; later readers never get them. */
export const MessageDeletedEvent = Type.Object(
  { ...base, type: Type.Literal('message.deleted'), message: Seq, actor: Actor },
  { $id: 'MessageDeletedEvent' },
);

/** A case was opened: the first message ever, or the first after the last case was resolved. */
export const CaseOpenedEvent = Type.Object(
  { ...base, type: Type.Literal('case.opened'), case: Type.Integer({ minimum: 1 }) },
  { $id: 'CaseOpenedEvent' },
);
/** The agent or the customer resolved the case. Writing again opens the next one in the same conversation. */
export const CaseResolvedEvent = Type.Object(
  { ...base, type: Type.Literal('case.resolved'), case: Type.Integer({ minimum: 1 }), actor: Actor },
  { $id: 'CaseResolvedEvent' },
);

/** The customer said how a resolved case went: 1 (bad) to 5 (very good). The newest of a case counts. */
export const CaseRatedEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('case.rated'),
    case: Type.Integer({ minimum: 1 }),
    score: Type.Integer({ minimum: 1, maximum: 5 }),
    comment: Type.Union([Type.String(), Type.Null()]),
    actor: Actor,
  },
  { $id: 'CaseRatedEvent' },
);
export type CaseRatedEvent = Static<typeof CaseRatedEvent>;

/** The customer asked to have everything erased. It happens at `dueAt`, unless it is cancelled. */
export const ErasureRequestedEvent = Type.Object(
  { ...base, type: Type.Literal('erasure.requested'), actor: Actor, dueAt: Time },
  { $id: 'ErasureRequestedEvent' },
);
/** The customer, or an agent, took that back. */
export const ErasureCancelledEvent = Type.Object(
  { ...base, type: Type.Literal('erasure.cancelled'), actor: Actor },
  { $id: 'ErasureCancelledEvent' },
);
/** Words, files and the customer's names were taken out of every event before this one. */
export const ErasedEvent = Type.Object({ ...base, type: Type.Literal('erased') }, { $id: 'ErasedEvent' });

/** The assignee changed. `agent` null: waiting in the queue. */
export const AssignedEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('assigned'),
    agent: Type.Union([Actor, Type.Null()]),
    actor: Actor,
    reason: Type.Union([
      Type.Literal('auto'), // least busy of the online agents
      Type.Literal('queue'), // nobody online: it waits
      Type.Literal('manual'), // an agent did it
      Type.Literal('customer'), // the customer asked for a colleague
    ]),
  },
  { $id: 'AssignedEvent' },
);

/** A new case was opened while its assignee was away: the customer may wait or ask for a colleague. */
export const AssigneeAwayEvent = Type.Object(
  { ...base, type: Type.Literal('assignee.away'), agent: Actor },
  { $id: 'AssigneeAwayEvent' },
);
/** What the customer chose after `assignee.away`. */
export const ChoiceEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('assignee.choice'),
    choice: Type.Union([Type.Literal('wait'), Type.Literal('colleague')]),
  },
  { $id: 'ChoiceEvent' },
);

/** Why a handoff was refused. */
export const RefusedReason = Type.Union([
  Type.Literal('expired'),
  Type.Literal('used'),
  Type.Literal('revoked'),
]);

/** A step of a handoff. Never carries the token. */
export const HandoffEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('handoff'),
    handoffId: Id,
    step: Type.Union([
      Type.Literal('offered'), // a link was sent into the social thread
      Type.Literal('peeked'), // a device asked what the link leads to (the first time)
      Type.Literal('redeemed'), // the customer carries on over there
      Type.Literal('declined'), // "Not me"
      Type.Literal('refused'),
    ]),
    from: ChannelKind,
    to: ChannelKind,
    actor: Actor,
    reason: Type.Union([RefusedReason, Type.Null()]),
    expiresAt: Type.Union([Time, Type.Null()]),
  },
  { $id: 'HandoffEvent' },
);
export type HandoffEvent = Static<typeof HandoffEvent>;

/** Two conversations of one customer were joined; `conversationId` is the other one. Nothing is renumbered. */
export const JoinedEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('joined'),
    conversationId: Id,
    /** `into`: this conversation ends here and goes on in the other. `from`: the other was joined to this one. */
    direction: Type.Union([Type.Literal('into'), Type.Literal('from')]),
  },
  { $id: 'JoinedEvent' },
);

/** The customer asked to be called. */
export const CallbackRequestedEvent = Type.Object(
  {
    ...base,
    type: Type.Literal('callback.requested'),
    callbackId: ClientId,
    /** Empty once the customer had it erased. */
    phone: Type.String(),
    /** When; null: as soon as possible. */
    due: Type.Union([Time, Type.Null()]),
    note: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: 'CallbackRequestedEvent' },
);
/** The call that was asked for is not wanted any more, or an agent has called. */
export const CallbackEndedEvent = Type.Object(
  {
    ...base,
    type: Type.Union([Type.Literal('callback.cancelled'), Type.Literal('callback.done')]),
    callbackId: ClientId,
    actor: Actor,
  },
  { $id: 'CallbackEndedEvent' },
);
/** The customer logged in at the brand, which said who they are; `actor.name` is what the brand calls them. */
export const IdentifiedEvent = Type.Object(
  { ...base, type: Type.Literal('customer.identified'), actor: Actor },
  { $id: 'IdentifiedEvent' },
);

/** An event that this reader may not see. It keeps the numbering dense. */
export const HiddenEvent = Type.Object({ ...base, type: Type.Literal('hidden') }, { $id: 'HiddenEvent' });

/** An entry in a conversation's log. A reader ignores a `type` that it does not know. */
export const ConversationEvent = Type.Union(
  [
    MessageEvent,
    MessageEditedEvent,
    MessageDeletedEvent,
    CaseOpenedEvent,
    CaseResolvedEvent,
    CaseRatedEvent,
    AssignedEvent,
    AssigneeAwayEvent,
    ChoiceEvent,
    HandoffEvent,
    JoinedEvent,
    IdentifiedEvent,
    ErasureRequestedEvent,
    ErasureCancelledEvent,
    ErasedEvent,
    CallbackRequestedEvent,
    CallbackEndedEvent,
    FormAnsweredEvent,
    HiddenEvent,
  ],
  { $id: 'ConversationEvent' },
);
export type ConversationEvent = Static<typeof ConversationEvent>;
export type EventType = ConversationEvent['type'];

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before it has its place in the log. */
export type EventDraft = DistributiveOmit<ConversationEvent, 'seq' | 'at'>;
