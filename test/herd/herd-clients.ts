/**
 * Many customers' devices in a process of their own, so that the server keeps a core to itself: real clients, each with
 * its own key, session and conversation. `herd-clients.ts <server> <channel key> <clients>`
 */
import { type Client, createClient, createMemoryStorage } from '@continuo/core';
import type { HerdAnswer, HerdAsk } from './herd.ts';

const [baseUrl = '', channelKey = '', count = '0'] = process.argv.slice(2);
/** Devices that begin at the same time. */
const AT_ONCE = 40;

/** When each client first asked after the mark to read on, and was let in (epoch ms); before, something earlier. */
const openedAt = new Map<Client, number>();
let since = 0;

const before = (client: Client): boolean => (openedAt.get(client) ?? 0) <= since;

const addClient = (): Client => {
  const client = createClient({
    baseUrl,
    channelKey,
    storage: createMemoryStorage(),
    async fetch(input, init) {
      const request = new Request(input, init);
      const askedAt = Date.now();
      const response = await fetch(request);
      if (response.ok && /\/events\?/.test(request.url) && before(client)) openedAt.set(client, askedAt);
      return response;
    },
  });
  openedAt.set(client, 0);
  return client;
};

/** Resolves when the stream runs and nothing waits to be sent. */
const settled = (client: Client): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      const isSent = client.$messages.get().every(({ seq }) => seq !== null);
      if (!isSent || client.$connection.get() !== 'online') return;
      stop();
      stopToo();
      resolve();
    };
    const stop = client.$messages.listen(look);
    const stopToo = client.$connection.listen(look);
    look();
  });

const begin = async (): Promise<void> => {
  const waiting = Array.from({ length: Number(count) }, addClient);
  const work = async () => {
    for (let client = waiting.pop(); client; client = waiting.pop()) {
      client.send('Hello');
      await settled(client);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
};

const answer = (message: HerdAnswer): void => {
  process.send?.(message);
};

const run = async (ask: HerdAsk): Promise<HerdAnswer> => {
  const clients = [...openedAt.keys()];
  if (ask.type === 'mark') since = Date.now();
  if (ask.type === 'write') {
    const writers = clients.slice(0, ask.clients);
    for (const client of writers) client.send(ask.text);
  }
  if (ask.type === 'settle') await Promise.all(clients.map(settled));
  return {
    back: [...openedAt.values()].filter((at) => at > since),
    texts: clients.map(({ $messages }) =>
      $messages
        .get()
        .flatMap((item) => (item.seq !== null && item.event.type === 'message' ? [item.event.text] : [])),
    ),
  };
};

process.on('message', (ask: HerdAsk) => void run(ask).then(answer));
process.once('disconnect', () => process.exit(0));

await begin();
answer({ back: [], texts: [] });
