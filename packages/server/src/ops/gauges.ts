import type { Runtime } from '../runtime.ts';

/** Deliveries that something will still happen to. */
const WAITING = ['held', 'pending', 'sending'] as const;

/** What is read from the server's state at each scrape: open streams and the lengths of the queues. */
export function registerGauges({
  metrics,
  hub,
  store,
  peers,
}: Pick<Runtime, 'metrics' | 'hub' | 'store' | 'peers'>): void {
  metrics.gauge('continuo_peers', () => peers.size);
  metrics.gauge('continuo_open_streams', () =>
    Object.entries(hub.streams.count()).map(([reader, value]) => ({ labels: { reader }, value })),
  );
  metrics.gauge('continuo_inbound_queue', async () => {
    const { length } = await store.db
      .selectFrom('inbound')
      .select(({ fn }) => fn.countAll<number>().as('length'))
      .where('processed_at', 'is', null)
      .executeTakeFirstOrThrow();
    return [{ value: Number(length) }];
  });
  metrics.gauge('continuo_delivery_queue', async () => {
    const rows = await store.db
      .selectFrom('deliveries')
      .select(({ fn }) => ['state', fn.countAll<number>().as('length')])
      .where('state', 'in', [...WAITING])
      .groupBy('state')
      .execute();
    return rows.map(({ state, length }) => ({ labels: { state }, value: Number(length) }));
  });
}
