import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const COUNTERS = {
  continuo_events_appended_total: { help: 'Events appended to logs', labels: ['type'] },
  continuo_handoffs_total: { help: 'Steps of handoffs', labels: ['step', 'reason'] },
  continuo_deliveries_total: { help: 'Deliveries that came to a state', labels: ['channel', 'state'] },
  continuo_inbound_total: { help: 'Events that came in from networks', labels: ['channel', 'type'] },
  continuo_inbound_failures_total: {
    help: 'Events from networks that could not be worked on',
    labels: ['outcome'],
  },
  continuo_webhooks_total: { help: 'Requests of networks to webhooks', labels: ['channel', 'outcome'] },
  continuo_sessions_total: { help: 'Sessions opened, and why others were refused', labels: ['outcome'] },
  continuo_news_made_up_for_total: {
    help: "Readers to whom another node's news came only with a heartbeat",
    labels: [],
  },
  continuo_news_gaps_total: {
    help: 'Times that the connection to other nodes was lost and came back',
    labels: [],
  },
} as const;

const HISTOGRAMS = {
  continuo_http_request_duration_seconds: {
    help: 'Time to answer, streams not counted',
    labels: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  continuo_delivery_seconds: {
    help: 'Time that a network took to answer a send',
    labels: ['channel'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
} as const;

const GAUGES = {
  continuo_peers: { help: 'Other nodes that are known', labels: [] },
  continuo_open_streams: { help: 'Open SSE streams and waiting long-polls', labels: ['reader'] },
  continuo_inbound_queue: { help: 'Events from networks that are stored and not yet worked on', labels: [] },
  continuo_delivery_queue: { help: 'Deliveries that are not over', labels: ['state'] },
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;
export type GaugeName = keyof typeof GAUGES;
export type Labels = Readonly<Record<string, string>>;

/** A value with its labels. */
export interface Reading {
  labels?: Labels;
  value: number;
}

/** What is counted and timed, in Prometheus' words. Names are a union, so that a wrong one does not compile. */
export interface Metrics {
  /** @param by @default 1 */
  increment(name: CounterName, labels?: Labels, by?: number): void;
  observe(name: HistogramName, value: number, labels?: Labels): void;
  /** Is read anew at each scrape. */
  gauge(name: GaugeName, read: () => number | readonly Reading[] | Promise<readonly Reading[]>): void;
  /** Everything in the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** Of the process, not of one server in it; made at the first need, because its observers never end. */
let processRegistry: Registry | null = null;

function processMetrics(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}

const entriesOf = <Name extends string, Value>(table: Record<Name, Value>): [Name, Value][] => {
  const entries: [Name, Value][] = [];
  for (const name in table) entries.push([name, table[name]]);
  return entries;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counters = new Map(
    entriesOf(COUNTERS).map(([name, { help, labels }]) => [
      name,
      new Counter<string>({ name, help, labelNames: [...labels], registers }),
    ]),
  );
  const histograms = new Map(
    entriesOf(HISTOGRAMS).map(([name, { help, labels, buckets }]) => [
      name,
      new Histogram<string>({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
    ]),
  );
  return {
    increment: (name, labels = {}, by = 1) => counters.get(name)?.inc({ ...labels }, by),
    observe: (name, value, labels = {}) => histograms.get(name)?.observe({ ...labels }, value),
    gauge: (name, read) => registerGauge(registry, name, read),
    text: async () => `${await registry.metrics()}\n${await processMetrics().metrics()}`,
    contentType: registry.contentType,
  };
}

function registerGauge(registry: Registry, name: GaugeName, read: Parameters<Metrics['gauge']>[1]): void {
  const { help, labels } = GAUGES[name];
  new Gauge<string>({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      const readings = await read();
      this.reset();
      for (const { labels: at = {}, value } of typeof readings === 'number'
        ? [{ value: readings }]
        : readings) {
        this.set({ ...at }, value);
      }
    },
  });
}
