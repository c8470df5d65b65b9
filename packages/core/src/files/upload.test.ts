import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IDLE_UPLOAD, type UploadEffect, type UploadEvent, type UploadState, upload } from './upload.ts';

const SIZE = 10;
const in_ = (state: Partial<UploadState>): UploadState => ({ ...IDLE_UPLOAD, ...state });
const error = (code: Extract<UploadEvent, { type: 'error' }>['code'], retryAfter = 0): UploadEvent => ({
  type: 'error',
  code,
  retryAfter,
  chance: 1,
});

describe('state and event give the next state and what to do', () => {
  const rows: [string, Partial<UploadState>, UploadEvent, Partial<UploadState>, UploadEffect[]][] = [
    ['begins', {}, { type: 'start' }, { step: 'begin' }, [{ type: 'begin' }]],
    [
      'sends',
      { step: 'begin' },
      { type: 'at', offset: 0 },
      { step: 'send', offset: 0 },
      [{ type: 'send', offset: 0 }],
    ],
    [
      'goes on',
      { step: 'send', offset: 0, failures: 2 },
      { type: 'at', offset: 4 },
      { step: 'send', offset: 4, failures: 0 },
      [{ type: 'send', offset: 4 }],
    ],
    [
      'is done',
      { step: 'send', offset: 4 },
      { type: 'at', offset: SIZE },
      { step: 'done', offset: SIZE },
      [],
    ],
    ['found whole', { step: 'begin' }, { type: 'at', offset: SIZE }, { step: 'done', offset: SIZE }, []],
    [
      'waits',
      { step: 'send', offset: 4 },
      error('network'),
      { step: 'wait', offset: 4, failures: 1 },
      [{ type: 'pause', ms: 500 }],
    ],
    [
      'waits longer',
      { step: 'ask', offset: 4, failures: 3 },
      error('timeout'),
      { step: 'wait', offset: 4, failures: 4 },
      [{ type: 'pause', ms: 4000 }],
    ],
    [
      'waits as asked',
      { step: 'begin' },
      error('rate_limited', 60),
      { step: 'wait', failures: 1 },
      [{ type: 'pause', ms: 60_500 }],
    ],
    [
      'asks first',
      { step: 'wait', offset: 4, failures: 1 },
      { type: 'due' },
      { step: 'ask', offset: 4, failures: 1 },
      [{ type: 'ask' }],
    ],
    [
      'begins where nothing is known',
      { step: 'wait', failures: 1 },
      { type: 'due' },
      { step: 'begin', failures: 1 },
      [{ type: 'begin' }],
    ],
    [
      'asks at once where it moved',
      { step: 'send', offset: 4 },
      error('conflict'),
      { step: 'wait', offset: 4, failures: 1 },
      [{ type: 'pause', ms: 0 }],
    ],
    [
      'begins anew where it is gone',
      { step: 'ask', offset: 4 },
      error('not_found'),
      { step: 'wait', offset: null, failures: 1 },
      [{ type: 'pause', ms: 500 }],
    ],
    [
      'gives up what stays gone',
      { step: 'ask', offset: 4, failures: 3 },
      error('not_found'),
      { step: 'failed', offset: 4, failures: 3, error: 'not_found' },
      [],
    ],
    ['fails', { step: 'begin' }, error('too_large'), { step: 'failed', error: 'too_large' }, []],
    [
      'is cancelled',
      { step: 'wait', offset: 4 },
      { type: 'cancel' },
      { step: 'failed', offset: 4, error: 'aborted' },
      [],
    ],
    [
      'tries again',
      { step: 'failed', offset: 4, failures: 9, error: 'aborted' },
      { type: 'start' },
      { step: 'ask', offset: 4 },
      [{ type: 'ask' }],
    ],
  ];
  test.each(rows)('%s', (...[, before, event, after, effects]) => {
    expect(upload(in_(before), event, SIZE)).toEqual([in_(after), effects]);
  });

  const ignored: [Partial<UploadState>, UploadEvent][] = [
    [{ step: 'done', offset: SIZE }, { type: 'cancel' }],
    [{ step: 'done', offset: SIZE }, { type: 'start' }],
    [{ step: 'send', offset: 0 }, { type: 'due' }],
    [
      { step: 'wait', offset: 0 },
      { type: 'at', offset: 4 },
    ],
    [{ step: 'failed' }, error('network')],
  ];
  test.each(ignored)('%j ignores %j', (before, event) => {
    const state = in_(before);
    expect(upload(state, event, SIZE)).toEqual([state, []]);
  });
});

