import { type Static, Type } from 'typebox';
import { AgentProfile, ChannelKind, ClientId, Id, LinkToken, Phone, Seq, Time } from './common.ts';
import { CallbackRequestedEvent, ConversationEvent, MessageEditedEvent, MessageEvent } from './events.ts';
import { FormFields } from './forms.ts';
import { LIMITS } from './limits.ts';
import { Answer } from './rich.ts';
import { Positions } from './signals.ts';

/** `GET /v1/web/:channelKey` → what a widget needs to know before anything is said. Public, the same for everyone. */
export const WebChannel = Type.Object(
  {
    channelKey: Type.String(),
    workspace: Type.Object({ name: Type.String() }),
    /** Whether any person who answers is online now. */
    online: Type.Boolean(),
    /** Whether a transcript can be sent by e-mail. */
    transcriptByMail: Type.Optional(Type.Boolean()),
    /** When people answer; absent where they always do. Stretches are `[from, until]` in time's order. */
    hours: Type.Optional(
      Type.Object({
        open: Type.Boolean(),
        /** When `open` changes next; null: not soon. */
        changesAt: Type.Union([Time, Type.Null()]),
        /** When it is open in the next 7 days. */
        week: Type.Array(Type.Tuple([Time, Time])),
      }),
    ),
    /** Minutes in which one is usually answered; absent or null where that is not known. */
    replyMinutes: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
    /** Whether a customer may ask to be called. */
    callbacks: Type.Optional(Type.Boolean()),
    /** Networks where a customer may carry on. */
    continueOn: Type.Optional(Type.Array(Type.Object({ kind: ChannelKind, name: Type.String() }))),
    /** What is asked for before the first message, now; absent: nothing. */
    preChat: Type.Optional(Type.Object({ fields: FormFields })),
  },
  { $id: 'WebChannel' },
);
export type WebChannel = Static<typeof WebChannel>;

/** `POST /v1/sessions`: a device begins, or takes up again, its own conversation. Proof without `ath`; its key becomes the session's. */
export const OpenSession = Type.Object(
  {
    channelKey: Type.String({ minLength: 1, maxLength: 64 }),
    /** BCP 47 tag of the widget's language. */
    locale: Type.Optional(Type.String({ maxLength: 35 })),
  },
  { $id: 'OpenSession', additionalProperties: false },
);
export type OpenSession = Static<typeof OpenSession>;

/** A session as the device gets it, once. `token` goes into `Authorization: DPoP <token>`. */
export const Session = Type.Object(
  {
    token: Type.String(),
    conversationId: Id,
    customer: Type.Object({ id: Id, name: Type.Union([Type.String(), Type.Null()]) }),
    /** The latest end; the session also ends after 72 h without use. */
    expiresAt: Time,
  },
  { $id: 'Session' },
);
export type Session = Static<typeof Session>;

/** `GET /v1/session` → the session of the token that was sent, without the token. `DELETE /v1/session` → 204: the device logs out. */
export const SessionState = Type.Object(
  {
    conversationId: Id,
    customer: Type.Object({ id: Id, name: Type.Union([Type.String(), Type.Null()]) }),
    expiresAt: Time,
  },
  { $id: 'SessionState' },
);
export type SessionState = Static<typeof SessionState>;

/**
 * `POST /v1/session/identify` → {@link Identified}: the brand says who this device's customer is. `token` is a JWT that
 * the brand's backend has signed (README, "The brand's log-in").
 */
export const Identify = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 4096 }) },
  { $id: 'Identify', additionalProperties: false },
);
export type Identify = Static<typeof Identify>;

/** Whom a device belongs to after a log-in. */
export const Identified = Type.Object(
  {
    customer: Type.Object({ id: Id, name: Type.Union([Type.String(), Type.Null()]) }),
    /** The same as before, unless the user has another one already. */
    conversationId: Id,
    /** Of the session that takes the place of the one that asked; null where that one goes on. */
    token: Type.Union([Type.String(), Type.Null()]),
    expiresAt: Time,
  },
  { $id: 'Identified' },
);
export type Identified = Static<typeof Identified>;

