import { expect, onTestFinished, vi } from 'vitest';
import { type Client, type ClientOptions, createClient } from '../src/client.ts';
import type { Page, PageNews } from '../src/environment/environment.ts';
import { type FakeServer, startServer } from './server.ts';

/** A server for this test. */
export const begin = async (): Promise<FakeServer> => {
  const server = await startServer();
  onTestFinished(server.close);
  return server;
};

/** A client for this test; where it waits for a random time, it does not wait. */
export const connect = (server: FakeServer, options: Partial<ClientOptions> = {}): Client => {
  const client = createClient({ baseUrl: server.url, channelKey: 'web_1', random: () => 0, ...options });
  onTestFinished(client.destroy);
  return client;
};

export const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 8000, interval: 5 });

export const online = (client: Pick<Client, '$connection'>): Promise<void> =>
  until(() => expect(client.$connection.get()).toBe('online'));

/** The timeline as a person reads it. */
export const texts = (client: Pick<Client, '$messages'>): string[] =>
  client.$messages.get().map((item) => {
    if (item.seq === null) return `${item.pending.text} (${item.pending.state})`;
    return item.event.type === 'message' ? item.event.text : item.event.type;
  });

/** A page whose news are told by hand. */
export const createPage = () => {
  let hear = (_news: PageNews) => {};
  let isVisible = true;
  const page: Page = {
    isVisible: () => isVisible,
    listen: (listener) => {
      hear = listener;
      return () => {
        hear = () => {};
      };
    },
  };
  const tell = (news: PageNews) => {
    if (news === 'visible' || news === 'hidden') isVisible = news === 'visible';
    hear(news);
  };
  return { page, tell };
};
