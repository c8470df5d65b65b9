import { type Static, Type } from 'typebox';

/*
 * What we read of Meta's webhooks (Meta, "Webhook events" and the page of each field). Strict where we read, and open
 * to fields that Meta adds.
 */

const Id = Type.String({ minLength: 1, maxLength: 512 });
const Milliseconds = Type.Integer({ minimum: 0 });
const Optional = {
  text: Type.Optional(Type.String()),
  nullableText: Type.Optional(Type.Union([Type.String(), Type.Null()])),
};

/** `messaging` holds what is for us; `standby` is for the app that owns the thread; `changes` is of other products. */
export const Envelope = Type.Object({
  object: Type.Literal('page'),
  entry: Type.Array(
    Type.Object({
      id: Id,
      time: Type.Optional(Milliseconds),
      messaging: Type.Optional(Type.Array(Type.Unknown())),
      standby: Type.Optional(Type.Array(Type.Unknown())),
      changes: Type.Optional(Type.Array(Type.Unknown())),
    }),
  ),
});
export type Envelope = Static<typeof Envelope>;

/** What every event of `messaging` has. */
export const Common = Type.Object({
  sender: Type.Object({ id: Id }),
  recipient: Type.Object({ id: Id }),
  timestamp: Type.Optional(Milliseconds),
});
export type Common = Static<typeof Common>;

export const ReferralBody = Type.Object({ ref: Optional.nullableText, source: Optional.nullableText });
export type ReferralBody = Static<typeof ReferralBody>;

export const AttachmentBody = Type.Object({
  type: Type.String(),
  title: Optional.nullableText,
  url: Optional.nullableText,
  payload: Type.Optional(
    Type.Union([
      Type.Object({
        url: Optional.nullableText,
        title: Optional.nullableText,
        coordinates: Type.Optional(Type.Object({ lat: Type.Number(), long: Type.Number() })),
      }),
      Type.Null(),
    ]),
  ),
});
export type AttachmentBody = Static<typeof AttachmentBody>;

export const MessageBody = Type.Object({
  message: Type.Object({
    mid: Id,
    is_echo: Type.Optional(Type.Boolean()),
    text: Optional.text,
    metadata: Optional.text,
    quick_reply: Type.Optional(Type.Object({ payload: Type.String() })),
    attachments: Type.Optional(Type.Array(AttachmentBody)),
    referral: Type.Optional(ReferralBody),
  }),
});
export type MessageBody = Static<typeof MessageBody>;

export const PostbackBody = Type.Object({
  postback: Type.Object({
    mid: Type.Optional(Id),
    title: Optional.text,
    payload: Optional.text,
    referral: Type.Optional(ReferralBody),
  }),
});
export const ReferralEventBody = Type.Object({ referral: ReferralBody });
export const DeliveryBody = Type.Object({
  delivery: Type.Object({
    mids: Type.Optional(Type.Array(Id)),
    watermark: Type.Optional(Milliseconds),
  }),
});
export const ReadBody = Type.Object({ read: Type.Object({ watermark: Milliseconds }) });
