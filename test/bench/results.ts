import type { Appends } from './measures/appends.ts';
import type { CatchUp } from './measures/catch-up.ts';
import type { FanOut } from './measures/fan-out.ts';
import type { HostPage } from './measures/host-page.ts';
import type { IdleMemory } from './measures/idle.ts';
import type { Latency } from './measures/latency.ts';
import type { Arrivals, LongOpening } from './measures/long-conversation.ts';
import type { NodesRate } from './measures/nodes.ts';
import type { Opening } from './measures/opening.ts';
import type { Throughput } from './measures/throughput.ts';

/** What the systems are called, in the results and on the table. */
export const NAMES = {
  echo: 'loopback round trip alone',
  raw: 'raw floor',
  plain: 'plain node:http',
  embedded: 'Continuo, embedded',
  postgres: 'Continuo on PostgreSQL',
  across: 'Continuo, from node to node',
  socketIo: 'Socket.IO + PostgreSQL',
  prosody: 'Prosody + PostgreSQL',
  idleTcp: 'bare node:net',
  idleHttp: 'bare node:http',
  widget: 'Continuo’s widget',
  preact: 'bare Preact',
  deepChat: 'deep-chat',
  vueAdvancedChat: 'vue-advanced-chat',
} as const;

/** Where and with what a run was made. */
export interface Machine {
  at: string;
  processor: string;
  processors: number;
  kernel: string;
  /** Of what the figures depend on, by name. */
  versions: Record<string, string>;
  /** How many processes wanted a processor in the minute before the run: above a tenth of `processors`, measure again. */
  loadBefore: number;
  /** The same at the end: the run's own load. */
  loadAfter: number;
  /** Of the whole run. */
  seconds: number;
}

/** Everything that one run measured; what was not measured is empty. Times in milliseconds, memory in bytes. */
export interface Results {
  machine: Machine;
  latency: Latency[];
  /** Acknowledged messages a second over the network. */
  messages: Throughput[];
  /** Acknowledged appends a second through the store alone. */
  appends: Appends[];
  fanOut: FanOut[];
  catchUp: CatchUp | null;
  idle: IdleMemory[];
  nodes: NodesRate[];
  opening: Opening[];
  /** Shortest first. */
  longOpenings: LongOpening[];
  arrivals: Arrivals[];
  /** The page without the widget, then with it. */
  hostPages: HostPage[];
  /** What is missing, and why. */
  notMeasured: string[];
}
