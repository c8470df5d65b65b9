import { ContinuoError } from '@continuo/core/conversation';
import type { AgentProfile, Me } from '@continuo/protocol';
import { atom, type ReadableAtom } from 'nanostores';
import type { InboxApi } from '../api/inbox-api.ts';
import type { PlainKey } from '../i18n/catalogue.ts';
import { codeOf, errorText } from './errors.ts';

/** Who is signed in. `failed`: it could not be found out. */
export type AccountState =
  | { phase: 'unknown' }
  | { phase: 'failed'; why: PlainKey }
  | { phase: 'out'; why: PlainKey | null; isBusy: boolean }
  | { phase: 'in'; me: Me };

export interface Account {
  $account: ReadableAtom<AccountState>;
  /** Finds out who is signed in. */
  load(): Promise<void>;
  signIn(email: string, password: string): Promise<void>;
  /** Resolves also when the server could not be told; then it says so and nothing has changed. */
  signOut(): Promise<void>;
  /** The server no longer knows this agent. */
  ended(): void;
  /** The agent as another place tells (a signal, or the agent's own act). */
  changed(agent: AgentProfile): void;
}

/** The accounts' library answers in its own words: what counts is the status. */
const signInText = (cause: unknown): PlainKey => {
  const status = cause instanceof ContinuoError ? cause.status : null;
  if (status === 429) return 'signInTooOften';
  return status !== null && status >= 400 && status < 404 ? 'signInWrong' : errorText(codeOf(cause));
};

export const createAccount = (api: InboxApi, onFailure: (cause: unknown) => void): Account => {
  const $account = atom<AccountState>({ phase: 'unknown' });
  const out = (why: PlainKey | null) => $account.set({ phase: 'out', why, isBusy: false });

  const load = async () => {
    try {
      $account.set({ phase: 'in', me: await api.me() });
    } catch (cause) {
      const code = codeOf(cause);
      if (code === 'unauthorized' || code === 'session_ended') out(null);
      else $account.set({ phase: 'failed', why: errorText(code) });
    }
  };

  return {
    $account,
    load,
    async signIn(email, password) {
      if (!email.trim() || !password) return out('signInMissing');
      $account.set({ phase: 'out', why: null, isBusy: true });
      try {
        await api.signIn(email.trim(), password);
      } catch (cause) {
        return out(signInText(cause));
      }
      await load();
    },
    async signOut() {
      try {
        await api.signOut();
        out(null);
      } catch (cause) {
        onFailure(cause);
      }
    },
    ended() {
      if ($account.get().phase === 'in') out('signedOutByServer');
    },
    changed(agent) {
      const state = $account.get();
      if (state.phase === 'in' && state.me.agent.id === agent.id) {
        $account.set({ phase: 'in', me: { ...state.me, agent } });
      }
    },
  };
};
