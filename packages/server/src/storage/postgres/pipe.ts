import type { Client, QueryArrayConfig, QueryArrayResult, QueryConfig, QueryResult } from 'pg';

/** Changes on their way that nobody waits for; the next is waited for, so that a long unit does not fill the memory. */
const MAX_OPEN = 256;

/** What failed first: all that follows in the transaction is refused because of it. */
export interface FirstFailure {
  error: unknown;
  /** Nobody waited for it. */
  unnoticed: boolean;
}

/**
 * The statements of a transaction on one connection. What is sent in one turn of the event loop leaves in one packet, and
 * changes leave with whatever is sent next: a round trip costs more than most statements.
 */
export interface Pipe {
  /** Begins with nothing put off and nothing failed. */
  begin(): void;
  query(config: QueryConfig<unknown[]>): Promise<QueryResult>;
  queryRows<R extends unknown[]>(config: QueryArrayConfig<unknown[]>): Promise<R[]>;
  /**
   * Sends a change with the next statement or at the end of this turn, whichever comes first, and in this order. Resolves
   * at once: where it fails, PostgreSQL refuses the commit, and `failure` tells why.
   */
  putOff(send: () => Promise<unknown>): Promise<void>;
  /** Forgets what was put off and not yet sent. */
  drop(): void;
  /** Waits for the changes that were sent. @returns what failed first; null where nothing did */
  failure(): Promise<FirstFailure | null>;
}

/** Holds back what is written until the turn is over. */
const createCork = ({ connection: { stream } }: Client): (() => void) => {
  let corked = false;
  return () => {
    if (corked) return;
    corked = true;
    stream.cork();
    process.nextTick(() => {
      corked = false;
      stream.uncork();
    });
  };
};

const createFailures = () => {
  let failure: FirstFailure | null = null;
  return {
    first: () => failure,
    forget: () => {
      failure = null;
    },
    noted: async <T>(answer: Promise<T>): Promise<T> => {
      try {
        return await answer;
      } catch (error) {
        failure ??= { error, unnoticed: false };
        throw error;
      }
    },
    /** Of a query that was `noted`: nobody waits for it. */
    unnoticed: async (answer: Promise<unknown>): Promise<void> => {
      try {
        await answer;
      } catch (error) {
        if (failure === null || failure.error === error) failure = { error, unnoticed: true };
      }
    },
  };
};

export const createPipe = (client: Client): Pipe => {
  const cork = createCork(client);
  let waiting: (() => void)[] = [];
  let sent: Promise<void>[] = [];
  let open = 0;
  const { noted, unnoticed, first, forget } = createFailures();

  const flush = (): void => {
    if (waiting.length === 0) return;
    cork();
    const sends = waiting;
    waiting = [];
    for (const send of sends) send();
  };

  const watch = async (change: Promise<unknown>): Promise<void> => {
    open += 1;
    await unnoticed(change);
    open -= 1;
  };

  return {
    begin() {
      waiting = [];
      sent = [];
      forget();
    },
    query(config) {
      flush();
      cork();
      return noted(client.query(config));
    },
    async queryRows<R extends unknown[]>(config: QueryArrayConfig<unknown[]>) {
      flush();
      cork();
      const { rows }: QueryArrayResult<R> = await noted(client.query<R>(config));
      return rows;
    },
    async putOff(send) {
      if (waiting.length === 0) process.nextTick(flush);
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(() => {
        const watched = watch(send());
        sent.push(watched);
        resolve(watched);
      });
      if (open + waiting.length > MAX_OPEN) await promise;
    },
    drop() {
      waiting = [];
    },
    async failure() {
      await Promise.all(sent);
      return first();
    },
  };
};
