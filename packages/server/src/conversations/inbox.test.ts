import type { InboxSignal, MessageEvent } from '@continuo/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSse, type SseEvent } from '../live/testing/sse-reader.ts';
import { type StreamServer, startStreamServer } from '../live/testing/stream-server.ts';
import { until } from '../testing/until.ts';
import { announce } from './announce.ts';
import { conversationView } from './conversation-view.ts';
import { inboxConversation } from './inbox-conversation.ts';
import { inboxList, type ListInbox } from './inbox-list.ts';
import {
  addAgent,
  addChannel,
  addCustomer,
  createTestRuntime,
  type TestRuntime,
  WORKSPACE,
} from './testing/runtime.ts';
import { reply, resolve, rowOf, write } from './testing/story.ts';

let rt: TestRuntime;
let web: MessageEvent['channel'];

beforeEach(async () => {
  rt = await createTestRuntime();
  web = await addChannel(rt, 'web');
});

afterEach(() => rt.close());

const contact = async (name: string, channel = web): Promise<string> => {
  const { conversationId } = await addCustomer(rt, name, channel);
  rt.pass(1000);
  await write(rt, { conversationId, channel, text: `I am ${name}` });
  return conversationId;
};

const list = (input: Partial<ListInbox>) =>
  inboxList(rt, rt.store.db, {
    workspaceId: WORKSPACE,
    agentId: 'agt_a',
    view: 'all',
    status: 'open',
    cursor: null,
    ...input,
  });

const idsOf = (page: { conversations: { id: string }[] }): string[] => page.conversations.map(({ id }) => id);

describe('the list', () => {
  test('shows what is mine, what waits (oldest first) and all (newest first), and counts them', async () => {
    const waiting = [await contact('one'), await contact('two')];
    await addAgent(rt, 'agt_a');
    const mine = await contact('three');
    const resolved = await contact('four');
    await resolve(rt, resolved);
    await addCustomer(rt, 'silent', web);

    expect(idsOf(await list({ view: 'waiting' }))).toEqual(waiting);
    expect(idsOf(await list({ view: 'mine' }))).toEqual([mine]);
    expect(idsOf(await list({ view: 'all' }))).toEqual([mine, ...waiting.toReversed()]);
    expect(idsOf(await list({ status: 'resolved' }))).toEqual([resolved]);
    expect((await list({})).counts).toEqual({ mine: 1, waiting: 2, all: 3 });
    expect(idsOf(await list({ workspaceId: 'wsp_2' }))).toEqual([]);
  });

  test.each(['waiting', 'all'] as const)(
    'pages of %s join without gap or overlap, at equal times too',
    async (view) => {
      const { customerId } = await addCustomer(rt, 'one', web);
      expect(customerId).not.toBe('');
      for (let n = 0; n < 120; n += 1) {
        const { conversationId } = await addCustomer(rt, `c${n}`, web);
        if (n % 3 === 0) rt.pass(1000);
        await write(rt, { conversationId, channel: web, text: 'hello' });
      }
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({ view, cursor });
        seen.push(...idsOf(page));
        cursor = page.cursor;
      } while (cursor !== null);
      expect(seen).toHaveLength(120);
      expect(new Set(seen).size).toBe(120);
    },
  );

  test('a cursor that is not ours is refused', async () => {
    await expect(list({ cursor: "1' or 1=1" })).rejects.toMatchObject({ code: 'bad_request' });
  });
});

test('an agent sees who, where, how it fares, and where the answer would go', async () => {
  const messenger = await addChannel(rt, 'messenger');
  await addAgent(rt, 'agt_a');
  const id = await contact('alma', messenger);
  const { event } = await reply(rt, { conversationId: id, agentId: 'agt_a', text: 'good day' });
  const view = await inboxConversation(rt, rt.store.db, id);
  expect(view.summary).toMatchObject({
    customer: { name: 'alma' },
    channelKind: 'messenger',
    assignee: { id: 'agt_a', status: 'online' },
    lastMessage: { from: 'agent', preview: 'good day' },
    presence: 'away',
  });
  expect(view.identities).toMatchObject([{ channel: messenger, window: { state: 'standard' } }]);
  expect(view.deliveries).toMatchObject([{ seq: event.seq, channelKind: 'messenger' }]);
  expect(view.case).toMatchObject({ number: 1 });
  expect(view.replyTo).toMatchObject({ kind: 'messenger', state: 'open' });
  rt.pass(8 * 86_400_000);
  expect((await inboxConversation(rt, rt.store.db, id)).replyTo).toMatchObject({ state: 'closed' });
  rt.presence.enter(id, 'ses_1');
  expect((await inboxConversation(rt, rt.store.db, id)).replyTo).toEqual({
    kind: 'web',
    state: 'open',
    until: null,
  });
});

