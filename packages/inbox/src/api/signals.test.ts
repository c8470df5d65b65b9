import type { PageNews, PublicConnection } from '@continuo/core/conversation';
import type { InboxSignal } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OMID } from '../test-fixtures.ts';
import { environmentOf, FakeServer } from '../test-support.tsx';
import { followSignals } from './signals.ts';

const PATH = '/v1/inbox/signals';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const follow = async (server: FakeServer) => {
  const heard: InboxSignal[] = [];
  const states: PublicConnection[] = [];
  let tellPage: (news: PageNews) => void = () => {};
  let online = 0;
  let ended = 0;
  const page = {
    isVisible: () => true,
    listen: (hear: (news: PageNews) => void) => {
      tellPage = hear;
      return () => {};
    },
  };
  const stop = followSignals({
    api: server.api,
    environment: environmentOf({ page, now: Date.now, random: () => 1 }),
    onSignal: (signal) => heard.push(signal),
    onOnline: () => {
      online += 1;
    },
    onState: (state) => states.push(state),
    onEnded: () => {
      ended += 1;
    },
  });
  await vi.advanceTimersByTimeAsync(0);
  return {
    heard,
    stop,
    tellPage: (news: PageNews) => tellPage(news),
    state: () => states.at(-1),
    online: () => online,
    ended: () => ended,
  };
};

test('signals are heard, in the order sent', async () => {
  const server = new FakeServer();
  const { heard, online } = await follow(server);
  server.signalInbox({ type: 'agent', agent: OMID });
  server.signalInbox({ type: 'agent', agent: { ...OMID, status: 'online' } });
  await vi.advanceTimersByTimeAsync(0);
  expect(heard.map((signal) => signal.type === 'agent' && signal.agent.status)).toEqual(['away', 'online']);
  expect(online()).toBe(1);
});

test('after a break it connects again and says so, so that what was missed is read', async () => {
  const server = new FakeServer();
  const { online, state } = await follow(server);
  server.drop();
  await vi.advanceTimersByTimeAsync(499);
  expect(online()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(online()).toBe(2);
  expect(state()).toBe('online');
});

test('a server that stays away is told as lost, and tried again within seconds', async () => {
  const server = new FakeServer();
  const { online, state } = await follow(server);
  server.failing.set(PATH, 'network');
  server.drop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(state()).toBe('reconnecting');
  server.failing.clear();
  await vi.advanceTimersByTimeAsync(3000);
  expect(online()).toBe(2);
});

test('a stream that fell silent is given up', async () => {
  const server = new FakeServer();
  const { online } = await follow(server);
  await vi.advanceTimersByTimeAsync(49_000);
  expect(online()).toBe(1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(online()).toBe(2);
  expect(server.readers(PATH)).toBe(1);
});

test('a stopping server is left within the time it gives', async () => {
  const server = new FakeServer();
  const { online } = await follow(server);
  server.signalInbox({ type: 'drain', withinMs: 8000 });
  await vi.advanceTimersByTimeAsync(7999);
  expect(server.readers(PATH)).toBe(0);
  expect(online()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(online()).toBe(2);
});

test('without a network nothing is tried until it is back', async () => {
  const server = new FakeServer();
  const { tellPage, state, online } = await follow(server);
  tellPage('offline');
  await vi.advanceTimersByTimeAsync(120_000);
  expect(state()).toBe('offline');
  expect(online()).toBe(1);
  tellPage('online');
  await vi.advanceTimersByTimeAsync(0);
  expect(online()).toBe(2);
});

test('the end of the session is told once, and nothing is tried after', async () => {
  const server = new FakeServer();
  const { ended, online } = await follow(server);
  server.signalInbox({ type: 'ended' });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ended()).toBe(1);
  expect(online()).toBe(1);
});

test('an inbox that is too old for the server says so and stops', async () => {
  const server = new FakeServer();
  server.failing.set(PATH, 'version_unsupported');
  const { state } = await follow(server);
  expect(state()).toBe('outdated');
});

test('stopping closes the connection', async () => {
  const server = new FakeServer();
  const { stop } = await follow(server);
  expect(server.readers(PATH)).toBe(1);
  stop();
  expect(server.readers(PATH)).toBe(0);
});
