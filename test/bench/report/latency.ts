import { NAMES, type Results } from '../results.ts';
import { count, ms, ratio, type Section } from './section.ts';

/** What a receiver waited at a percentile; null where it was not measured. */
export const receivedBy = (
  { latency }: Pick<Results, 'latency'>,
  system: string,
  at: 'p50' | 'p99',
): number | null => latency.find((one) => one.system === system)?.received[at] ?? null;

/** From the sender's write to the receiver's read. */
export const latencySection = (results: Results): Section => {
  const against = (system: string, at: 'p50' | 'p99') => receivedBy(results, system, at);
  return {
    title: 'Sent → durable → received',
    note: `Lower is better. One sender, one receiver, one message after another, all systems by turns; ${count(results.latency[0]?.samples ?? 0)} messages each.`,
    head: [
      'p50 over raw floor',
      `over ${NAMES.plain}`,
      'p99 over raw floor',
      'system',
      'p50',
      'p99',
      'acknowledged p50',
      'p99',
    ],
    rows: results.latency.map(({ system, received, acknowledged }) => [
      ratio(received.p50, against(NAMES.raw, 'p50')),
      ratio(received.p50, against(NAMES.plain, 'p50')),
      ratio(received.p99, against(NAMES.raw, 'p99')),
      system,
      ms(received.p50),
      ms(received.p99),
      ms(acknowledged.p50),
      ms(acknowledged.p99),
    ]),
  };
};
