import { type Static, Type } from 'typebox';
import { Actor, ChannelKind, Id, Seq, Time } from './common.ts';
import { ConversationEvent } from './events.ts';
import { LIMITS } from './limits.ts';

const CaseNumber = Type.Integer({ minimum: 1 });
const Score = Type.Integer({ minimum: 1, maximum: 5 });
const OrNull = Type.Union([Type.String(), Type.Null()]);

/** `POST …/rating` → 204: how a resolved case went, 1 (bad) to 5 (very good). The newest counts; until 7 days after the case was resolved. */
export const RateCase = Type.Object(
  {
    case: CaseNumber,
    score: Score,
    comment: Type.Optional(Type.String({ maxLength: LIMITS.commentLength })),
  },
  { $id: 'RateCase', additionalProperties: false },
);
export type RateCase = Static<typeof RateCase>;

/** `POST …/resolve` → 204: the customer ends the chat. Changes nothing where this case is not the open one. */
export const EndCase = Type.Object({ case: CaseNumber }, { $id: 'EndCase', additionalProperties: false });
export type EndCase = Static<typeof EndCase>;

/** A case as its customer finds it again. */
export const PastCase = Type.Object(
  {
    number: CaseNumber,
    /** The first event of it that this session may see. */
    fromSeq: Seq,
    openedAt: Time,
    /** Null while it is open. */
    resolvedAt: Type.Union([Time, Type.Null()]),
    /** The name of the agent that it belonged to last. */
    agentName: OrNull,
    rating: Type.Union([Score, Type.Null()]),
    ratingComment: OrNull,
  },
  { $id: 'PastCase' },
);
export type PastCase = Static<typeof PastCase>;

/** `GET …/cases` → the cases that this session may see, the newest first. */
export const CaseList = Type.Object({ cases: Type.Array(PastCase) }, { $id: 'CaseList' });
export type CaseList = Static<typeof CaseList>;

/** A message that was found. */
export const SearchHit = Type.Object(
  {
    seq: Seq,
    at: Time,
    author: Actor,
    /** The part of the text around the first match, in one line; `…` where something is left out. */
    snippet: Type.String(),
    /** Where in the snippet the matches are: `[from, to)` in UTF-16 units. */
    ranges: Type.Array(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 2, maxItems: 2 })),
  },
  { $id: 'SearchHit' },
);
export type SearchHit = Static<typeof SearchHit>;

/**
 * `GET …/search?q=<words>&before=<seq>` → messages whose text, or a file's name, holds these words in this order, the newest first. Upper and
 * lower case, accents, Arabic and Persian forms of a letter, vowel marks and the digits of other scripts count as the same.
 */
export const SearchResults = Type.Object(
  {
    results: Type.Array(SearchHit),
    /** For the next request's `before`; null: there are no more. */
    before: Type.Union([Seq, Type.Null()]),
  },
  { $id: 'SearchResults' },
);
export type SearchResults = Static<typeof SearchResults>;

/** `POST …/transcript` → 202: has the conversation sent to an address by e-mail, as far as this session may see it. */
export const MailTranscript = Type.Object(
  {
    /** One address. Nothing in it can end a header or name a second one. */
    email: Type.String({
      maxLength: 254,
      pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$",
      examples: ['sara@example.com'],
    }),
    /** BCP 47 tag of the language and form of the dates. Default: the customer's, as far as it is known. */
    locale: Type.Optional(Type.String({ maxLength: 35 })),
    /** IANA name of the dates' time zone. Default: UTC. */
    timeZone: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { $id: 'MailTranscript', additionalProperties: false },
);
export type MailTranscript = Static<typeof MailTranscript>;

/** `POST …/erase` → 202: everything of this customer will be erased at `dueAt`, unless `DELETE …/erase` (→ 204) comes first. */
export const Erasure = Type.Object({ dueAt: Time }, { $id: 'Erasure' });
export type Erasure = Static<typeof Erasure>;

/** `GET …/export` → everything that is held of this customer and that this session may see. */
export const CustomerExport = Type.Object(
  {
    exportedAt: Time,
    workspace: Type.Object({ name: Type.String() }),
    customer: Type.Object({
      id: Id,
      name: OrNull,
      pictureUrl: OrNull,
      locale: OrNull,
      createdAt: Time,
      /** When everything is going to be erased, if that was asked for. */
      eraseAt: Type.Union([Time, Type.Null()]),
    }),
    /** Who they are at the brand, where they logged in there; masked alike. */
    user: Type.Optional(Type.Object({ id: Type.String(), email: OrNull })),
    /** The customer's addresses, each masked but for its end: this device may not be theirs. */
    identities: Type.Array(
      Type.Object({
        channel: Type.Object({ kind: ChannelKind, name: Type.String() }),
        name: OrNull,
        pictureUrl: OrNull,
        address: Type.String(),
        createdAt: Time,
        lastInboundAt: Type.Union([Time, Type.Null()]),
      }),
    ),
    sessions: Type.Array(
      Type.Object({
        createdAt: Time,
        lastUsedAt: Time,
        expiresAt: Time,
        revokedAt: Type.Union([Time, Type.Null()]),
        /** It is the one that asks. */
        current: Type.Boolean(),
      }),
    ),
    conversation: Type.Object({ id: Id, createdAt: Time, visibleAfter: Seq }),
    cases: Type.Array(PastCase),
    events: Type.Array(ConversationEvent),
  },
  { $id: 'CustomerExport' },
);
export type CustomerExport = Static<typeof CustomerExport>;
