import { type Static, Type } from 'typebox';
import { Actor, ClientId, Seq, Time } from './common.ts';

/** A text of the brand's: one for all, or by language (`{ en, ar, … }`; one that is missing falls back to `en`, then to the first). */
export const BrandText = Type.Union([
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.Record(Type.String({ pattern: '^[a-z]{2,3}$' }), Type.String({ minLength: 1, maxLength: 200 })),
]);
export type BrandText = Static<typeof BrandText>;

const FieldName = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$', examples: ['order'] });

/** A field of a form. `options` are those of a `select`. */
export const FormField = Type.Object(
  {
    name: FieldName,
    label: BrandText,
    type: Type.Union([
      Type.Literal('text'),
      Type.Literal('email'),
      Type.Literal('tel'),
      Type.Literal('select'),
    ]),
    required: Type.Boolean({ default: false }),
    options: Type.Optional(Type.Array(BrandText, { minItems: 1, maxItems: 30 })),
  },
  { additionalProperties: false },
);
export type FormField = Static<typeof FormField>;

/** Fields that are asked for before the first message. */
export const FormFields = Type.Array(FormField, { minItems: 1, maxItems: 10 });

/** What was asked, as the customer read it, and what they answered. */
export const FormAnswer = Type.Object(
  {
    name: FieldName,
    label: Type.String({ minLength: 1, maxLength: 200 }),
    value: Type.String({ maxLength: 500 }),
  },
  { additionalProperties: false },
);
export type FormAnswer = Static<typeof FormAnswer>;

/**
 * `POST …/forms` → 201 (200 for a repetition): the customer filled in a form. `pre-chat` is the one of the channel, whenever it
 * was asked; `message` is that of a message, once, and its fields' own labels are kept.
 */
export const AnswerForm = Type.Union(
  [
    Type.Object(
      {
        /** The client's own: the key of idempotence. */
        clientId: ClientId,
        form: Type.Literal('pre-chat'),
        answers: Type.Array(FormAnswer, {
          minItems: 1,
          maxItems: 10,
          examples: [[{ name: 'order', label: 'Order number', value: 'A-1234' }]],
        }),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        clientId: ClientId,
        form: Type.Literal('message'),
        message: Type.Integer({ minimum: 1 }),
        /** What is left empty may be left out. */
        answers: Type.Array(FormAnswer, { maxItems: 8 }),
      },
      { additionalProperties: false },
    ),
  ],
  { $id: 'AnswerForm' },
);
export type AnswerForm = Static<typeof AnswerForm>;

/** The customer filled in a form. Each `value` is empty once they had it erased. */
export const FormAnsweredEvent = Type.Object(
  {
    seq: Seq,
    at: Time,
    type: Type.Literal('form.answered'),
    clientId: ClientId,
    form: Type.Union([Type.Literal('pre-chat'), Type.Literal('message')]),
    /** The message that has the form; null for `pre-chat`. */
    message: Type.Union([Seq, Type.Null()]),
    answers: Type.Array(Type.Object({ name: Type.String(), label: Type.String(), value: Type.String() })),
    actor: Actor,
  },
  { $id: 'FormAnsweredEvent' },
);
export type FormAnsweredEvent = Static<typeof FormAnsweredEvent>;

export const AnsweredForm = Type.Object({ event: FormAnsweredEvent }, { $id: 'AnsweredForm' });
export type AnsweredForm = Static<typeof AnsweredForm>;
