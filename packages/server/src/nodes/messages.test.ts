import { expect, test } from 'vitest';
import { parseNodeMessage } from './messages.ts';

test('what is understood is passed on as it is', () => {
  const message = { type: 'appended', pointers: [['cnv_1', 3, 5]] };
  expect(parseNodeMessage(message)).toBe(message);
});

test('a newer node may say more', () => {
  const message = { type: 'present', conversationId: 'cnv_1', web: true, since: 1 };
  expect(parseNodeMessage(message)).toBe(message);
});

test.each([
  [null],
  ['alive'],
  [[]],
  [{}],
  [{ type: 7 }],
  [{ type: 'of a later version' }],
  [{ type: 'toString' }],
  [{ type: 'present', conversationId: 'cnv_1' }],
  [{ type: 'present', conversationId: '../etc', web: true }],
  [{ type: 'appended', pointers: [['cnv_1', 3]] }],
  [{ type: 'session-ended', sessionId: 7 }],
])('%j says nothing to this node', (message) => {
  expect(parseNodeMessage(message)).toBeNull();
});
