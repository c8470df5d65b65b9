import type { Identified } from '@continuo/protocol';
import type { Api } from '../api/api.ts';
import { ContinuoError } from '../errors.ts';
import type { DeviceSession } from './session.ts';

/** What proves who is logged in: a token that the brand's backend has signed, or what fetches a fresh one. */
export type Identity = string | (() => string | Promise<string>);

/** The page's own function may never answer (ms). */
const PATIENCE_MS = 10_000;

/** The device that somebody comes to. */
export interface IdentifyOptions {
  session: DeviceSession;
  api: Api;
  /** Has a session of its own given to the device, and does not connect. */
  earn(): Promise<unknown>;
  /** Shows the session's conversation, and tells the other tabs. */
  enter(): void;
  /** Ends the session and wipes the device. */
  leave(): Promise<void>;
}

/** Whom this device belongs to. Asked by one at a time. */
export const createIdentify = ({ session, api, earn, enter, leave }: IdentifyOptions) => {
  let identity: Identity | undefined;
  const isOpen = () => session.$session.get() === 'open';

  const askPage = async (mine: Identity): Promise<string> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ContinuoError('timeout')), PATIENCE_MS);
    });
    try {
      return await Promise.race([typeof mine === 'function' ? mine() : mine, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  /** @returns the customer, and whether the session is another one now */
  const present = async (mine: Identity) => {
    const json = { token: await askPage(mine) };
    if (identity !== mine) throw new ContinuoError('aborted');
    const { token, conversationId, customer } = await api.post<Identified>('/v1/session/identify', json);
    if (identity !== mine) throw new ContinuoError('aborted');
    if (token) await session.begin(async () => ({ token, conversationId }));
    return { customer, isMoved: Boolean(token) };
  };

  const identify = async (mine: Identity) => {
    const wasOpen = isOpen();
    if (!wasOpen) await session.restore();
    for (let tries = 0; ; tries++) {
      try {
        if (!isOpen()) await earn();
        const { customer, isMoved } = await present(mine);
        if (!wasOpen || tries || isMoved) enter();
        return { customer };
      } catch (error) {
        const code = error instanceof ContinuoError && error.code;
        const isAnothers = code === 'conflict';
        if (tries || (!isAnothers && code !== 'session_ended' && code !== 'unauthorized')) {
          if (!wasOpen && isOpen() && !isAnothers) enter();
          throw error;
        }
        if (isAnothers) await leave();
      }
    }
  };

  return {
    identify: (given: Identity) => {
      identity = given;
      return identify(given);
    },
    /** A session was begun anew: it is the same person's. Where that cannot be proved now, it is nobody's. */
    again: async () => {
      if (identity) await present(identity).catch(() => {});
    },
    /** Nobody is known any more. */
    forget: () => {
      identity = undefined;
    },
  };
};

export type Identify = ReturnType<typeof createIdentify>;
