import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PEEK } from '../../testing/fake-client.ts';
import { type Failure, type HandoffEvent, type HandoffState, handoffStep, NO_HANDOFF } from './handoff.ts';

const failure = (code: string): Failure => ({ code, renewable: true, deepLink: 'https://m.me/acme' });
const failed = (code: string): HandoffEvent => ({
  type: 'failed',
  failure: failure(code),
  effect: { type: 'peek' },
});
const asking: HandoffState = { step: 'asking', peek: PEEK, busy: false };
const after = (...events: HandoffEvent[]) =>
  events.reduce((state, event) => handoffStep(state, event)[0], NO_HANDOFF);

test('a link is looked at, asked about, and redeemed by a press', () => {
  expect(handoffStep(NO_HANDOFF, { type: 'token' })).toEqual([{ step: 'peeking' }, { type: 'peek' }]);
  expect(handoffStep({ step: 'peeking' }, { type: 'peeked', peek: PEEK })).toEqual([asking]);
  const [redeeming, effect] = handoffStep(asking, { type: 'continue' });
  expect(effect).toEqual({ type: 'redeem', answer: {} });
  expect(handoffStep(redeeming, { type: 'redeemed' })).toEqual([NO_HANDOFF]);
});

test('a device that has redeemed it before is not asked again', () => {
  const [, effect] = handoffStep({ step: 'peeking' }, { type: 'peeked', peek: { ...PEEK, state: 'yours' } });
  expect(effect).toEqual({ type: 'redeem', answer: {} });
});

test('two conversations are a second question, also where only the server knows of it', () => {
  const peek = { ...PEEK, joinRequired: true };
  const [joining, nothing] = handoffStep({ step: 'asking', peek, busy: false }, { type: 'continue' });
  expect([joining.step, nothing]).toEqual(['joining', undefined]);
  expect(handoffStep(joining, { type: 'join', join: false })[1]).toEqual({
    type: 'redeem',
    answer: { join: false },
  });
  expect(handoffStep({ ...asking, busy: true }, failed('join_required'))[0].step).toBe('joining');
});

test('not me ends it, whatever the server answers', () => {
  const [declined, effect] = handoffStep(asking, { type: 'notMe' });
  expect(effect).toEqual({ type: 'decline' });
  expect(handoffStep(declined, failed('network'))).toEqual([{ step: 'declined' }]);
});

test.each([
  ['handoff_expired', 'expired'],
  ['handoff_used', 'used'],
  ['handoff_revoked', 'revoked'],
  ['not_found', 'unknown'],
])('%s is refused as %s, and a new link can be asked for', (code, refusal) => {
  const refused = after({ type: 'token' }, failed(code));
  expect(refused).toMatchObject({ step: 'refused', refusal });
  const [renewing, effect] = handoffStep(refused, { type: 'renew' });
  expect(effect).toEqual({ type: 'renew' });
  expect(handoffStep(renewing, { type: 'renewed' })[0]).toEqual({
    step: 'renewed',
    deepLink: 'https://m.me/acme',
  });
  expect(handoffStep(renewing, failed('window_closed'))[0].step).toBe('closed');
});

test('what failed on the way can be tried again as it was', () => {
  const redeeming = after({ type: 'token' }, { type: 'peeked', peek: PEEK }, { type: 'continue' });
  const lost: HandoffEvent = {
    type: 'failed',
    failure: failure('network'),
    effect: { type: 'redeem', answer: { join: true } },
  };
  const [broken] = handoffStep(redeeming, lost);
  expect(handoffStep(broken, { type: 'again' })).toEqual([
    redeeming,
    { type: 'redeem', answer: { join: true } },
  ]);
});

const events: fc.Arbitrary<HandoffEvent> = fc.oneof(
  fc.constantFrom<HandoffEvent>(
    { type: 'token' },
    { type: 'peeked', peek: PEEK },
    { type: 'peeked', peek: { ...PEEK, joinRequired: true } },
    { type: 'continue' },
    { type: 'join', join: true },
    { type: 'notMe' },
    { type: 'redeemed' },
    { type: 'renew' },
    { type: 'renewed' },
    { type: 'leave' },
  ),
  fc.constantFrom('network', 'handoff_used', 'join_required', 'window_closed', 'rate_limited').map(failed),
);

test('in any order of events, a link of someone else is redeemed only by a press', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 30 }), (sequence) => {
      let state: HandoffState = NO_HANDOFF;
      for (const event of sequence) {
        const [next, effect] = handoffStep(state, event);
        if (effect?.type === 'redeem') expect(['continue', 'join']).toContain(event.type);
        state = next;
      }
    }),
  );
});