/** `GET /v1/conversations/:id` → the conversation as it is now; read its events from the stream. */
export const Conversation = Type.Object(
  {
    id: Id,
    /** The last event's seq. */
    head: Seq,
    /** Nothing up to and including this seq is shown to this session; its stream and history begin after it. */
    visibleAfter: Seq,
    case: Type.Union([
      Type.Object({
        number: Type.Integer(),
        status: Type.Union([Type.Literal('open'), Type.Literal('resolved')]),
      }),
      Type.Null(),
    ]),
    assignee: Type.Union([AgentProfile, Type.Null()]),
    /** While waiting for an agent: the place in the queue, 1 for the next. */
    queuePosition: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    positions: Positions,
    /** When everything of this customer is going to be erased; absent when nobody asked for that. */
    eraseAt: Type.Optional(Time),
  },
  { $id: 'Conversation' },
);
export type Conversation = Static<typeof Conversation>;

/** `GET …/history?before=<seq>&limit=<n>` → a page of events with `seq < before`, oldest first. */
export const HistoryPage = Type.Object(
  { events: Type.Array(ConversationEvent), more: Type.Boolean({ description: 'Earlier ones exist' }) },
  { $id: 'HistoryPage' },
);
export type HistoryPage = Static<typeof HistoryPage>;

/** What is said in one message. */
const MessageText = Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' });

/** `POST …/messages`. 201 when stored, 200 with the same event when this `clientId` had been stored before. */
export const SendMessage = Type.Object(
  {
    clientId: ClientId,
    /** Blank only with `files`. */
    text: Type.String({ maxLength: 2000 }),
    /** Ids of whole uploads of the same sender that no other message has. */
    files: Type.Optional(
      Type.Array(ClientId, { minItems: 1, maxItems: LIMITS.filesPerMessage, uniqueItems: true }),
    ),
    /** The message that this one answers. */
    replyTo: Type.Optional(Type.Integer({ minimum: 1 })),
    /** The option that was pressed; `text` is its label. */
    answer: Type.Optional(Answer),
  },
  { $id: 'SendMessage', additionalProperties: false },
);
export type SendMessage = Static<typeof SendMessage>;
export const SentMessage = Type.Object({ event: MessageEvent }, { $id: 'SentMessage' });
export type SentMessage = Static<typeof SentMessage>;

/** `POST …/messages/:seq/edit` → 200, also where the message says so already. `POST …/messages/:seq/delete` → 204. */
export const EditMessage = Type.Object(
  { text: MessageText },
  { $id: 'EditMessage', additionalProperties: false },
);
export type EditMessage = Static<typeof EditMessage>;
export const EditedMessage = Type.Object({ event: MessageEditedEvent }, { $id: 'EditedMessage' });
export type EditedMessage = Static<typeof EditedMessage>;

/** `POST …/typing` → 204. Repeat every 3 s while it lasts. */
export const Typing = Type.Object({ on: Type.Boolean() }, { $id: 'Typing', additionalProperties: false });
export type Typing = Static<typeof Typing>;

/** `POST …/receipts` → 204. Monotone: a smaller number changes nothing. */
export const Receipts = Type.Object(
  { received: Type.Optional(Seq), read: Type.Optional(Seq) },
  { $id: 'Receipts', additionalProperties: false },
);
export type Receipts = Static<typeof Receipts>;

/** `POST …/presence` → 204. The page became visible or hidden; the end of the stream says `away` too. */
export const Presence = Type.Object(
  { visible: Type.Boolean() },
  { $id: 'Presence', additionalProperties: false },
);
export type Presence = Static<typeof Presence>;

/** `POST …/choice` → 204, after an `assignee.away` event. */
export const Choice = Type.Object(
  { choice: Type.Union([Type.Literal('wait'), Type.Literal('colleague')]) },
  { $id: 'Choice', additionalProperties: false },
);
export type Choice = Static<typeof Choice>;

