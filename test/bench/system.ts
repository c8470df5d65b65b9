/** A message that is ready to be sent: whatever its sender's cryptography costs was paid before. */
export interface Prepared {
  /** Unique; it is in the bytes that a reader gets. */
  id: string;
  bytes: Buffer;
}

/** One sender with a conversation and a connection of its own. */
export interface Writer {
  conversation: string;
  prepare(count: number): Prepared[];
  /** Resolves when it is acknowledged. @throws Error when it is refused */
  send(message: Prepared): Promise<void>;
  close(): void;
}

/** The other side of one conversation, with an open connection. */
export interface Reader {
  /** Resolves with the moment (of `performance.now()`) at which the message is here. Ask before it is sent. */
  arrival(id: string): Promise<number>;
  close(): void;
}

/** Something that takes messages, keeps them, and passes them on: Continuo, a floor, or what people would pick otherwise. */
export interface System {
  name: string;
  openWriters(count: number): Promise<Writer[]>;
  openReader(writer: Writer): Promise<Reader>;
  /** Processor time since the start, microseconds, all threads: of the system's own process. */
  cpu(): Promise<number>;
  /** Ends what it started. */
  close(): Promise<void>;
}

/** What a process holds, in bytes, after a garbage collection where one can be asked for. */
export interface Memory {
  rss: number;
  /** Null where there is no such thing to ask. */
  heap: number | null;
}

/** Something on which connections can stay open with nothing to do. */
export interface Idle {
  name: string;
  /** Opens so many more, each of another customer. */
  open(count: number): Promise<void>;
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

/** How many connections are opened at the same time: fewer than a listen queue holds. */
const AT_ONCE = 50;

/** Does `work` for each item, a few at a time, and keeps the order. */
export const inTurns = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return results;
};

/** What every system is given to carry: about 200 characters, as people write. */
export const TEXT = 'The beans that came on Tuesday were not the ones I had ordered. '.repeat(3).trim();
