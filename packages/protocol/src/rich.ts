import { type Static, Type } from 'typebox';
import { Id, Seq } from './common.ts';

const HttpsUrl = Type.String({ maxLength: 2000, pattern: '^https://[^\\s]+$' });

/** An answer to press. `id` is unique in its message; `label` is what the customer says by pressing it. */
export const RichOption = Type.Object(
  { id: Id, label: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }) },
  { $id: 'RichOption', additionalProperties: false },
);
export type RichOption = Static<typeof RichOption>;

/** Answers to choose one of, under the message. */
export const RichReplies = Type.Object(
  { kind: Type.Literal('replies'), options: Type.Array(RichOption, { minItems: 2, maxItems: 10 }) },
  { $id: 'RichReplies', additionalProperties: false },
);

/** Things to look at side by side, each with links and answers. */
export const RichCards = Type.Object(
  {
    kind: Type.Literal('cards'),
    cards: Type.Array(
      Type.Object(
        {
          title: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
          text: Type.Optional(Type.String({ maxLength: 300 })),
          imageUrl: Type.Optional(HttpsUrl),
          links: Type.Optional(
            Type.Array(
              Type.Object(
                { label: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }), url: HttpsUrl },
                { additionalProperties: false },
              ),
              { maxItems: 3 },
            ),
          ),
          options: Type.Optional(Type.Array(RichOption, { maxItems: 3 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 10 },
    ),
  },
  { $id: 'RichCards', additionalProperties: false },
);

/** One input of a form. `name` is unique in the form. Only a `select` has `options`, and it has some. */
export const RichField = Type.Object(
  {
    name: Id,
    label: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
    type: Type.Union([
      Type.Literal('text'),
      Type.Literal('email'),
      Type.Literal('tel'),
      Type.Literal('number'),
      Type.Literal('date'), // its value is YYYY-MM-DD
      Type.Literal('select'),
      Type.Literal('multiline'),
    ]),
    required: Type.Boolean(),
    options: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }), {
        minItems: 1,
        maxItems: 30,
        uniqueItems: true,
      }),
    ),
  },
  { $id: 'RichField', additionalProperties: false },
);
export type RichField = Static<typeof RichField>;

/** Fields to fill in, once. `submit` is the button's label. */
export const RichForm = Type.Object(
  {
    kind: Type.Literal('form'),
    title: Type.Optional(Type.String({ maxLength: 80 })),
    fields: Type.Array(RichField, { minItems: 1, maxItems: 8 }),
    submit: Type.Optional(Type.String({ maxLength: 40 })),
  },
  { $id: 'RichForm', additionalProperties: false },
);

/** What a message shows below its text, for the customer to answer by pressing or filling in. */
export const Rich = Type.Union([RichReplies, RichCards, RichForm], { $id: 'Rich' });
export type Rich = Static<typeof Rich>;
export type RichReplies = Static<typeof RichReplies>;
export type RichCards = Static<typeof RichCards>;
export type RichForm = Static<typeof RichForm>;

/** Which option of which message was pressed. */
export const Answer = Type.Object(
  { message: Seq, option: Id },
  { $id: 'Answer', additionalProperties: false },
);
export type Answer = Static<typeof Answer>;
