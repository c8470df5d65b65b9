import type { Bus, BusListener } from '../bus.ts';

/** Buses of nodes in one process: what one sends the others hear in the next turn of the event loop, in order. */
export interface MemoryNetwork {
  open(nodeId: string): Bus;
  /** What was sent from now on is lost. */
  lose(): void;
  /** News arrive again. `gap`: the nodes know that some were lost. @default true */
  heal(gap?: boolean): void;
  /** Everything that was sent, oldest first. */
  sent: { from: string; message: unknown }[];
}

export const createMemoryNetwork = (): MemoryNetwork => {
  const listeners = new Map<BusListener, string>();
  const sent: MemoryNetwork['sent'] = [];
  let losing = false;

  return {
    sent,
    open: (nodeId) => ({
      nodeId,
      send(message) {
        sent.push({ from: nodeId, message });
        if (losing) return;
        const text = JSON.stringify(message);
        setImmediate(() => {
          for (const [listener, owner] of listeners)
            if (owner !== nodeId) listener.onMessage(JSON.parse(text), nodeId);
        });
      },
      listen(listener) {
        listeners.set(listener, nodeId);
        return () => {
          listeners.delete(listener);
        };
      },
      async close() {},
    }),
    lose() {
      losing = true;
    },
    heal(gap = true) {
      losing = false;
      if (gap) for (const listener of listeners.keys()) listener.onGap();
    },
  };
};
