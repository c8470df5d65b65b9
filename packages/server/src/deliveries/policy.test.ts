import type { DeliveryState } from '@continuo/protocol';
import { expect, test } from 'vitest';
import { type DeliveryEvent, transition } from './policy.ts';

const away = { read: false, onWebUntil: null, windowOpen: true, immediate: false };
const refusal = { code: 'blocked', message: 'No' };

/** Every kind of event, and of `due` every combination that decides differently. */
const EVENTS = {
  'due, away': { type: 'due', ...away },
  'due, read on the web': { type: 'due', ...away, read: true },
  'due, on the web': { type: 'due', ...away, onWebUntil: 900 },
  'due, on the web and read': { type: 'due', ...away, read: true, onWebUntil: 900 },
  'due, window closed': { type: 'due', ...away, windowOpen: false },
  'due, closed, on the web': { type: 'due', ...away, windowOpen: false, onWebUntil: 900 },
  'due, immediate, on web': { type: 'due', ...away, immediate: true, read: true, onWebUntil: 900 },
  'due, immediate, closed': { type: 'due', ...away, immediate: true, windowOpen: false },
  sent: { type: 'sent', messageId: 'm' },
  'refused for now': { type: 'refused', error: refusal, retryAt: 700 },
  'refused for good': { type: 'refused', error: refusal, retryAt: null },
  unanswered: { type: 'unanswered', message: 'cut' },
  'lease ended': { type: 'lease_ended' },
  echoed: { type: 'echoed', messageId: 'm', at: 5 },
  delivered: { type: 'delivered' },
  read: { type: 'read' },
  retried: { type: 'retried' },
} as const satisfies Record<string, DeliveryEvent>;

const STATES = [
  'held',
  'pending',
  'sending',
  'sent',
  'delivered',
  'read',
  'web',
  'failed',
  'unknown',
] as const satisfies DeliveryState[];

/** The next state for each of `STATES`, in their order; a point: nothing changes. */
const TABLE: Record<keyof typeof EVENTS, string> = {
  //                           held    pending sending sent      delivered read web failed  unknown
  'due, away': /*             */ 'sending sending .       .         .         .    .   .       .',
  'due, read on the web': /*  */ 'web     web     .       .         .         .    .   .       .',
  'due, on the web': /*       */ 'held    held    .       .         .         .    .   .       .',
  'due, on the web and read': /* */ 'web     web     .       .         .         .    .   .       .',
  'due, window closed': /*    */ 'failed  failed  .       .         .         .    .   .       .',
  'due, closed, on the web': /* */ 'held    held    .       .         .         .    .   .       .',
  'due, immediate, on web': /* */ 'sending sending .       .         .         .    .   .       .',
  'due, immediate, closed': /* */ 'failed  failed  .       .         .         .    .   .       .',
  sent: /*                    */ 'sent    sent    sent    .         .         .    .   sent    sent',
  'refused for now': /*       */ '.       .       pending .         .         .    .   .       failed',
  'refused for good': /*      */ '.       .       failed  .         .         .    .   .       failed',
  unanswered: /*              */ '.       .       unknown .         .         .    .   .       .',
  'lease ended': /*           */ '.       .       unknown .         .         .    .   .       .',
  echoed: /*                  */ 'sent    sent    sent    sent      delivered read .   sent    sent',
  delivered: /*               */ '.       .       .       delivered .         .    .   .       .',
  read: /*                    */ '.       .       .       read      read      .    .   .       .',
  retried: /*                 */ '.       .       .       .         .         .    .   pending pending',
};

const cells = Object.entries(EVENTS).flatMap(([name, event]) => {
  const row = Object.entries(TABLE).find(([key]) => key === name)?.[1] ?? '';
  const nexts = row.trim().split(/\s+/);
  expect(nexts).toHaveLength(STATES.length);
  return STATES.map((state, index) => ({ state, name, event, next: nexts[index] }));
});

test.each(cells)('$state, $name: $next', ({ state, event, next }) => {
  expect(transition(state, event)?.state ?? '.').toBe(next);
});

test('what waits for the web is looked at again when the customer no longer counts as being there', () => {
  expect(transition('pending', EVENTS['due, on the web'])).toEqual({ state: 'held', dueAt: 900 });
});

test('what may go through later is due again then, and keeps why', () => {
  expect(transition('sending', EVENTS['refused for now'])).toEqual({
    state: 'pending',
    dueAt: 700,
    error: refusal,
  });
});

test('an echo brings the id and the time of the network; one of what is known brings the time', () => {
  expect(transition('unknown', EVENTS.echoed)).toEqual({
    state: 'sent',
    providerId: 'm',
    sentAt: 5,
    error: null,
  });
  expect(transition('sent', EVENTS.echoed)).toEqual({ state: 'sent', sentAt: 5 });
});

test('a closed window and a missing answer say so in words that stay the same', () => {
  expect(transition('held', EVENTS['due, window closed'])).toMatchObject({
    error: { code: 'window_closed' },
  });
  expect(transition('sending', EVENTS['lease ended'])).toMatchObject({ error: { code: 'unknown' } });
});
