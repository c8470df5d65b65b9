import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { createPeers, type Peers } from './peers.ts';

let peers: Peers;
let changes: string[];
beforeEach(() => {
  peers = createPeers();
  changes = [];
  peers.listen({
    onWeb: (id) => changes.push(`${id} ${peers.isWeb(id)}`),
    onAgent: ({ workspaceId, agentId }) =>
      changes.push(`${agentId} ${peers.connectedAgents(workspaceId).has(agentId)}`),
  });
});

const SARA = { workspaceId: 'wsp_1', agentId: 'agt_sara' };

/** Signs of life that every node but these gives. */
const tick = (times: number, ...silent: string[]): void => {
  for (let time = 0; time < times; time += 1) {
    for (const node of ['a', 'b', 'c']) if (!silent.includes(node)) peers.heard(node);
    peers.tick();
  }
};

test('a node is new once', () => {
  expect(peers.heard('a')).toBe(true);
  expect(peers.heard('a')).toBe(false);
  expect(peers.size).toBe(1);
});

test('someone is there from the first node to the last, and a change is told once', () => {
  peers.setWeb('a', 'cnv_1', true);
  peers.setWeb('b', 'cnv_1', true);
  peers.setWeb('b', 'cnv_1', true);
  peers.setWeb('a', 'cnv_1', false);
  expect(peers.isWeb('cnv_1')).toBe(true);
  peers.setWeb('b', 'cnv_1', false);
  expect(peers.isWeb('cnv_1')).toBe(false);
  peers.setAgent('a', SARA, true);
  peers.setAgent('a', SARA, false);
  expect(changes).toEqual(['cnv_1 true', 'cnv_1 false', 'agt_sara true', 'agt_sara false']);
});

test('a state takes the place of what was claimed before, and nobody is away in between', () => {
  peers.setWeb('a', 'cnv_1', true);
  peers.setWeb('a', 'cnv_2', true);
  changes.length = 0;
  peers.take('a', { web: ['cnv_2'], agents: [] }, false);
  peers.take('a', { web: ['cnv_3'], agents: [SARA] }, false);
  expect(peers.isWeb('cnv_1')).toBe(true);
  // News between its parts belong to it.
  peers.setWeb('a', 'cnv_4', true);
  peers.setWeb('a', 'cnv_3', false);
  peers.take('a', { web: [], agents: [] }, true);
  expect(['cnv_1', 'cnv_2', 'cnv_3', 'cnv_4'].map((id) => peers.isWeb(id))).toEqual([
    false,
    true,
    false,
    true,
  ]);
  expect(changes).toEqual(['cnv_4 true', 'agt_sara true', 'cnv_1 false']);
});

test('a node that is silent is forgotten with everyone who was connected to it, and is new when it comes back', () => {
  peers.heard('a');
  peers.setWeb('a', 'cnv_1', true);
  peers.setAgent('a', SARA, true);
  tick(2, 'a');
  expect(peers.isWeb('cnv_1')).toBe(true);
  tick(1, 'a');
  expect(peers.isWeb('cnv_1')).toBe(false);
  expect(peers.connectedAgents('wsp_1').size).toBe(0);
  expect(peers.heard('a')).toBe(true);
});

test('a node that gives signs of life is never forgotten', () => {
  peers.setWeb('a', 'cnv_1', true);
  tick(100);
  expect(peers.isWeb('cnv_1')).toBe(true);
});

test('those who were on a node that says goodbye count until they had time to come back: agents less long', () => {
  peers.heard('a');
  peers.setWeb('a', 'cnv_1', true);
  peers.setAgent('a', SARA, true);
  peers.leave('a');
  tick(1, 'a');
  expect(peers.connectedAgents('wsp_1').has('agt_sara')).toBe(true);
  tick(1, 'a');
  expect(peers.connectedAgents('wsp_1').has('agt_sara')).toBe(false);
  // More than 20 s, at 5 s a tick, of which the first may come at once.
  tick(3, 'a');
  expect(peers.isWeb('cnv_1')).toBe(true);
  tick(1, 'a');
  expect(peers.isWeb('cnv_1')).toBe(false);
  expect(changes).toEqual(['cnv_1 true', 'agt_sara true', 'agt_sara false', 'cnv_1 false']);
});

test('whatever nodes say, what is known is the union of what each said last, and each change is told once', () => {
  const node = fc.constantFrom('a', 'b', 'c');
  const ids = fc.uniqueArray(fc.constantFrom('cnv_1', 'cnv_2', 'cnv_3', 'cnv_4'));
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), node, ids, web: fc.boolean() }),
    fc.record({ kind: fc.constant('state' as const), node, ids }),
    fc.record({ kind: fc.constant('silence' as const), node }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const model = new Map<string, Set<string>>();
      const seen = new Map<string, boolean>();
      peers = createPeers();
      peers.listen({
        onWeb(id) {
          expect(peers.isWeb(id)).not.toBe(seen.get(id) ?? false);
          seen.set(id, peers.isWeb(id));
        },
        onAgent() {},
      });
      for (const one of steps) {
        const claims = model.get(one.node) ?? new Set();
        model.set(one.node, claims);
        if (one.kind === 'silence') {
          tick(3, one.node);
          claims.clear();
        } else if (one.kind === 'state') {
          peers.take(one.node, { web: one.ids, agents: [] }, true);
          model.set(one.node, new Set(one.ids));
        } else {
          for (const id of one.ids) {
            peers.setWeb(one.node, id, one.web);
            if (one.web) claims.add(id);
            else claims.delete(id);
          }
        }
        const union = new Set([...model.values()].flatMap((claimed) => [...claimed]));
        for (const id of ['cnv_1', 'cnv_2', 'cnv_3', 'cnv_4']) {
          expect(peers.isWeb(id)).toBe(union.has(id));
          expect(seen.get(id) ?? false).toBe(union.has(id));
        }
      }
    }),
  );
});
