import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { FAULTS } from './faults.ts';

const strict = { additionalProperties: false };
const nullableText = Type.Union([Type.String(), Type.Null()]);

export const CreateCustomer = Type.Object(
  {
    firstName: Type.String({ minLength: 1, maxLength: 100 }),
    lastName: Type.String({ maxLength: 100 }),
    locale: Type.Optional(Type.String({ maxLength: 20 })),
    pictureUrl: Type.Optional(nullableText),
    pageId: Type.Optional(Type.String()),
  },
  strict,
);

export const WriteMessage = Type.Object(
  {
    text: Type.Optional(Type.String({ maxLength: 20_000 })),
    attachments: Type.Optional(
      Type.Array(
        Type.Object(
          {
            type: Type.Union([
              Type.Literal('image'),
              Type.Literal('audio'),
              Type.Literal('video'),
              Type.Literal('file'),
              Type.Literal('location'),
            ]),
            url: Type.Optional(nullableText),
            title: Type.Optional(nullableText),
            coordinates: Type.Optional(
              Type.Union([Type.Object({ lat: Type.Number(), long: Type.Number() }), Type.Null()]),
            ),
          },
          strict,
        ),
        { maxItems: 30 },
      ),
    ),
    quickReplyPayload: Type.Optional(nullableText),
    /** The `mid` that it answers. */
    replyTo: Type.Optional(nullableText),
  },
  strict,
);

export const Press = Type.Union([
  Type.Object({ mid: Type.String(), button: Type.Integer({ minimum: 0 }) }, strict),
  Type.Object({ mid: Type.String(), quickReply: Type.Integer({ minimum: 0 }) }, strict),
]);
export const GetStarted = Type.Object({ ref: Type.Optional(nullableText) }, strict);
export const OpenLink = Type.Object({ ref: Type.String({ minLength: 1, maxLength: 250 }) }, strict);
export const React = Type.Object({ mid: Type.String(), emoji: nullableText }, strict);
export const Switch = Type.Object({ on: Type.Boolean() }, strict);
export const RawEvent = Type.Object({ event: Type.Record(Type.String(), Type.Unknown()) }, strict);
export const NativeReply = Type.Object({ psid: Type.String(), text: Type.String({ minLength: 1 }) }, strict);
export const AdvanceClock = Type.Object({ ms: Type.Integer() }, strict);
export const PlanFault = Type.Object(
  {
    next: Type.Union(FAULTS.map((fault) => Type.Literal(fault))),
    count: Type.Optional(Type.Integer({ minimum: 1 })),
    delayMs: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  strict,
);
export const SetWebhookMode = Type.Object(
  {
    next: Type.Union([Type.Literal('duplicate'), Type.Literal('batch'), Type.Literal('reorder')]),
    count: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  strict,
);
export const Subscribe = Type.Object({ url: Type.String(), verifyToken: Type.String() }, strict);

/** A request that the control API cannot do; its message is the answer. */
export class ControlError extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** A body that fits its schema. @throws ControlError 400 that says where it does not */
export const parse = <S extends TSchema>(schema: S, body: unknown): Static<S> => {
  const value = body ?? {};
  if (Value.Check(schema, value)) return value;
  const [first] = Value.Errors(schema, value);
  throw new ControlError(
    400,
    first === undefined ? 'bad body' : `${first.instancePath || '/'} ${first.message}`,
  );
};
