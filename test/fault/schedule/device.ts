import { type Client, createClient, createMemoryStorage, type PageNews } from '@continuo/core';
import type { ConversationEvent } from '@continuo/protocol';

/** A customer's device that lives through a schedule: one storage, and one page after another. */
export interface ScheduleDevice {
  name: string;
  /** The page that is open now. */
  client(): Client;
  /** Texts in the order written. */
  written: string[];
  /** What was ever shown as being in the log, by seq. */
  shown: Map<number, ConversationEvent>;
  /** What a view must never do. */
  faults: string[];
  write(text: string): void;
  /** The page is gone with all that was in memory; the next one begins with what is stored by the end of this turn. */
  reload(): Promise<void>;
  /** How far its clock is off, milliseconds. */
  skew(ms: number): void;
  tell(news: PageNews): void;
  /** Sees everything that is there. */
  read(): void;
  close(): void;
}

/** Holds what a page shows against what it showed before, and against what any view must hold. */
const watch = (device: ScheduleDevice, client: Client): void => {
  const note = (fault: string) => device.faults.push(`${device.name}: ${fault}`);
  client.$messages.subscribe((items) => {
    let last: number | null = null;
    const keys = new Set<string>();
    for (const item of items) {
      if (keys.has(item.key)) note(`${item.key} is shown twice`);
      keys.add(item.key);
      if (item.seq === null) continue;
      if (last !== null && item.seq !== last + 1) note(`${item.seq} is shown after ${last}`);
      last = item.seq;
      const before = device.shown.get(item.seq);
      if (before && JSON.stringify(before) !== JSON.stringify(item.event)) note(`${item.seq} has changed`);
      device.shown.set(item.seq, item.event);
    }
  });
};

/** Opens the first page of a device, at `baseUrl`. */
export const openScheduleDevice = (
  name: string,
  { baseUrl, channelKey }: { baseUrl: string; channelKey: string },
): ScheduleDevice => {
  const storage = createMemoryStorage();
  let skewMs = 0;
  let client: Client;
  let isVisible = true;
  const hearers = new Set<(news: PageNews) => void>();

  const open = () => {
    hearers.clear();
    isVisible = true;
    client = createClient({
      baseUrl,
      channelKey,
      storage,
      now: () => Date.now() + skewMs,
      // Short waits: a schedule is about order, not about patience.
      random: () => 0.02,
      page: {
        isVisible: () => isVisible,
        listen(hear) {
          hearers.add(hear);
          return () => hearers.delete(hear);
        },
      },
    });
    watch(device, client);
    // Where the network is bad it is opened again when the network is back.
    client.open().catch(() => {});
  };

  const device: ScheduleDevice = {
    name,
    client: () => client,
    written: [],
    shown: new Map(),
    faults: [],
    write(text) {
      client.send(text);
      device.written.push(text);
    },
    async reload() {
      // Nobody writes and reloads within one turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      client.destroy();
      open();
    },
    skew(ms) {
      skewMs = ms;
    },
    tell(news) {
      if (news === 'visible' || news === 'hidden') isVisible = news === 'visible';
      for (const hear of hearers) hear(news);
    },
    read: () => client.markRead(),
    close: () => client.destroy(),
  };
  open();
  return device;
};
