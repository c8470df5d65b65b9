import type { Api, Environment } from '@continuo/core/conversation';
import { atom, type ReadableAtom } from 'nanostores';
import { createInboxApi } from '../api/inbox-api.ts';
import { type Account, createAccount } from './account.ts';
import { createDesk, type Desk } from './desk.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createNotices, type Notices } from './notices.ts';
import { createPreferences, type Preferences } from './preferences.ts';
import { createRoute, type Route } from './route.ts';

/** The whole inbox, without a view. */
export interface Inbox {
  readonly account: Account;
  readonly preferences: Preferences;
  readonly notices: Notices;
  readonly drafts: Drafts;
  readonly route: Route;
  /** There while an agent is signed in. */
  readonly $desk: ReadableAtom<Desk | null>;
  /** The time, every 30 s, for all that is told relative to it. */
  readonly $now: ReadableAtom<number>;
  destroy(): void;
}

/** The page that the inbox runs in. */
export type InboxPage = Parameters<typeof createRoute>[0] &
  Pick<Window, 'localStorage' | 'sessionStorage' | 'navigator'>;

export interface InboxOptions {
  /** Speaks with cookies; every error must come to `onError`. */
  createApi(onError: (error: { code: string }) => boolean): Api;
  environment: Environment;
  page: InboxPage;
}

const TICK_MS = 30_000;

export const createInbox = ({ createApi, environment, page }: InboxOptions): Inbox => {
  const notices = createNotices();
  const api = createApi(({ code }) => {
    if (code === 'unauthorized' || code === 'session_ended') account.ended();
    return false;
  });
  const inboxApi = createInboxApi(api);
  const account = createAccount(inboxApi, notices.failed);
  const route = createRoute(page);
  const $desk = atom<Desk | null>(null);
  const $now = atom(environment.now());
  const timer = setInterval(() => $now.set(environment.now()), TICK_MS);

  const close = () => {
    $desk.get()?.destroy();
    $desk.set(null);
  };
  const stops = [
    account.$account.subscribe((state) => {
      const desk = $desk.get();
      if (state.phase !== 'in') return close();
      if (desk?.agentId === state.me.agent.id) return;
      close();
      const next = createDesk({
        api,
        inboxApi,
        environment,
        agentId: state.me.agent.id,
        onFailure: notices.failed,
        onEnded: account.ended,
        onAgent: account.changed,
      });
      $desk.set(next);
      next.show(route.$conversationId.get());
    }),
    route.$conversationId.listen((id) => $desk.get()?.show(id)),
  ];
  void account.load();

  return {
    account,
    preferences: createPreferences(() => page.localStorage, page.navigator.languages),
    notices,
    drafts: createDrafts(() => page.sessionStorage),
    route,
    $desk,
    $now,
    destroy() {
      for (const stop of stops) stop();
      clearInterval(timer);
      route.destroy();
      close();
    },
  };
};
