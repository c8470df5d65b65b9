/** The channel that nodes speak on. */
export const CHANNEL = 'continuo';

/** Bytes of a payload: PostgreSQL refuses 8,000 and more (postgresql.org/docs/current/sql-notify.html). */
const MAX_PAYLOAD = 7500;

/** Bytes of a message, so that it fits into a payload. */
export const MAX_MESSAGE = 7000;

/** What comes before and after the parts, and how many bytes it may all be. */
interface Frame {
  before: string;
  after: string;
  bytes: number;
}

/** Puts as many parts, each JSON already, into one frame as fit. */
const pack = (parts: readonly string[], { before, after, bytes }: Frame): string[] => {
  const room = bytes - Buffer.byteLength(before) - Buffer.byteLength(after);
  const packed: string[][] = [];
  let left = 0;
  for (const part of parts) {
    const size = Buffer.byteLength(part) + 1;
    if (size > left) {
      packed.push([]);
      left = room;
    }
    packed.at(-1)?.push(part);
    left -= size;
  }
  return packed.map((group) => `${before}${group.join(',')}${after}`);
};

/** Messages as they go over the wire. */
export const packMessages = (messages: readonly string[], nodeId: string): string[] =>
  pack(messages, {
    before: `{"from":${JSON.stringify(nodeId)},"messages":[`,
    after: ']}',
    bytes: MAX_PAYLOAD,
  });

/** A conversation, and the first and the last seq of what was appended to it. */
export type Pointer = readonly [conversationId: string, firstSeq: number, lastSeq: number];

/** Messages that tell of what was appended. */
export const packPointers = (pointers: readonly Pointer[]): string[] =>
  pack(
    pointers.map((pointer) => JSON.stringify(pointer)),
    { before: '{"type":"appended","pointers":[', after: ']}', bytes: MAX_MESSAGE },
  );