/** A server that keeps to the protocol, and all that may happen on the way to it. */
const walk = (steps: readonly { what: string; cut: number }[], size: number, chunk: number) => {
  let state = IDLE_UPLOAD;
  let asked: UploadEffect | null = null;
  /** Bytes by place, as the server got them; null: it was not told of the file. */
  let received: number[] | null = null;

  const dispatch = (event: UploadEvent) => {
    const before = state;
    const [next, effects] = upload(state, event, size);
    state = next;
    expect(effects.length).toBeLessThanOrEqual(1);
    const [effect] = effects;
    if (effect && effect.type !== 'pause') {
      // Never two requests at once.
      expect(asked).toBeNull();
      asked = effect;
    }
    if (before.step === 'done') expect(next).toBe(before);
  };
  const answer = (): UploadEvent => {
    if (asked?.type === 'begin') received ??= [];
    if (!received) return error('not_found');
    if (asked?.type !== 'send') return { type: 'at', offset: received.length };
    const { offset } = asked;
    if (offset !== received.length) return error('conflict');
    for (let at = offset; at < Math.min(size, offset + chunk); at += 1) received.push(at);
    return { type: 'at', offset: received.length };
  };
  const land = (event: UploadEvent) => {
    if (!asked) return;
    asked = null;
    dispatch(event);
  };
  const acts: Record<string, () => void> = {
    deliver: () => asked && land(answer()),
    loseRequest: () => land(error('network')),
    loseAnswer: () => {
      if (asked) answer();
      land(error('timeout'));
    },
    due: () => dispatch({ type: 'due' }),
    /** A copy of the last request arrives late, or the same upload goes on elsewhere. */
    elsewhere: () => {
      if (received)
        for (let n = 0; n < chunk && received.length < size; n += 1) received.push(received.length);
    },
    forget: () => {
      received = null;
    },
  };
  dispatch({ type: 'start' });
  for (const { what } of steps) acts[what]?.();
  return { state: () => state, received: () => received, acts, dispatch };
};

const steps = (names: string[]) =>
  fc.array(fc.record({ what: fc.constantFrom(...names), cut: fc.nat(5) }), { maxLength: 60 });
const BAD = ['deliver', 'loseRequest', 'loseAnswer', 'due', 'elsewhere'];

test('whatever the network does, once it heals the file is there, whole and in order', () => {
  fc.assert(
    fc.property(
      steps(BAD),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 7 }),
      (walked, size, chunk) => {
        const world = walk(walked, size, chunk);
        for (let n = 0; n < 100 && world.state().step !== 'done'; n += 1) {
          // Conflicts that never end are given up and begun again by the person.
          if (world.state().step === 'failed') world.dispatch({ type: 'start' });
          world.acts.deliver?.();
          world.acts.due?.();
        }
        expect(world.state()).toMatchObject({ step: 'done', offset: size });
        expect(world.received()).toEqual(Array.from({ length: size }, (_, at) => at));
      },
    ),
    { numRuns: 500 },
  );
});

test('a server that forgets is told anew', () => {
  fc.assert(
    fc.property(steps([...BAD, 'forget']), (walked) => {
      const world = walk(walked, 9, 4);
      for (let n = 0; n < 100 && world.state().step !== 'done'; n += 1) {
        if (world.state().step === 'failed') world.dispatch({ type: 'start' });
        world.acts.deliver?.();
        world.acts.due?.();
      }
      expect(world.state().step).toBe('done');
    }),
  );
});
