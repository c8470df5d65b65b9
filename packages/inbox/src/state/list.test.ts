import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OMID, SARA, summaryOf } from '../test-fixtures.ts';
import { belongs, EMPTY_LIST, type ListState, reduceList, unreadTotal } from './list.ts';

const list = (change: Partial<ListState> = {}): ListState => ({ ...EMPTY_LIST, phase: 'ready', ...change });
const page = (conversations: ListState['rows'], cursor: string | null = null) => ({
  conversations: [...conversations],
  cursor,
  counts: { mine: 1, waiting: 2, all: 3 },
});
const idsOf = ({ rows }: ListState) => rows.map(({ id }) => id);
const changed = (state: ListState, conversation: ListState['rows'][number]) =>
  reduceList(state, { type: 'changed', conversation, agentId: SARA.id });

test('another view empties the list and keeps the counts', () => {
  const before = reduceList(list(), { type: 'read', page: page([summaryOf()]), agentId: SARA.id });
  const after = reduceList(before, { type: 'chosen', view: 'waiting', status: 'open' });
  expect(after).toMatchObject({ rows: [], phase: 'loading', counts: { waiting: 2 }, cursor: null });
});

test('a conversation moves up when something happens in it', () => {
  const rows = [summaryOf({ id: 'a', updatedAt: 2 }), summaryOf({ id: 'b', updatedAt: 1 })];
  expect(idsOf(changed(list({ rows }), summaryOf({ id: 'b', updatedAt: 3 })))).toEqual(['b', 'a']);
});

test('in the queue, who waits longest stands first', () => {
  const waiting = (id: string, waitingSince: number) => summaryOf({ id, assignee: null, waitingSince });
  const state = [waiting('b', 20), waiting('c', 30), waiting('a', 10)].reduce(
    changed,
    list({ view: 'waiting' }),
  );
  expect(idsOf(state)).toEqual(['a', 'b', 'c']);
});

test('what belongs to a colleague now leaves "mine"', () => {
  const state = changed(list({ rows: [summaryOf()] }), summaryOf({ assignee: OMID }));
  expect(state.rows).toEqual([]);
});

test('what was resolved leaves the open ones', () => {
  const state = changed(list({ view: 'all', rows: [summaryOf()] }), summaryOf({ status: 'resolved' }));
  expect(state.rows).toEqual([]);
});

test('a further page repeats nothing', () => {
  const first = reduceList(list(), {
    type: 'read',
    page: page([summaryOf({ id: 'a' })], 'next'),
    agentId: SARA.id,
  });
  const more = page([summaryOf({ id: 'a' }), summaryOf({ id: 'b' })]);
  const state = reduceList(first, { type: 'readMore', page: more });
  expect(idsOf(state)).toEqual(['a', 'b']);
  expect(state.cursor).toBeNull();
});

test('a failed reading keeps what is shown', () => {
  const rows = [summaryOf()];
  expect(reduceList(list({ rows }), { type: 'failed' })).toMatchObject({ rows, phase: 'ready' });
  expect(reduceList(EMPTY_LIST, { type: 'failed' }).phase).toBe('failed');
});

test('an agent who goes away is shown so in every row of theirs', () => {
  const rows = [summaryOf({ id: 'a' }), summaryOf({ id: 'b', assignee: OMID })];
  const state = reduceList(list({ rows }), { type: 'agent', agent: { ...SARA, status: 'away' } });
  expect(state.rows.map(({ assignee }) => assignee?.status)).toEqual(['away', 'away']);
  expect(state.rows[1]?.assignee).toBe(OMID);
});

test('unread messages are those of the agent’s own open conversations, whatever is shown', () => {
  let state = reduceList(list(), {
    type: 'read',
    page: page([summaryOf({ id: 'a', unread: 2 })]),
    agentId: SARA.id,
  });
  state = reduceList(state, { type: 'chosen', view: 'waiting', status: 'open' });
  state = changed(state, summaryOf({ id: 'b', unread: 3 }));
  state = changed(state, summaryOf({ id: 'c', unread: 5, assignee: OMID }));
  expect(unreadTotal(state)).toBe(5);
  expect(unreadTotal(changed(state, summaryOf({ id: 'a', unread: 0 })))).toBe(3);
});

const aChange = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  assignee: fc.constantFrom(null, SARA, OMID),
  status: fc.constantFrom<'open' | 'resolved'>('open', 'resolved'),
  updatedAt: fc.nat(9),
  waitingSince: fc.option(fc.nat(9)),
});

test('after any changes the list is what a fresh reading would give', () => {
  const views = fc.constantFrom<ListState['view']>('mine', 'waiting', 'all');
  const statuses = fc.constantFrom<ListState['status']>('open', 'resolved');
  fc.assert(
    fc.property(views, statuses, fc.array(aChange), (view, status, changes) => {
      const state = changes.map(summaryOf).reduce(changed, list({ view, status }));
      const latest = new Map(changes.map((change) => [change.id, summaryOf(change)]));
      const expected = [...latest.values()].filter((one) => belongs({ view, status }, one, SARA.id));
      expect(new Set(state.rows)).toEqual(new Set(expected));
      const keys = state.rows.map((row) =>
        view === 'waiting' ? (row.waitingSince ?? row.updatedAt) : -row.updatedAt,
      );
      expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    }),
  );
});

test('a page that is older than what came while it was read takes nothing back', () => {
  const views = fc.constantFrom<ListState['view']>('mine', 'waiting', 'all');
  fc.assert(
    fc.property(views, fc.array(aChange), fc.array(aChange), (view, before, during) => {
      const known = before.map(summaryOf).reduce(changed, list({ view }));
      const reading = reduceList(known, { type: 'reading' });
      const state = during.map(summaryOf).reduce(changed, reading);
      const read = reduceList(state, { type: 'read', page: page(known.rows), agentId: SARA.id });
      expect(read.rows).toEqual(state.rows);
      expect(read.late).toBeNull();
    }),
  );
});
