import type { NodesRate } from '../measures/nodes.ts';
import { NAMES, type Results } from '../results.ts';
import { receivedBy } from './latency.ts';
import { count, microseconds, percent, perSecond, ratio, type Section } from './section.ts';

export const messagesSection = ({ messages }: Results): Section => {
  const rateOf = (system: string, writers: number) =>
    messages.find((one) => one.system === system && one.writers === writers)?.perSecond;
  return {
    title: 'Messages acknowledged a second, over the network',
    note: 'Higher is better. Each writer waits for its acknowledgement. Shares are of one processor.',
    head: [
      `over ${NAMES.socketIo}`,
      `over ${NAMES.prosody}`,
      'system',
      'writers',
      'messages',
      'server, each',
      'server',
      'database',
      'generator',
    ],
    rows: messages.map(({ system, writers, perSecond: rate, cpu, busy }) => [
      ratio(rate, rateOf(NAMES.socketIo, writers)),
      ratio(rate, rateOf(NAMES.prosody, writers)),
      system,
      count(writers),
      perSecond(rate),
      microseconds(cpu.system),
      percent(busy.system),
      percent(busy.database),
      percent(busy.generator),
    ]),
  };
};

const ENGINES = { sqlite: 'embedded', postgres: 'PostgreSQL' } as const;

export const appendsSection = (results: Results): Section => {
  const raw = receivedBy(results, NAMES.raw, 'p50');
  const echo = receivedBy(results, NAMES.echo, 'p50');
  const syncsPerSecond = raw === null || echo === null ? null : 1000 / (raw - echo);
  return {
    title: 'Durable appends a second, through the store alone',
    note:
      syncsPerSecond === null
        ? 'Higher is better.'
        : `Higher is better. One sync after another (raw floor less its round trip) would be ${perSecond(syncsPerSecond)}.`,
    head: ['over one sync each', 'engine', 'writers', 'appends', 'process', 'database'],
    rows: results.appends.map(({ engine, writers, perSecond: rate, busy }) => [
      ratio(rate, syncsPerSecond),
      ENGINES[engine],
      count(writers),
      perSecond(rate),
      percent(busy.system),
      percent(busy.database),
    ]),
  };
};

/** The part of what there is from which on it counts as used up: the kernel's own work is in no process's account. */
const USED_UP = 0.85;

/** What keeps a deployment from being faster. */
export const limitOf = ({ nodes, share, busy }: NodesRate, processors: number): string => {
  const all = busy.system + (busy.database ?? 0) + busy.generator;
  if (share !== null && busy.system >= USED_UP * share * nodes) return 'what the nodes are given';
  if (all >= USED_UP * processors) return `the ${processors} processors`;
  if (busy.generator >= USED_UP) return 'the generator';
  if (share === null && busy.system >= USED_UP * nodes) return "each node's one thread";
  return 'waiting for disk, database or turn';
};

/** Two nodes and one, of each load, free and held. */
export const nodePairs = ({ nodes }: Pick<Results, 'nodes'>): { one: NodesRate; two: NodesRate }[] =>
  nodes
    .filter((rate) => rate.nodes === 1)
    .flatMap((one) => {
      const two = nodes.find(
        (rate) => rate.nodes === 2 && rate.load === one.load && rate.share === one.share,
      );
      return two ? [{ one, two }] : [];
    });

export const LOADS = {
  messages: 'messages',
  pages: 'pages of history',
  typing: 'typing signals',
} as const;

export const nodesSection = (results: Results): Section => ({
  title: 'Two nodes against one, on one PostgreSQL',
  note: 'Higher is better. The same load in all. Shares are of one processor; the nodes’ are of all nodes together.',
  head: [
    'two over one',
    'load',
    'each node has',
    'nodes',
    'answered',
    'node, each',
    'nodes',
    'database',
    'generator',
    'limit',
  ],
  rows: nodePairs(results).flatMap(({ one, two }) =>
    [one, two].map((rate) => [
      rate === two ? ratio(two.perSecond, one.perSecond) : '',
      LOADS[rate.load],
      rate.share === null ? 'what it gets' : `${percent(rate.share)} of a processor`,
      count(rate.nodes),
      perSecond(rate.perSecond),
      microseconds(rate.cpu.system),
      percent(rate.busy.system),
      percent(rate.busy.database),
      percent(rate.busy.generator),
      limitOf(rate, results.machine.processors),
    ]),
  ),
});
