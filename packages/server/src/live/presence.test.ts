import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHub } from './create-hub.ts';
import { createPresence, type Presence } from './presence.ts';

let presence: Presence;
let changes: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  changes = [];
  presence = createPresence({
    hub: createHub(),
    now: () => Date.now(),
    onChange: (id, now) => changes.push(`${id} ${now}`),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const leaveAndWait = (stream: { leave(): void }): void => {
  stream.leave();
  vi.advanceTimersByTime(3000);
};

test('a customer is there from the first reader to the last', () => {
  const one = presence.enter('cnv_a', 'ses_1');
  const two = presence.enter('cnv_a', 'ses_2');
  leaveAndWait(one);
  expect(presence.of('cnv_a')).toBe('web');
  leaveAndWait(two);
  expect(presence.of('cnv_a')).toBe('away');
  expect(changes).toEqual(['cnv_a web', 'cnv_a away']);
});

test('a short gap between two readers is no absence', () => {
  presence.enter('cnv_a', 'ses_1').leave();
  vi.advanceTimersByTime(1000);
  presence.enter('cnv_a', 'ses_1');
  vi.advanceTimersByTime(10_000);
  expect(changes).toEqual(['cnv_a web']);
});

test('a page that is hidden is away, and stays so over a reconnect until it says otherwise', () => {
  const one = presence.enter('cnv_a', 'ses_1');
  one.visible(false);
  expect(presence.of('cnv_a')).toBe('away');
  leaveAndWait(one);
  presence.enter('cnv_a', 'ses_1');
  expect(presence.of('cnv_a')).toBe('away');
  presence.setVisible('cnv_a', 'ses_1', true);
  expect(presence.of('cnv_a')).toBe('web');
});

test('one visible page among hidden ones is enough', () => {
  presence.enter('cnv_a', 'ses_1').visible(false);
  presence.enter('cnv_a', 'ses_2');
  expect(presence.of('cnv_a')).toBe('web');
});

test('a word about a page that is not connected makes nobody present', () => {
  presence.setVisible('cnv_a', 'ses_1', true);
  expect(presence.of('cnv_a')).toBe('away');
  expect(changes).toEqual([]);
});

test('leaving twice is leaving once', () => {
  const one = presence.enter('cnv_a', 'ses_1');
  presence.enter('cnv_a', 'ses_1');
  one.leave();
  leaveAndWait(one);
  expect(presence.of('cnv_a')).toBe('web');
});

test('it is remembered when the customer was last there', () => {
  expect(presence.lastWebAt('cnv_a')).toBeNull();
  const one = presence.enter('cnv_a', 'ses_1');
  vi.advanceTimersByTime(500);
  expect(presence.lastWebAt('cnv_a')).toBe(1_000_500);
  leaveAndWait(one);
  vi.advanceTimersByTime(60_000);
  expect(presence.lastWebAt('cnv_a')).toBe(1_003_500);
});
