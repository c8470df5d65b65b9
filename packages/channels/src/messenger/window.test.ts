import { expect, test } from 'vitest';
import { HUMAN_AGENT_WINDOW_MS, STANDARD_WINDOW_MS, windowAt } from './window.ts';

const WROTE = 1_790_000_000_000;
const DAY = 86_400_000;
const standard = WROTE + STANDARD_WINDOW_MS;
const human = WROTE + HUMAN_AGENT_WINDOW_MS;

test('the windows are 24 hours and 7 days', () => {
  expect([STANDARD_WINDOW_MS, HUMAN_AGENT_WINDOW_MS]).toEqual([DAY, 7 * DAY]);
});

test.each([
  ['at once', WROTE, false, { state: 'standard', until: standard }],
  ['a moment before the end', standard - 1, false, { state: 'standard', until: standard }],
  ['at the end', standard, false, { state: 'closed', until: standard }],
  ['at the end, with people allowed', standard, true, { state: 'human_agent', until: human }],
  ['a moment before the 7 days end', human - 1, true, { state: 'human_agent', until: human }],
  ['after 7 days', human, true, { state: 'closed', until: human }],
  ['a clock that is behind', WROTE - 5000, false, { state: 'standard', until: standard }],
])('%s', (_name, ...[now, humanAgent, expected]) => {
  expect(windowAt(WROTE, { now, humanAgent })).toEqual(expected);
});

test('who never wrote cannot be written to', () => {
  expect(windowAt(null, { now: WROTE, humanAgent: true })).toEqual({ state: 'closed', until: null });
});
