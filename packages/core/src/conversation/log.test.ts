import type { ConversationEvent } from '@continuo/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendEvents, beginLog, EMPTY_LOG, firstSeq, hasGap, type Log, prependEvents } from './log.ts';

const event = (seq: number): ConversationEvent => ({ seq, at: seq, type: 'hidden' });
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => event(from + n));
const seqs = (log: Log) => log.items.map(({ seq }) => seq);

test('whatever is delivered, in whatever order and however often, the view is a dense run; refetching makes it the log', () => {
  const step = fc.record({ from: fc.integer({ min: 1, max: 30 }), length: fc.integer({ min: 0, max: 6 }) });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), fc.array(step, { maxLength: 40 }), (start, steps) => {
      const head = 30;
      let log = beginLog(EMPTY_LOG, range(Math.max(1, start - 3), start), 0);
      const first = firstSeq(log);
      for (const { from, length } of steps) {
        const before = log.last;
        log = appendEvents(log, range(from, Math.min(head, from + length)));
        expect(seqs(log)).toEqual(range(first, log.last).map(({ seq }) => seq));
        expect(log.last).toBeGreaterThanOrEqual(before);
        expect(hasGap(log)).toBe(log.seen > log.last);
      }
      const heard = Math.max(start, ...steps.map(({ from, length }) => Math.min(head, from + length)));
      if (steps.length > 0)
        expect(log.seen).toBeGreaterThanOrEqual(heard > head ? head : Math.min(heard, log.seen));
      log = appendEvents(log, range(log.last + 1, head));
      expect(seqs(log)).toEqual(range(first, head).map(({ seq }) => seq));
      expect(hasGap(log)).toBe(false);
    }),
  );
});

const message = (seq: number, text: string): ConversationEvent => ({
  seq,
  at: seq,
  type: 'message',
  clientId: null,
  text,
  attachments: [],
  author: { kind: 'customer', id: 'c', name: null },
  channel: { id: 'w', kind: 'web', name: 'Site' },
});
const actor = { kind: 'customer', id: 'c', name: null } as const;
const edit = (seq: number, of: number, text: string): ConversationEvent => ({
  seq,
  at: seq,
  type: 'message.edited',
  message: of,
  text,
  actor,
});
const remove = (seq: number, of: number): ConversationEvent => ({
  seq,
  at: seq,
  type: 'message.deleted',
  message: of,
  actor,
});
const readOf = (log: Log) =>
  log.items.flatMap(({ event, edited }) =>
    event.type === 'message' ? [event.deleted ? null : (edited ?? event.text)] : [],
  );

test('a message says what it was edited to last, and nothing once deleted, however the log came in', () => {
  const told = [
    message(1, 'one'),
    message(2, 'two'),
    edit(3, 1, 'uno'),
    edit(4, 1, 'eins'),
    edit(5, 2, 'zwei'),
    remove(6, 2),
  ];
  /** As the server has it after the deletion. */
  const stored = told.map((event) => {
    if (event.type === 'message.edited' && event.message === 2) return { ...event, text: '' };
    return event.type === 'message' && event.seq === 2
      ? { ...event, text: '', attachments: [], deleted: true as const }
      : event;
  });
  for (const events of [told, stored]) {
    for (let from = 0; from <= events.length; from++) {
      for (let to = from; to <= events.length; to++) {
        const middle = events.slice(from, to);
        const begun = beginLog(EMPTY_LOG, middle, from);
        const ended = appendEvents(begun, events.slice(to));
        const log = prependEvents(ended, events.slice(0, from));
        if (middle.length + from === 0 || (from > 0 && ended.items.length === 0)) continue;
        expect(readOf(log)).toEqual(['eins', null]);
        expect(log.items.map((item) => item.event)).toEqual(stored);
      }
    }
  }
  const steps = told.map((_, n) => readOf(appendEvents(beginLog(EMPTY_LOG, [], 0), told.slice(0, n + 1))));
  expect(steps.slice(2)).toEqual([
    ['uno', 'two'],
    ['eins', 'two'],
    ['eins', 'zwei'],
    ['eins', null],
  ]);
});

test('before the first page nothing is shown, but what was heard of counts as a gap after it', () => {
  const early = appendEvents(EMPTY_LOG, [event(5)]);
  expect([seqs(early), hasGap(early)]).toEqual([[], false]);
  const log = beginLog(early, range(1, 3), 0);
  expect([seqs(log), hasGap(log)]).toEqual([[1, 2, 3], true]);
});

test('an empty page stands where the reader may begin to see', () => {
  const log = appendEvents(beginLog(EMPTY_LOG, [], 7), [event(8)]);
  expect(seqs(log)).toEqual([8]);
});

test('an earlier page is taken only where it joins', () => {
  const log = beginLog(EMPTY_LOG, range(10, 12), 0);
  expect(seqs(prependEvents(log, range(7, 9)))).toEqual([7, 8, 9, 10, 11, 12]);
  for (const page of [range(6, 8), range(8, 10), []]) expect(prependEvents(log, page)).toBe(log);
});
