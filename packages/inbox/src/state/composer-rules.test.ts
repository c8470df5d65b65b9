import { expect, test } from 'vitest';
import { HOUR, MESSENGER, NOON, summaryOf, viewOf, WEB } from '../test-fixtures.ts';
import { checkText, replyTarget } from './composer-rules.ts';

const [messenger] = viewOf().identities;
if (!messenger) throw new Error('The view has no identity');
const site = { ...messenger, id: 'id-w', channel: WEB, window: { state: 'always', until: null } } as const;
const onSite = {
  summary: summaryOf({ presence: 'web' }),
  replyTo: { kind: 'web', state: 'open', until: null },
} as const;

test('a reply goes to the network while its window is open', () => {
  expect(replyTarget(viewOf(), NOON)).toEqual({ kind: 'channel', channel: 'messenger', left: 23 * HOUR });
});

test('the window closes at its time, whether or not the server has said so', () => {
  const view = viewOf({ replyTo: { kind: 'messenger', state: 'open', until: NOON } });
  expect(replyTarget(view, NOON)).toEqual({ kind: 'closed', channel: 'messenger', since: NOON });
  expect(replyTarget(view, NOON - 1).kind).toBe('channel');
});

test('a window that never was open is closed without a time', () => {
  const view = viewOf({ replyTo: { kind: 'messenger', state: 'closed', until: null } });
  expect(replyTarget(view, NOON)).toEqual({ kind: 'closed', channel: 'messenger', since: null });
});

test('on the site, it follows to the network last used whose window is open', () => {
  const older = {
    ...messenger,
    id: 'old',
    channel: { ...MESSENGER, kind: 'telegram' },
    lastInboundAt: NOON - 9 * HOUR,
    window: { state: 'always', until: null },
  } as const;
  const view = viewOf({ ...onSite, identities: [site, older, messenger] });
  expect(replyTarget(view, NOON)).toEqual({ kind: 'siteThenChannel', channel: 'messenger', left: 23 * HOUR });
  const over = { ...messenger, window: { state: 'standard', until: NOON } } as const;
  const later = viewOf({ ...onSite, identities: [site, older, over] });
  expect(replyTarget(later, NOON)).toEqual({ kind: 'siteThenChannel', channel: 'telegram', left: null });
});

test('who has nothing but the site gets it there, now or when they come back', () => {
  expect(replyTarget(viewOf({ ...onSite, identities: [site] }), NOON)).toEqual({ kind: 'site' });
  const away = viewOf({ ...onSite, summary: summaryOf({ presence: 'away' }), identities: [site] });
  expect(replyTarget(away, NOON)).toEqual({ kind: 'siteLater' });
});

test.each([
  ['', false, null],
  [' \n ', false, null],
  ['x', true, null],
  ['x'.repeat(1800), true, null],
  ['x'.repeat(1801), true, 199],
  ['x'.repeat(2000), true, 0],
  ['x'.repeat(2001), false, -1],
])('a text is checked (%#)', (text, canSend, left) => {
  expect(checkText(text)).toEqual({ canSend, left });
});
