import { ContinuoError, safeHref } from '@continuo/core';
import { atom, type ReadableAtom } from 'nanostores';
import type { Link } from '../../panel/create-state.ts';
import type { Client } from '../../view/model.ts';
import {
  type Failure,
  type HandoffEffect,
  type HandoffEvent,
  type HandoffState,
  handoffStep,
  NO_HANDOFF,
} from './handoff.ts';

/** Runs the handoff's machine on a client, for one link. */
export interface HandoffDriver {
  readonly $state: ReadableAtom<HandoffState>;
  send(event: HandoffEvent): void;
}

const COUNTED: ReadonlySet<string> = new Set(['peeked', 'redeemed', 'declined', 'refused']);

const failureOf = (error: unknown): Failure => {
  const { code, problem } = error instanceof ContinuoError ? error : new ContinuoError('internal');
  return { code, renewable: problem?.renewable === true, deepLink: safeHref(problem?.deepLink) };
};

/** @param onStep - Told of what counts: `peeked`, `redeemed`, `declined`, `refused`. */
export const createHandoffDriver = (
  { handoff }: Pick<Client, 'handoff'>,
  { token, renew }: Link,
  onStep: (step: string) => void = () => {},
): HandoffDriver => {
  const $state = atom(NO_HANDOFF);

  const perform = async (effect: HandoffEffect): Promise<HandoffEvent> => {
    switch (effect.type) {
      case 'peek':
        return { type: 'peeked', peek: await handoff.peek(token) };
      case 'redeem':
        await handoff.redeem(token, effect.answer);
        return { type: 'redeemed' };
      default:
        await handoff[effect.type](token);
        return { type: 'renewed' };
    }
  };
  const run = async (effect: HandoffEffect): Promise<void> =>
    send(
      await perform(effect).catch(
        (error): HandoffEvent => ({ type: 'failed', failure: failureOf(error), effect }),
      ),
    );
  const send = (event: HandoffEvent): void => {
    const [state, effect] = handoffStep($state.get(), event);
    $state.set(state);
    const step = event.type === 'peeked' || event.type === 'redeemed' ? event.type : state.step;
    if (COUNTED.has(step)) onStep(step);
    if (effect) void run(effect);
  };
  send({ type: renew ? 'renew' : 'token' });
  return { $state, send };
};
