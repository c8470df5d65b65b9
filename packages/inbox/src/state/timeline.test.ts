import type { TimelineItem } from '@continuo/core/conversation';
import type { ConversationEvent } from '@continuo/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE, message, NOON, OMID, SARA, WEB } from '../test-fixtures.ts';
import { arrangeTimeline, findLinks, paragraphsOf } from './timeline.ts';

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

const hrefs = (text: string) => findLinks(text).flatMap(({ href }) => href ?? []);

test.each([
  ['see https://a.example/x.', ['https://a.example/x']],
  ['(https://a.example/x)', ['https://a.example/x']],
  ['https://a.example/Coffee_(drink)', ['https://a.example/Coffee_(drink)']],
  ['راجع https://a.example/ب؟', ['https://a.example/%D8%A8']],
  ['«https://a.example»', ['https://a.example/']],
  ['http://a.example, https://b.example!', ['http://a.example/', 'https://b.example/']],
  ['javascript:alert(1) data:text/html,x ftp://a.example', []],
  ['https:// nothing', []],
  ['a.example', []],
])('in %j the links are %j', (text, expected) => {
  expect(hrefs(text)).toEqual(expected);
});

test('finding links changes no text and makes none but web addresses', () => {
  const bits = fc.constantFrom(
    'https://',
    'http://a.b',
    'javascript:',
    ')',
    '(',
    '.',
    ' ',
    'x',
    '؟',
    '"',
    '<',
    '\u200f',
  );
  fc.assert(
    fc.property(fc.array(bits), (parts) => {
      const text = parts.join('');
      const pieces = findLinks(text);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      for (const { href } of pieces) if (href) expect(href).toMatch(/^https?:\/\/[^/]/);
      expect(new Set(pieces.map(({ key }) => key)).size).toBe(pieces.length);
    }),
  );
});

test('lines are kept, also empty ones between others', () => {
  const texts = paragraphsOf('\na\r\n\nb\n').map(({ pieces }) => pieces.map(({ text }) => text).join(''));
  expect(texts).toEqual(['a', '', 'b']);
});
