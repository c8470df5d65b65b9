import type { Told } from '../units.ts';

/** How long the store waits for the database, milliseconds. */
export interface Limits {
  /** A unit, or a query outside a write, waits this long for a database that is away. @default 5000 */
  wait: number;
  /** A transaction whose connection goes silent is given up after this time. @default 15000 */
  batch: number;
  /** The server takes the locks from a node that went silent in the middle of a transaction. @default 5000 */
  silence: number;
}

export const LIMITS: Limits = { wait: 5000, batch: 15_000, silence: 5000 };

export interface PostgresOptions extends Told {
  /** `postgres://user:password@host:port/database`. Straight to the server: a pooler must keep sessions apart. */
  url: string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Of this process, as in its `Bus`: news of what it appends is sent under this name. */
  nodeId: string;
  /** Of this process's bus: what the store tells goes out with what the node says. @default a connection of its own */
  post?: (message: string) => void;
  pool?: {
    /** Connections that units with a scope run on. One more is for those without. @default 2 */
    lanes?: number;
    /** Connections for reading. @default 4 */
    readers?: number;
  };
  limits?: Partial<Limits>;
}
