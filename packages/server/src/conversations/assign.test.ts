import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assign, type Candidate, chooseAgent, drainQueue } from './assign.ts';
import { conversationView } from './conversation-view.ts';
import {
  addAgent,
  addChannel,
  addCustomer,
  createTestRuntime,
  type TestRuntime,
  WORKSPACE,
} from './testing/runtime.ts';
import { rowOf, story, write } from './testing/story.ts';

const candidates = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), online: fc.boolean(), open: fc.nat(3) }),
  { selector: ({ id }) => id, maxLength: 8 },
);

describe('chooseAgent', () => {
  test('gives a least busy online agent, or nobody when nobody is online', () => {
    fc.assert(
      fc.property(candidates, (agents: Candidate[]) => {
        const online = agents.filter((agent) => agent.online);
        const chosen = online.find(({ id }) => id === chooseAgent(agents));
        if (online.length === 0) expect(chooseAgent(agents)).toBeNull();
        else expect(chosen?.open).toBe(Math.min(...online.map(({ open }) => open)));
      }),
    );
  });

  test('gives the same whatever the order', () => {
    fc.assert(
      fc.property(
        candidates.chain((agents) =>
          fc.tuple(fc.constant(agents), fc.shuffledSubarray(agents, { minLength: agents.length })),
        ),
        ([agents, shuffled]) => {
          expect(chooseAgent(shuffled)).toBe(chooseAgent(agents));
        },
      ),
    );
  });
});

describe('assigning', () => {
  let rt: TestRuntime;

  beforeEach(async () => {
    rt = await createTestRuntime();
  });

  afterEach(() => rt.close());

  const addWaiting = async (name: string): Promise<string> => {
    const channel = await addChannel(rt, 'web');
    const { conversationId } = await addCustomer(rt, name, channel);
    rt.pass(1000);
    await write(rt, { conversationId, channel, text: 'hello' });
    return conversationId;
  };

  const assignTo = (conversationId: string, agentId: string | null) =>
    rt.store.write((tx) =>
      assign(rt, tx, {
        conversationId,
        agentId,
        actor: { kind: 'agent', id: 'agt_a', name: 'Agent agt_a' },
        reason: 'manual',
      }),
    );

  test('the queue is given away oldest first, each to the least busy agent', async () => {
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three', 'four']) ids.push(await addWaiting(name));
    const view = await conversationView(rt, rt.store.db, { conversationId: ids[2] ?? '', visibleAfter: 0 });
    expect(view.queuePosition).toBe(3);

    await addAgent(rt, 'agt_a');
    await addAgent(rt, 'agt_b');
    await addAgent(rt, 'agt_away', { status: 'away' });
    await addAgent(rt, 'agt_gone', { connected: false });
    const { assigned } = await rt.store.write((tx) => drainQueue(rt, tx, WORKSPACE));
    expect(assigned).toBe(4);
    const rows = await Promise.all(ids.map((id) => rowOf(rt, id)));
    expect(rows.map((row) => row.assignee_id)).toEqual(['agt_a', 'agt_b', 'agt_a', 'agt_b']);
    expect(rows.map((row) => row.queued_at)).toEqual([null, null, null, null]);
    expect(await story(rt, ids[0] ?? '')).toEqual([
      'case.opened 1',
      'customer: hello',
      'assigned queue (queue)',
      'assigned agt_a (auto)',
    ]);
  });

  test('nobody online leaves the queue as it is', async () => {
    const id = await addWaiting('one');
    await addAgent(rt, 'agt_gone', { connected: false });
    expect(await rt.store.write((tx) => drainQueue(rt, tx, WORKSPACE))).toEqual({ assigned: 0, more: false });
    expect((await rowOf(rt, id)).queued_at).not.toBeNull();
  });

  test('an agent gives it to a colleague, or back to the queue; the same again changes nothing', async () => {
    await addAgent(rt, 'agt_a');
    const id = await addWaiting('one');
    await addAgent(rt, 'agt_b');
    await assignTo(id, 'agt_b');
    await assignTo(id, 'agt_b');
    await assignTo(id, null);
    expect((await story(rt, id)).slice(2)).toEqual([
      'assigned agt_a (auto)',
      'assigned agt_b (manual)',
      'assigned queue (manual)',
    ]);
    expect(await rowOf(rt, id)).toMatchObject({ assignee_id: null, queued_at: rt.now() });
  });

  test('an agent who does not exist, or is of another workspace, cannot be given anything', async () => {
    const id = await addWaiting('one');
    await addAgent(rt, 'agt_b');
    await rt.store.write(async ({ db }) => {
      const other = { id: 'wsp_2', name: 'Other', settings: '{}', created_at: 1 };
      await db.insertInto('workspaces').values(other).execute();
      await db.updateTable('agents').set({ workspace_id: 'wsp_2' }).where('id', '=', 'agt_b').execute();
    });
    await expect(assignTo(id, 'agt_b')).rejects.toMatchObject({ code: 'conflict' });
    await expect(assignTo(id, 'agt_x')).rejects.toMatchObject({ code: 'conflict' });
  });
});
