import { ContinuoError } from '@continuo/core';
import { atom, type ReadableAtom } from 'nanostores';
import {
  type Failure,
  type HandoffEffect,
  type HandoffEvent,
  type HandoffState,
  handoffStep,
  NO_HANDOFF,
} from '../view/handoff.ts';
import type { Client } from '../view/model.ts';
import { safeHref } from '../view/text.ts';

/** Runs the handoff's machine on a client. The token stays in this closure. */
export interface HandoffDriver {
  readonly $state: ReadableAtom<HandoffState>;
  start(token: string): void;
  send(event: HandoffEvent): void;
  /** Whether the link that led here is known, so that a fresh one can be asked for. */
  canRenew(): boolean;
}

const failureOf = (error: unknown): Failure => {
  const { code, problem } = error instanceof ContinuoError ? error : new ContinuoError('internal');
  return { code, renewable: problem?.renewable === true, deepLink: safeHref(problem?.deepLink) };
};

export const createHandoffDriver = ({ handoff }: Pick<Client, 'handoff'>): HandoffDriver => {
  const $state = atom(NO_HANDOFF);
  let token: string | null = null;

  const perform = async (effect: HandoffEffect, secret: string): Promise<HandoffEvent> => {
    switch (effect.type) {
      case 'peek':
        return { type: 'peeked', peek: await handoff.peek(secret) };
      case 'redeem':
        await handoff.redeem(secret, effect.answer);
        return { type: 'redeemed' };
      default:
        await handoff[effect.type](secret);
        return { type: 'renewed' };
    }
  };
  const run = async (effect: HandoffEffect, secret: string): Promise<void> => {
    const outcome = await perform(effect, secret).catch(
      (error): HandoffEvent => ({ type: 'failed', failure: failureOf(error), effect }),
    );
    // Another link may have been opened meanwhile.
    if (token === secret) send(outcome);
  };
  const send = (event: HandoffEvent): void => {
    const [state, effect] = handoffStep($state.get(), event);
    $state.set(state);
    if (effect && token) void run(effect, token);
    if (event.type === 'notMe') token = null;
  };
  return {
    $state,
    start(fresh) {
      token = fresh;
      send({ type: 'token' });
    },
    send,
    canRenew: () => token !== null,
  };
};
