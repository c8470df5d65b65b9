import { type Static, Type } from 'typebox';
import { AgentProfile, ChannelKind, DeliveryState, Id, Seq } from './common.ts';

/** How far each side has got. All are monotone maxima. */
export const Positions = Type.Object(
  {
    /** The last event that reached the customer's device on the web. */
    customerReceived: Seq,
    /** The last event that the customer saw, on the web or on a network that tells so. */
    customerRead: Seq,
    /** The last event that reached the assignee's inbox. */
    agentReceived: Type.Optional(Seq),
    /** The last event that an agent saw. */
    agentRead: Seq,
  },
  { $id: 'Positions' },
);
export type Positions = Static<typeof Positions>;

/** How one message fares on one network. Agents see all of them; a customer sees none. */
export const Delivery = Type.Object(
  {
    id: Id,
    seq: Seq,
    channelKind: ChannelKind,
    state: DeliveryState,
    /** For `failed` and `unknown`: why, as a stable word (`window_closed`, `blocked`, `network`, `rejected`, …) and in plain words. */
    error: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()]),
  },
  { $id: 'Delivery' },
);
export type Delivery = Static<typeof Delivery>;

/** Where the customer is now. */
export const CustomerPresence = Type.Union([
  Type.Literal('web'), // a page with the widget is open and visible
  Type.Literal('away'),
]);
export type CustomerPresence = Static<typeof CustomerPresence>;

/** Ephemeral news on a conversation's SSE stream (`event: signal`). Never in the log. A reader ignores an unknown `type`. */
export const Signal = Type.Union(
  [
    /** Someone is typing, until `on: false` or `LIMITS.typingSeconds` after the last one. */
    Type.Object({
      type: Type.Literal('typing'),
      from: Type.Union([Type.Literal('customer'), Type.Literal('agent')]),
      agent: Type.Union([AgentProfile, Type.Null()]),
      on: Type.Boolean(),
    }),
    /** Sent at the start of each SSE connection and at each change. */
    Type.Object({ type: Type.Literal('positions'), positions: Positions }),
    /** The assignee as they are now (presence, picture); null while the conversation waits. Sent at start and at each change. */
    Type.Object({ type: Type.Literal('assignee'), agent: Type.Union([AgentProfile, Type.Null()]) }),
    /** To the customer who waits: the place in the queue has changed. At most once a second. */
    Type.Object({ type: Type.Literal('queue'), position: Type.Integer({ minimum: 1 }) }),
    /** To agents only. */
    Type.Object({ type: Type.Literal('delivery'), delivery: Delivery }),
    /** To agents only. */
    Type.Object({ type: Type.Literal('customer'), presence: CustomerPresence }),
    /** The server is about to stop: reconnect after a random part of `withinMs`. */
    Type.Object({ type: Type.Literal('drain'), withinMs: Type.Integer({ minimum: 0 }) }),
    /** The session ended; the stream closes. */
    Type.Object({ type: Type.Literal('ended') }),
  ],
  { $id: 'Signal' },
);
export type Signal = Static<typeof Signal>;
