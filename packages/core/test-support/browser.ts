import { onTestFinished } from 'vitest';
import { type Client, type ClientOptions, createClient } from '../src/client.ts';
import { type ClientStorage, createMemoryStorage } from '../src/environment/storage.ts';
import type { Tabs } from '../src/environment/tabs.ts';
import type { FakeServer } from './server.ts';
import { createPage } from './world.ts';

interface Waiting {
  grant(): void;
  isGone: boolean;
}

/** Exclusive locks as the Web Locks API has them: first come, first served; the end of a tab ends what it holds. */
const createLocks = () => {
  const queues = new Map<string, Waiting[]>();
  const leave = (name: string, one: Waiting) => {
    one.isGone = true;
    const queue = queues.get(name) ?? [];
    const isHolder = queue[0] === one;
    queues.set(
      name,
      queue.filter((other) => other !== one),
    );
    if (isHolder) queues.get(name)?.[0]?.grant();
  };
  const enter = (name: string, grant: () => void): (() => void) => {
    const one: Waiting = { grant, isGone: false };
    const queue = [...(queues.get(name) ?? []), one];
    queues.set(name, queue);
    if (queue.length === 1) grant();
    return () => {
      if (!one.isGone) leave(name, one);
    };
  };
  return { enter };
};

/** A tab's program: runs, stands still (frozen), or is no more. */
const createLife = () => {
  let thaw: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  const never = new Promise<never>(() => {});
  const death = new AbortController();
  return {
    death,
    /** Resolves while the tab runs. */
    run: (): Promise<void> =>
      death.signal.aborted ? never : running.then(() => (death.signal.aborted ? never : undefined)),
    freeze: () => {
      if (thaw) return;
      running = new Promise((resolve) => {
        thaw = resolve;
      });
    },
    thaw: () => {
      thaw?.();
      thaw = undefined;
    },
    crash: () => death.abort(),
  };
};
type Life = ReturnType<typeof createLife>;

interface Member {
  life: Life;
  hear(message: unknown): void;
}

type Channels = Map<string, Set<Member>>;

const createTabs = (life: Life, locks: ReturnType<typeof createLocks>, channels: Channels): Tabs => ({
  join(name, hear) {
    const me: Member = { life, hear };
    const members = channels.get(name) ?? new Set();
    channels.set(name, members.add(me));
    life.death.signal.addEventListener('abort', () => members.delete(me));
    const bring = async (other: Member, message: unknown) => {
      await other.life.run();
      if (members.has(other)) other.hear(message);
    };
    return {
      post: async (message) => {
        await life.run();
        // A task of its own for each, as messages are.
        for (const other of members) if (other !== me) setImmediate(bring, other, structuredClone(message));
      },
      close: () => members.delete(me),
    };
  },
  lock: (name, run, signal) =>
    new Promise((resolve, reject) => {
      if (life.death.signal.aborted) return;
      if (signal.aborted) return reject(signal.reason);
      let isHeld = false;
      const leave = locks.enter(name, async () => {
        isHeld = true;
        await life.run();
        await run().then(resolve, reject);
        leave();
      });
      signal.addEventListener('abort', () => {
        if (isHeld) return;
        leave();
        reject(signal.reason);
      });
      life.death.signal.addEventListener('abort', leave);
    }),
});

const gate = <Args extends unknown[], T>(life: Life, act: (...args: Args) => Promise<T>) => {
  return async (...args: Args): Promise<T> => {
    await life.run();
    const result = await act(...args);
    await life.run();
    return result;
  };
};

const gateStorage = (life: Life, kept: ClientStorage): ClientStorage => ({
  get: gate(life, kept.get),
  list: gate(life, kept.list),
  add: gate(life, kept.add),
  set: gate(life, kept.set),
  delete: gate(life, kept.delete),
});

/** Nothing arrives in a tab that stands still, and the end of a tab ends its connections. */
const gateFetch = (life: Life): typeof fetch => {
  return async (input, init) => {
    await life.run();
    const request = new Request(input, init);
    const signal = AbortSignal.any([request.signal, life.death.signal]);
    try {
      const response = await fetch(new Request(request, { signal }));
      await life.run();
      const { status, headers } = response;
      const gated = new TransformStream({
        async transform(chunk, controller) {
          await life.run();
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body?.pipeThrough(gated) ?? null, { status, headers });
    } catch (error) {
      // Nobody hears of it in a tab that is no more.
      await life.run();
      throw error;
    }
  };
};

/** What the tabs of one site share in one browser: storage, locks and channels. */
export const createBrowser = (server: FakeServer) => {
  const locks = createLocks();
  const channels: Channels = new Map();
  const storage = createMemoryStorage();

  /** Opens a tab, in sight unless told otherwise, with a client in it. */
  const openTab = ({
    isHidden = false,
    ...options
  }: Partial<ClientOptions> & { isHidden?: boolean } = {}) => {
    const life = createLife();
    const { page, tell } = createPage();
    if (isHidden) tell('hidden');
    const client: Client = createClient({
      baseUrl: server.url,
      channelKey: 'web_1',
      random: () => 0,
      storage: gateStorage(life, storage),
      tabs: createTabs(life, locks, channels),
      fetch: gateFetch(life),
      page,
      ...options,
    });
    onTestFinished(() => {
      life.thaw();
      client.destroy();
    });
    const { freeze, thaw, crash } = life;
    return { client, tell, freeze, thaw, crash };
  };

  return { openTab, storage };
};

export type FakeBrowser = ReturnType<typeof createBrowser>;
export type FakeTab = ReturnType<FakeBrowser['openTab']>;
