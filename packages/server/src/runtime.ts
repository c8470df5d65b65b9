import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import type { Secrets } from './config/secrets.ts';
import type { FileStore } from './files/files.ts';
import type { Hub } from './live/hub.ts';
import type { Presence } from './live/presence.ts';
import type { Bus } from './nodes/bus.ts';
import type { Peers } from './nodes/peers.ts';
import type { Metrics } from './ops/metrics.ts';
import type { Store } from './storage/store.ts';

/** Gives ids: a prefix and 128 random bits, `cnv_…`. */
export type NewId = (
  prefix:
    | 'wsp'
    | 'chn'
    | 'cus'
    | 'idn'
    | 'cnv'
    | 'cse'
    | 'ses'
    | 'hnd'
    | 'dlv'
    | 'agt'
    | 'fil'
    | 'trn'
    | 'ids',
) => string;

/** Random bytes, for tokens. */
export type RandomBytes = (length: number) => Uint8Array;

/** What every part of the server is given: the outside world as arguments. */
export interface Runtime {
  config: Config;
  store: Store;
  /** To the other nodes on the same database. */
  bus: Bus;
  /** The other nodes, and who is connected to them. */
  peers: Peers;
  hub: Hub;
  /** Where customers are now. */
  presence: Presence;
  secrets: Secrets;
  /** The bytes of what people send. */
  files: FileStore;
  metrics: Metrics;
  log: Logger;
  /** Epoch milliseconds. */
  now: () => number;
  newId: NewId;
  randomBytes: RandomBytes;
  /** For channels' requests to their networks. */
  fetch: typeof fetch;
}
