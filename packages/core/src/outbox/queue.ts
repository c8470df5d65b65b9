import type { Environment } from '../environment/environment.ts';
import type { OutboxEntry } from './outbox.ts';

/** Nobody expects to be sent now what they wrote a week ago: it is shown as failed, to be retried or deleted. */
const TOO_OLD_MS = 7 * 86_400_000;
/** What failed is forgotten after 30 days. */
const FORGOTTEN_MS = 30 * 86_400_000;

const fromStorage = (value: unknown): OutboxEntry[] => {
  const { state, error = null, hold = null, ...entry } = Object(value);
  if (typeof entry.text !== 'string' || !(entry.at > 0)) return [];
  return [{ ...entry, state: state === 'failed' ? state : 'waiting', error, hold }];
};

/** The device's unsent messages as the storage keeps them, for all tabs. `name`: what the queue is called. */
export const createQueue = ({ storage, now }: Environment, name: string) => {
  const prefix = `${name}/outbox/`;
  let writes: Promise<unknown> = Promise.resolve();
  /** This tab's own that have not found their place yet. */
  const fresh = new Set<string>();
  /** What the storage did not take lives as long as the page. */
  const refused = new Map<string, OutboxEntry>();

  /** One after another, in order. Where the storage fails the message is sent all the same. */
  const write = (act: () => Promise<unknown>): Promise<unknown> => {
    writes = writes.then(act).catch(() => {});
    return writes;
  };
  const list = async () => {
    const entries = (await storage.list(prefix)).flatMap(fromStorage);
    return [...entries.filter(({ clientId }) => !refused.has(clientId)), ...refused.values()];
  };
  const set = async (entry: OutboxEntry) => {
    const { clientId } = entry;
    try {
      await storage.set(prefix + clientId, entry);
      refused.delete(clientId);
    } catch {
      refused.set(clientId, entry);
    }
  };
  const remove = ({ clientId }: OutboxEntry) => {
    refused.delete(clientId);
    return storage.delete(prefix + clientId);
  };
  const each = (act: (entry: OutboxEntry) => unknown) =>
    write(async () => Promise.all((await list()).map(act)));

  return {
    list,
    /** Resolves when all that was to be written is. */
    settle: () => writes,
    save: (entry: OutboxEntry) => write(() => set(entry)),
    drop: (entry: OutboxEntry) => write(() => remove(entry)),
    /**
     * Stores it at once, for the page may be gone in a moment; then sees to it that it stands behind all that other tabs
     * stored, though the clock may have been set back since. `onStored` hears where it stands.
     */
    append: (entry: OutboxEntry, onStored: (at: number) => void) => {
      const { clientId } = entry;
      const stored = set(entry);
      fresh.add(clientId);
      return write(async () => {
        await stored;
        const others = (await list().catch(() => [])).filter((other) => !fresh.has(other.clientId));
        const at = Math.max(entry.at, ...others.map((other) => other.at + 1));
        fresh.delete(clientId);
        if (at > entry.at) await set({ ...entry, at });
        onStored(at);
      });
    },
    /** Gives up what is too old. */
    age: () =>
      each((entry) => {
        const ms = now() - entry.at;
        if (entry.state === 'failed') return ms > FORGOTTEN_MS && remove(entry);
        return ms > TOO_OLD_MS && set({ ...entry, state: 'failed', error: 'timeout' });
      }),
    clear: () => each(remove),
  };
};
