/** What one tab tells all the others. */
export interface TabChannel {
  /** Values are structured-cloneable. Lost where nobody listens. */
  post(message: unknown): void;
  close(): void;
}

/** The tabs that show the same site in one browser. */
export interface Tabs {
  /** Hears what other tabs post under this name, never what this one does. */
  join(name: string, hear: (message: unknown) => void): TabChannel;
  /**
   * Waits for its turn, then holds the lock until `run` settles. Ends with the tab, too. Rejects where `signal` aborts
   * while it waits, where the platform has no locks to give, and where the lock was taken away.
   */
  lock(name: string, run: () => Promise<void>, signal: AbortSignal): Promise<unknown>;
}

/**
 * Web Locks and BroadcastChannel; undefined where one is missing, as on pages without TLS. A page that is put away leaves
 * its channels: the browser would throw it out of the back-forward cache for the first message.
 */
export const createBrowserTabs = (
  locks: LockManager | undefined,
  Channel: typeof BroadcastChannel | undefined,
): Tabs | undefined =>
  locks &&
  Channel && {
    join(name, hear) {
      let channel: BroadcastChannel | undefined;
      const leave = () => {
        channel?.close();
        channel = undefined;
      };
      const enter = () => {
        try {
          channel ??= new Channel(name);
          channel.onmessage = ({ data }) => hear(data);
        } catch {
          // Forbidden here: this tab stands alone.
        }
      };
      const life = new AbortController();
      globalThis.addEventListener?.('pagehide', leave, life);
      globalThis.addEventListener?.('pageshow', enter, life);
      enter();
      return {
        post(message) {
          try {
            channel?.postMessage(message);
          } catch {
            // Others read what they need themselves.
          }
        },
        close() {
          life.abort();
          leave();
        },
      };
    },
    lock: async (name, run, signal) => locks.request(name, { signal }, run),
  };