test('what does not exist, or where nothing was said, is not found', async () => {
  const { conversationId } = await addCustomer(rt, 'silent', web);
  for (const id of [conversationId, 'cnv_x']) {
    await expect(inboxConversation(rt, rt.store.db, id)).rejects.toMatchObject({ code: 'not_found' });
  }
  const view = await conversationView(rt, rt.store.db, { conversationId, visibleAfter: 0 });
  expect(view).toMatchObject({ head: 0, case: null, assignee: null, queuePosition: null });
});

test('many changes in one turn are one announcement to the inbox', async () => {
  await addAgent(rt, 'agt_a');
  const signals: InboxSignal[] = [];
  rt.hub.listenInbox(WORKSPACE, { agentId: 'agt_a', onSignal: (signal) => signals.push(signal) });
  const id = await contact('alma');
  await until(() => expect(signals).toHaveLength(1));
  expect(signals[0]).toMatchObject({ type: 'conversation', conversation: { id, unread: 1, status: 'open' } });
});

test('nothing is announced any more once the server stops', async () => {
  const id = await contact('alma');
  await new Promise((resolve) => setImmediate(resolve));
  const said = vi.spyOn(rt.hub, 'signalInbox');
  announce(rt, id);
  rt.hub.streams.drain(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).not.toHaveBeenCalled();
});

describe('the inbox stream', () => {
  let server: StreamServer;

  beforeEach(async () => {
    server = await startStreamServer(rt);
  });

  afterEach(() => server.close());

  const connect = async (agentId: string) => readSse(await fetch(`${server.url}/inbox/${agentId}`));

  const isAgent =
    (id: string, status: string) =>
    ({ data }: SseEvent): boolean => {
      const signal = Object(data);
      return signal.type === 'agent' && signal.agent.id === id && signal.agent.status === status;
    };

  test('makes an agent online: what waits is theirs, and colleagues and customers are told; leaving makes them away', {
    timeout: 15_000,
  }, async () => {
    await addAgent(rt, 'agt_a', { connected: false });
    await addAgent(rt, 'agt_b', { status: 'away', connected: false });
    const id = await contact('alma');
    const colleague = await connect('agt_b');
    const told: unknown[] = [];
    rt.hub.listen(id, { audience: 'customer', onEvents: () => {}, onSignal: (signal) => told.push(signal) });

    const own = await connect('agt_a');
    await colleague.until(isAgent('agt_a', 'online'));
    await until(async () => expect((await rowOf(rt, id)).assignee_id).toBe('agt_a'));
    await own.until(({ data }) => Object(data).type === 'conversation');
    expect(told.at(-1)).toMatchObject({ type: 'assignee', agent: { id: 'agt_a', status: 'online' } });

    await own.cancel();
    await colleague.until(isAgent('agt_a', 'away'));
    await until(() => expect(told.at(-1)).toMatchObject({ type: 'assignee', agent: { status: 'away' } }));
    await colleague.cancel();
  });

  test('tells of colleagues who type, and not of oneself', async () => {
    await addAgent(rt, 'agt_a', { connected: false });
    const own = await connect('agt_a');
    await own.until(isAgent('agt_a', 'online'));
    for (const agentId of ['agt_a', 'agt_b']) {
      rt.hub.signalInbox(WORKSPACE, {
        type: 'typing',
        conversationId: 'cnv_1',
        from: 'agent',
        agentId,
        on: true,
      });
    }
    expect((await own.next())?.data).toMatchObject({ type: 'typing', agentId: 'agt_b' });
    await own.cancel();
  });

  test('says that it ends, or that the server drains', async () => {
    await addAgent(rt, 'agt_a', { connected: false });
    const ended = await connect('agt_a');
    await ended.until(isAgent('agt_a', 'online'));
    server.revoke();
    await ended.until(({ data }) => Object(data).type === 'ended');
    expect(await ended.next()).toBeNull();
    rt.hub.streams.drain(1000);
    expect((await fetch(`${server.url}/inbox/agt_a`)).status).toBe(503);
  });
});
