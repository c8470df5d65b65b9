/** Limits of the wire. A request beyond one of them is answered with a problem document, never cut silently. */
export const LIMITS = {
  /** UTF-16 code units in one message. Messenger's own limit for a text message, so that each can be carried anywhere. */
  textLength: 2000,
  /** UTF-16 code units in the comment of a rating. */
  commentLength: 1000,
  /** UTF-16 code units in the answer to one field of a form. */
  answerLength: 500,
  /** UTF-16 code units in what is searched for. */
  searchLength: 100,
  /** Minutes after a message was stored in which its writer may edit it. */
  editMinutes: 15,
  /** Characters in a `clientId`, from 8 up to this. */
  clientIdLength: 64,
  /** Events in one page of history or one catch-up chunk. */
  pageSize: 50,
  /** Bytes in the body of a request. */
  bodyBytes: 65_536,
  /** Bytes of a file. */
  fileBytes: 20_971_520,
  /** Files with one message. */
  filesPerMessage: 10,
  /** Bytes of each `PATCH` of an upload, except the last, which has the rest. */
  chunkBytes: 262_144,
  /** Hours after which an upload that no message has is deleted. */
  uploadHours: 24,
  /** Seconds between heartbeats (`event: heartbeat`) on an idle SSE stream; a reader that hears nothing for 2.5 times as long reconnects. */
  heartbeatSeconds: 20,
  /** Seconds that a long-poll waits before it answers 204. */
  longPollSeconds: 20,
  /** Seconds after which a typing signal that was not repeated is over. */
  typingSeconds: 6,
  /** Seconds that a DPoP proof's `iat` may differ from the server's clock. */
  proofSkewSeconds: 60,
  /** Digits of an offset: `seq` padded with zeros, so that offsets sort as text. */
  offsetDigits: 16,
} as const;
export type Limits = typeof LIMITS;