/** `POST …/callbacks` → 201 (200 for a repetition): to be called, once there is no other open callback. */
export const RequestCallback = Type.Object(
  {
    /** The client's own: the key of idempotence. */
    callbackId: ClientId,
    phone: Phone,
    /** When, within the brand's hours and the next 6 days; null: as soon as possible. */
    at: Type.Union([Time, Type.Null()]),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { $id: 'RequestCallback', additionalProperties: false },
);
export type RequestCallback = Static<typeof RequestCallback>;
export const RequestedCallback = Type.Object({ event: CallbackRequestedEvent }, { $id: 'RequestedCallback' });
export type RequestedCallback = Static<typeof RequestedCallback>;

/**
 * `POST …/handoffs` → 201 {@link ContinueLink}: a link to carry this conversation on elsewhere, made by the device that has it.
 * `device`: another device of the customer's. A network's name: one that the channel's `continueOn` tells.
 */
export const ContinueElsewhere = Type.Object(
  { to: Type.Union([Type.Literal('device'), Type.Literal('messenger')]) },
  { $id: 'ContinueElsewhere', additionalProperties: false },
);
export type ContinueElsewhere = Static<typeof ContinueElsewhere>;

/** Whoever opens `url` first has the conversation: show it to the customer and nobody else. */
export const ContinueLink = Type.Object(
  { handoffId: Id, url: Type.String(), expiresAt: Time },
  { $id: 'ContinueLink' },
);
export type ContinueLink = Static<typeof ContinueLink>;

/** `GET …/handoffs` → the devices that came by a link of this one and are still in. `DELETE …/handoffs/:handoffId` → 204: ends one. */
export const OtherDevices = Type.Object(
  { devices: Type.Array(Type.Object({ handoffId: Id, since: Time })) },
  { $id: 'OtherDevices' },
);
export type OtherDevices = Static<typeof OtherDevices>;

/** `POST /v1/handoffs/peek`, `/decline`, `/renew`. Carries a proof (so that the redeeming device is recognised) but no session. */
export const HandoffToken = Type.Object(
  { token: LinkToken },
  { $id: 'HandoffToken', additionalProperties: false },
);
export type HandoffToken = Static<typeof HandoffToken>;

/** `POST /v1/handoffs/peek` → what the link leads to. Changes nothing but a note that it was looked at. */
export const HandoffPeek = Type.Object(
  {
    /** `live`: can be redeemed. `yours`: this device has redeemed it; redeeming again gives the session back. */
    state: Type.Union([Type.Literal('live'), Type.Literal('yours')]),
    channel: Type.Object({ kind: ChannelKind, name: Type.String() }),
    workspace: Type.Object({ name: Type.String() }),
    /** First and last letter only: `A•••a`. */
    maskedName: Type.String(),
    agent: Type.Union([
      Type.Object({ name: Type.String(), pictureUrl: Type.Union([Type.String(), Type.Null()]) }),
      Type.Null(),
    ]),
    expiresAt: Time,
    /** This device has another conversation: the customer will be asked whether to join the two. */
    joinRequired: Type.Boolean(),
  },
  { $id: 'HandoffPeek' },
);
export type HandoffPeek = Static<typeof HandoffPeek>;

/** `POST /v1/handoffs/redeem` → 201 {@link Session}. The proof's key becomes the session's. Idempotent for the same key. */
export const RedeemHandoff = Type.Object(
  {
    token: LinkToken,
    channelKey: Type.String({ minLength: 1, maxLength: 64 }),
    /** Answer to "you have another conversation here: join it?". Needed only where the peek says `joinRequired`. */
    join: Type.Optional(Type.Boolean()),
    locale: Type.Optional(Type.String({ maxLength: 35 })),
  },
  { $id: 'RedeemHandoff', additionalProperties: false },
);
export type RedeemHandoff = Static<typeof RedeemHandoff>;
