import { type Static, Type } from 'typebox';

/**
 * The kind of a channel: `web` for the widget and apps, or the name of an adapter in `@continuo/channels` (`messenger`).
 * Open, so that a new adapter needs no change here; a reader shows a kind that it does not know by the channel's name.
 */
export const ChannelKind = Type.String({
  $id: 'ChannelKind',
  pattern: '^[a-z][a-z0-9-]{0,31}$',
  description: 'The kind of network: `web`, or the name of a channel adapter such as `messenger`',
});
export type ChannelKind = Static<typeof ChannelKind>;

/** An identifier given by the server: opaque, at most 64 URL-safe characters. */
export const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' });

/** Milliseconds since the epoch, server's clock. */
export const Time = Type.Integer({ minimum: 0, description: 'Epoch milliseconds' });

/** A position in a conversation's log: 1 for the first event, dense. 0 stands for "before the first". */
export const Seq = Type.Integer({ minimum: 0 });

/** A client's own id for a message: the key of idempotence, unique in the conversation for its life. */
export const ClientId = Type.String({ minLength: 8, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' });

/** A conversation token of kind `link`: 32 random bytes as base64url. */
export const LinkToken = Type.String({ minLength: 43, maxLength: 43, pattern: '^[A-Za-z0-9_-]{43}$' });

/** A telephone number: digits, and `+` before those of a country. */
export const Phone = Type.String({ pattern: '^\\+?[0-9]{5,17}$', maxLength: 18, examples: ['+4930123456'] });

/** Who did something. `system` is Continuo itself. */
export const Actor = Type.Object(
  {
    kind: Type.Union([Type.Literal('customer'), Type.Literal('agent'), Type.Literal('system')]),
    id: Type.Union([Id, Type.Null()]),
    name: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: 'Actor' },
);
export type Actor = Static<typeof Actor>;

/** What a customer sees of an agent. */
export const AgentProfile = Type.Object(
  {
    id: Id,
    name: Type.String(),
    pictureUrl: Type.Union([Type.String(), Type.Null()]),
    status: Type.Union([Type.Literal('online'), Type.Literal('away')]),
    /** What they do here, in the brand's words: "Orders team". */
    role: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    /** No person. Absent: a person. */
    bot: Type.Optional(Type.Literal(true)),
  },
  { $id: 'AgentProfile' },
);
export type AgentProfile = Static<typeof AgentProfile>;

/**
 * A file that came with a message. One that is kept here has `id`, and `url` is null: read it with
 * `GET …/files/:fileId`. Of others `url` is where the network keeps it; it may expire.
 */
export const Attachment = Type.Object(
  {
    type: Type.Union([
      Type.Literal('image'),
      Type.Literal('audio'),
      Type.Literal('video'),
      Type.Literal('file'),
      Type.Literal('location'),
      Type.Literal('other'),
    ]),
    url: Type.Union([Type.String(), Type.Null()]),
    name: Type.Union([Type.String(), Type.Null()]),
    /** Unique in its conversation; given by whoever uploaded it. */
    id: Type.Optional(ClientId),
    /** Bytes. */
    size: Type.Optional(Type.Integer()),
    mimeType: Type.Optional(Type.String()),
    /** Pixels, as the sender told them: enough to keep room, nothing to rely on. */
    width: Type.Optional(Type.Integer()),
    height: Type.Optional(Type.Integer()),
    /** Length of a recording, as the sender told it. */
    durationMs: Type.Optional(Type.Integer()),
  },
  { $id: 'Attachment' },
);
export type Attachment = Static<typeof Attachment>;

/** State of carrying one message out to one identity. `unknown`: the network may or may not have it; never repeated unasked. */
export const DeliveryState = Type.Union(
  [
    Type.Literal('held'), // waits to see whether the customer reads it on the web
    Type.Literal('pending'), // due, or waiting for a retry
    Type.Literal('sending'), // handed to the network, no answer yet
    Type.Literal('sent'),
    Type.Literal('delivered'),
    Type.Literal('read'),
    Type.Literal('web'), // read on the web before it was due: not sent to the network
    Type.Literal('failed'),
    Type.Literal('unknown'),
  ],
  { $id: 'DeliveryState' },
);
export type DeliveryState = Static<typeof DeliveryState>;
