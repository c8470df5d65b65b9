import type { PerConnection } from '../measures/idle.ts';
import { NAMES, type Results } from '../results.ts';
import { receivedBy } from './latency.ts';
import { LOADS, limitOf, nodePairs } from './rates.ts';
import { kB, ms, perSecond, type Target, times } from './section.ts';
import { widgetTargets } from './widget.ts';

const FLOOR_FACTOR = 2.5;
const APPENDS = 15_000;
const STREAM_BYTES = 16_000;
const TWO_NODES = 1.6;

const latencyTargets = (results: Results): Target[] => {
  const own = receivedBy(results, NAMES.embedded, 'p50');
  const raw = receivedBy(results, NAMES.raw, 'p50');
  if (own === null || raw === null) return [];
  const floor = {
    promise: `sent → received, p50: at most ${FLOOR_FACTOR} × the raw floor`,
    met: own <= FLOOR_FACTOR * raw,
    words: `${times(own / raw)}: ${ms(own)} against ${ms(raw)}`,
  };
  const ahead = [NAMES.socketIo, NAMES.prosody].flatMap((peer) => {
    const theirs = receivedBy(results, peer, 'p50');
    if (theirs === null) return [];
    return {
      promise: `sent → received, p50: ahead of ${peer}`,
      met: own < theirs,
      words: `${ms(own)} against ${ms(theirs)}`,
    };
  });
  return [floor, ...ahead];
};

const appendTargets = ({ appends }: Results): Target[] => {
  const many = appends.find(({ engine, writers }) => engine === 'sqlite' && writers === 256);
  if (!many) return [];
  return [
    {
      promise: `embedded, 256 writers: at least ${perSecond(APPENDS)} acknowledged appends through the store`,
      met: many.perSecond >= APPENDS,
      words: perSecond(many.perSecond),
    },
  ];
};

const idleTargets = ({ idle }: Results): Target[] => {
  const own = idle.find(({ system }) => system === NAMES.embedded);
  const bare = idle.find(({ system }) => system === NAMES.idleHttp);
  if (!own) return [];
  const target = (what: string, ours: PerConnection, bares: PerConnection | null | undefined): Target => ({
    promise: `at most ${kB(STREAM_BYTES)} of resident memory for an idle stream, ${what}`,
    met: ours.rss <= STREAM_BYTES,
    words: `${kB(ours.rss)}, of it heap ${kB(ours.heap ?? Number.NaN)}${bares ? `; ${NAMES.idleHttp} takes ${kB(bares.rss)}` : ''}`,
  });
  const all = target(
    `what the process grew by in all for each of ${own.connections.toLocaleString('en')}`,
    own.all,
    bare?.all,
  );
  if (!own.further) return [all];
  const further = `each beyond the first ${own.first.toLocaleString('en')}, when pools have grown`;
  return [target(further, own.further, bare?.further), all];
};

const nodeTargets = (results: Results): Target[] =>
  nodePairs(results)
    .filter(({ one }) => one.share !== null)
    .map(({ one, two }) => {
      const [ofOne, ofTwo] = [one, two].map((rate) => limitOf(rate, results.machine.processors));
      const limit = ofOne === ofTwo ? ofOne : `${ofOne} with one, ${ofTwo} with two`;
      return {
        promise: `two nodes at least ${TWO_NODES} × one where the database is not the limit: ${LOADS[one.load]}`,
        met: two.perSecond >= TWO_NODES * one.perSecond,
        words: `${times(two.perSecond / one.perSecond)}: ${perSecond(two.perSecond)} against ${perSecond(one.perSecond)}; the limit: ${limit}`,
      };
    });

/** All that could be judged by what was measured. */
export const judge = (results: Results): Target[] => [
  ...latencyTargets(results),
  ...appendTargets(results),
  ...idleTargets(results),
  ...nodeTargets(results),
  ...widgetTargets(results),
];
