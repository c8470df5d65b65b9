import type { TimelineItem } from '@continuo/core/conversation';
import type { ConversationEvent } from '@continuo/protocol';
import { expect, test } from 'vitest';
import { MINUTE, message, NOON, OMID, SARA, WEB } from '../test-fixtures.ts';
import { arrangeTimeline } from './timeline.ts';

const item = (event: ConversationEvent): TimelineItem => ({ key: `seq:${event.seq}`, seq: event.seq, event });
const pending = (clientId: string, at: number): TimelineItem => ({
  key: clientId,
  seq: null,
  pending: { clientId, text: 'x', at, state: 'waiting', error: null },
});

/** A row as one word: `f` first and `l` last of a run. */
const shapeOf = (items: TimelineItem[]) =>
  arrangeTimeline(items).map((row) =>
    'first' in row ? `${row.kind}${row.first ? ' f' : ''}${row.last ? ' l' : ''}` : row.kind,
  );

test('messages of one author within minutes are one run', () => {
  const items = [message(1, 'a'), message(2, 'b'), message(3, 'c')].map(item);
  expect(shapeOf(items)).toEqual(['day', 'message f', 'message', 'message l']);
});

test.each([
  ['another author', message(2, 'b', { agent: SARA })],
  ['another channel', message(2, 'b', { channel: WEB })],
  ['a long pause', message(2, 'b', { at: NOON + 10 * MINUTE })],
])('%s begins a new run', (_, second) => {
  expect(
    shapeOf([item(message(1, 'a', { at: NOON })), item({ ...second, at: Math.max(second.at, NOON) })]),
  ).toEqual(['day', 'message f l', 'message f l']);
});

test('two agents are two voices', () => {
  const items = [message(1, 'a', { agent: SARA }), message(2, 'b', { agent: OMID })].map(item);
  expect(shapeOf(items)).toEqual(['day', 'message f l', 'message f l']);
});

test('what happened in between ends a run', () => {
  const opened: ConversationEvent = { type: 'case.opened', case: 1, seq: 2, at: NOON - 58 * MINUTE };
  expect(shapeOf([item(message(1, 'a')), item(opened), item(message(3, 'b'))])).toEqual([
    'day',
    'message f l',
    'event',
    'message f l',
  ]);
});

test('each day begins with its date, and a hidden event is no line', () => {
  const hidden: ConversationEvent = { type: 'hidden', seq: 2, at: NOON };
  const items = [message(1, 'a', { at: NOON - 24 * 60 * MINUTE }), hidden, message(3, 'b', { at: NOON })].map(
    item,
  );
  expect(shapeOf(items)).toEqual(['day', 'message f l', 'day', 'message f l']);
});

test('what is not sent yet stands at the end, as one run', () => {
  expect(shapeOf([item(message(1, 'a')), pending('p1', NOON), pending('p2', NOON + 1)])).toEqual([
    'day',
    'message f l',
    'pending f',
    'pending l',
  ]);
});

test('an edited message says its newest words, an answer quotes what it answers, and neither event is a line', () => {
  const edited: ConversationEvent = {
    type: 'message.edited',
    seq: 3,
    at: NOON,
    message: 1,
    text: '**b**',
    actor: { kind: 'customer', id: 'c', name: null },
  };
  const items = [
    { ...item(message(1, 'a')), edited: '**b**\nc' },
    item(message(2, 'x', { agent: SARA, replyTo: 1 })),
    item(edited),
    item(message(4, 'y', { replyTo: 99 })),
  ];
  const rows = arrangeTimeline(items);
  expect(rows).toMatchObject([
    { kind: 'day' },
    { text: '**b**\nc', event: { text: 'a' }, quote: null },
    { text: 'x', quote: { author: { kind: 'customer' }, text: 'b c' } },
    { text: 'y', quote: { author: null, text: '' } },
  ]);
});
