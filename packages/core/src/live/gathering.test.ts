import type { ConversationEvent, Signal } from '@continuo/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGathering } from './gathering.ts';

const event = (seq: number) => ({ seq, type: 'case.opened' }) as ConversationEvent;
const reached = (customerRead: number): Signal => ({
  type: 'positions',
  positions: { customerReceived: 0, customerRead, agentRead: 0 },
});
const typing: Signal = { type: 'typing', from: 'agent', agent: null, on: true };

const begin = () => {
  const told: string[] = [];
  const life = new AbortController();
  const gathering = createGathering({
    signal: life.signal,
    onEvents: (events) => told.push(events.map(({ seq }) => seq).join()),
    onSignal: (signal) =>
      told.push(signal.type === 'positions' ? `read ${signal.positions.customerRead}` : signal.type),
  });
  return { ...gathering, told, end: () => life.abort() };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first news are told at once, a burst after them together, and the next at once again', () => {
  const { add, hear, told } = begin();
  add([event(1)]);
  expect(told).toEqual(['1']);
  for (const seq of [2, 3, 4]) {
    add([event(seq)]);
    hear(reached(seq));
  }
  expect(told).toEqual(['1']);
  vi.advanceTimersByTime(50);
  expect(told).toEqual(['1', '2,3,4', 'read 4']);
  vi.advanceTimersByTime(50);
  add([event(5)]);
  expect(told.at(-1)).toBe('5');
});

test('a signal does not overtake what came before it', () => {
  const { add, hear, told } = begin();
  add([event(1)]);
  add([event(2)]);
  hear(typing);
  expect(told).toEqual(['1', '2', 'typing']);
});

test('what waits is told where the stream ends, and dropped where the attempt was ended', () => {
  const { add, tell, told, end } = begin();
  add([event(1)]);
  add([event(2)]);
  tell();
  expect(told).toEqual(['1', '2']);
  add([event(3)]);
  end();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual(['1', '2']);
});
