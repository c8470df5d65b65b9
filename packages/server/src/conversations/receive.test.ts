import type { MessageEvent } from '@continuo/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { agentPresenceChanged } from './agent-presence.ts';
import { CHOICE_PAYLOADS, chooseWhenAway } from './choice.ts';
import { openConversation, resolveJoined } from './open.ts';
import { receiveMessage } from './receive.ts';
import {
  addAgent,
  addChannel,
  addCustomer,
  connectAgent,
  createTestRuntime,
  type TestRuntime,
  WORKSPACE,
} from './testing/runtime.ts';
import { keyOf, readLog, reply, resolve, rowOf, story, write } from './testing/story.ts';

let rt: TestRuntime;
let web: MessageEvent['channel'];
let messenger: MessageEvent['channel'];

beforeEach(async () => {
  rt = await createTestRuntime();
  web = await addChannel(rt, 'web');
  messenger = await addChannel(rt, 'messenger');
});

afterEach(() => rt.close());

describe('first contacts', () => {
  /** One of many first contacts: opens the conversation and writes, in one unit of work, as a webhook or a device does. */
  const contact = (customerId: string, text: string) =>
    rt.store.write(async (tx) => {
      const opened = { workspaceId: WORKSPACE, customerId, channelKind: web.kind };
      const { id: conversationId } = await openConversation(rt, tx, opened);
      const author = { kind: 'customer', id: customerId, name: null } as const;
      await receiveMessage(rt, tx, { conversationId, author, text, attachments: [], channel: web });
      return conversationId;
    });

  test('however many arrive at once, a customer has one conversation, one open case and one assignee', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        async (contacts, online, agentsFirst) => {
          run += 1;
          const customerId = `cus_${run}`;
          const nobody = { name: null, picture_url: null, locale: null };
          await rt.store.write(({ db }) =>
            db
              .insertInto('customers')
              .values({ ...nobody, id: customerId, workspace_id: WORKSPACE, created_at: 1 })
              .execute(),
          );
          const agents = Array.from({ length: online }, (_, index) => `agt_${run}_${index}`);
          const leave = await Promise.all(agents.map((id) => addAgent(rt, id, { connected: agentsFirst })));
          const writing = Array.from({ length: contacts }, (_, index) =>
            contact(customerId, `hello ${index}`),
          );
          if (!agentsFirst) {
            for (const id of agents) leave.push(connectAgent(rt, id));
            await Promise.all(agents.map((id) => agentPresenceChanged(rt, id)));
          }
          const ids = await Promise.all(writing);
          for (const id of agents) await agentPresenceChanged(rt, id);
          for (const stop of leave) stop();

          expect(new Set(ids).size).toBe(1);
          const id = ids[0] ?? '';
          const cases = await rt.store.db
            .selectFrom('cases')
            .selectAll()
            .where('conversation_id', '=', id)
            .execute();
          expect(cases).toMatchObject([{ number: 1, resolved_at: null }]);
          const log = await readLog(rt, id);
          expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
          expect(log.filter(({ type }) => type === 'message')).toHaveLength(contacts);
          expect(log.filter(({ type }) => type === 'case.opened')).toHaveLength(1);
          const given = log.filter((event) => event.type === 'assigned' && event.agent !== null);
          expect(given).toHaveLength(online > 0 ? 1 : 0);
          const row = await rowOf(rt, id);
          expect(row.assignee_id === null).toBe(online === 0);
          expect(row.queued_at === null).toBe(online > 0);
          expect(row).toMatchObject({ head: log.length, case_number: 1, unread: contacts });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('the first message opens a case, and its words come before who takes it', async () => {
    await addAgent(rt, 'agt_a');
    const { conversationId } = await addCustomer(rt, 'alma', web);
    expect(await rowOf(rt, conversationId)).toMatchObject({ status: 'resolved', case_number: 0 });
    await write(rt, { conversationId, channel: web, text: 'hello' });
    rt.pass(60_000);
    await write(rt, { conversationId, channel: web, text: 'are you there?' });
    expect(await story(rt, conversationId)).toEqual([
      'case.opened 1',
      'customer: hello',
      'assigned agt_a (auto)',
      'customer: are you there?',
    ]);
    expect(await rowOf(rt, conversationId)).toMatchObject({
      status: 'open',
      unread: 2,
      waiting_since: rt.now() - 60_000,
      last_message_from: 'customer',
      last_message_preview: 'are you there?',
      last_message_seq: 4,
      last_channel_kind: 'web',
    });
  });

  test('the same client id again gives the stored event; another body is a conflict', async () => {
    const { conversationId } = await addCustomer(rt, 'alma', web);
    const send = (text: string, hash: string) =>
      write(rt, { conversationId, channel: web, text, key: keyOf('client-1', hash) });
    const [first, second] = await Promise.all([send('hello', 'h1'), send('hello', 'h1')]);
    expect([first.duplicate, second.duplicate]).toEqual([false, true]);
    expect(second.event).toEqual(first.event);
    await expect(send('other', 'h2')).rejects.toMatchObject({ code: 'client_id_conflict' });
    expect((await rowOf(rt, conversationId)).unread).toBe(1);
  });
});

describe('writing again after the case was resolved', () => {
  const startResolved = async (channel: MessageEvent['channel']) => {
    const leave = await addAgent(rt, 'agt_a');
    const { conversationId } = await addCustomer(rt, 'alma', channel);
    await write(rt, { conversationId, channel, text: 'hello' });
    await resolve(rt, conversationId);
    return { conversationId, leave };
  };

  const choose = (conversationId: string, choice: 'wait' | 'colleague') =>
    rt.store.write((tx) => chooseWhenAway(rt, tx, { conversationId, choice }));

  test('opens the next case in the same conversation with the same assignee', async () => {
    const { conversationId } = await startResolved(web);
    await addAgent(rt, 'agt_0');
    await write(rt, { conversationId, channel: web, text: 'again' });
    expect((await story(rt, conversationId)).slice(3)).toEqual([
      'case.resolved 1',
      'case.opened 2',
      'customer: again',
    ]);
    expect(await rowOf(rt, conversationId)).toMatchObject({
      assignee_id: 'agt_a',
      case_number: 2,
      status: 'open',
    });
    const cases = await rt.store.db.selectFrom('cases').selectAll().orderBy('number').execute();
    expect(cases).toMatchObject([
      { number: 1, opened_seq: 1, resolved_at: rt.now() },
      { number: 2, opened_seq: 5, resolved_at: null },
    ]);
  });

  test('says so when the assignee is away; who chooses a colleague gets the least busy other', async () => {
    const { conversationId, leave } = await startResolved(web);
    leave();
    await addAgent(rt, 'agt_b');
    await write(rt, { conversationId, channel: web, text: 'again' });
    expect(await rowOf(rt, conversationId)).toMatchObject({ assignee_id: 'agt_a', assignee_away: 1 });
    await choose(conversationId, 'wait');
    // Pressed twice, it is one choice.
    await choose(conversationId, 'wait');
    expect(await rowOf(rt, conversationId)).toMatchObject({ assignee_id: 'agt_a', assignee_away: 1 });
    await choose(conversationId, 'colleague');
    expect((await story(rt, conversationId)).slice(4)).toEqual([
      'case.opened 2',
      'customer: again',
      'assignee.away',
      'choice wait',
      'choice colleague',
      'assigned agt_b (customer)',
    ]);
    await expect(choose(conversationId, 'colleague')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a colleague is somebody else, even if the assignee is back and less busy', async () => {
    const { conversationId, leave } = await startResolved(web);
    leave();
    await addAgent(rt, 'agt_b');
    await write(rt, { conversationId, channel: web, text: 'again' });
    for (const name of ['one', 'two']) {
      const busy = await addCustomer(rt, name, web);
      await write(rt, { conversationId: busy.conversationId, channel: web, text: 'hello' });
    }
    connectAgent(rt, 'agt_a');
    await choose(conversationId, 'colleague');
    expect((await rowOf(rt, conversationId)).assignee_id).toBe('agt_b');
  });

  test('a colleague is waited for in the queue when nobody is online', async () => {
    const { conversationId, leave } = await startResolved(web);
    leave();
    await write(rt, { conversationId, channel: web, text: 'again' });
    await choose(conversationId, 'colleague');
    expect((await story(rt, conversationId)).at(-1)).toBe('assigned queue (queue)');
    expect(await rowOf(rt, conversationId)).toMatchObject({ assignee_id: null, queued_at: rt.now() });
  });

  test('the answer of an agent ends the choice', async () => {
    const { conversationId, leave } = await startResolved(web);
    leave();
    await write(rt, { conversationId, channel: web, text: 'again' });
    await reply(rt, { conversationId, agentId: 'agt_a', text: 'here I am' });
    await expect(choose(conversationId, 'wait')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('who writes from a network is asked there, with answers to press', async () => {
    const { conversationId, leave } = await startResolved(messenger);
    leave();
    await rt.store.write(({ db }) => db.updateTable('customers').set({ locale: 'ar_AR' }).execute());
    await write(rt, { conversationId, channel: messenger, text: 'again' });
    const delivery = await rt.store.db.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow();
    const away = (await readLog(rt, conversationId)).at(-1);
    expect(delivery).toMatchObject({ seq: away?.seq, state: 'pending' });
    const content = JSON.parse(rt.secrets.open(delivery.content ?? ''));
    expect(content.choices.map(({ payload }: { payload: string }) => payload)).toEqual(
      Object.values(CHOICE_PAYLOADS),
    );
    expect(content.text).toMatch(/الرد الآن/);
  });
});

test('what is written to a conversation that was joined goes on in the other', async () => {
  const one = await addCustomer(rt, 'alma', web);
  const other = await addCustomer(rt, 'zoe', messenger);
  await rt.store.write(({ db }) =>
    db
      .updateTable('conversations')
      .set({ joined_into: other.conversationId })
      .where('id', '=', one.conversationId)
      .execute(),
  );
  await write(rt, { conversationId: one.conversationId, channel: web, text: 'hello' });
  expect(await story(rt, one.conversationId)).toEqual([]);
  expect(await story(rt, other.conversationId)).toContain('customer: hello');
  expect(await resolveJoined(rt.store.db, one.conversationId)).toBe(other.conversationId);
});
