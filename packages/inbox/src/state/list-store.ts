import type { AgentProfile, ConversationSummary } from '@continuo/protocol';
import { atom, type ReadableAtom } from 'nanostores';
import type { InboxApi, Status, View } from '../api/inbox-api.ts';
import { EMPTY_LIST, type ListEvent, type ListState, reduceList } from './list.ts';

export interface ListStore {
  $list: ReadableAtom<ListState>;
  choose(view: View, status: Status): void;
  /** Reads everything anew; what is shown stays until then. */
  refresh(): Promise<void>;
  more(): Promise<void>;
  changed(conversation: ConversationSummary): void;
  agentChanged(agent: AgentProfile): void;
  destroy(): void;
}

/** Several changes within this time are counted once. */
const COUNT_AFTER_MS = 400;

const OWN = { view: 'mine', status: 'open', cursor: null } as const;

/** Reads pages and counts into the list. */
const createReader = (
  api: InboxApi,
  dispatch: (event: ListEvent) => void,
  {
    $list,
    agentId,
    onFailure,
  }: { $list: ReadableAtom<ListState>; agentId: string; onFailure(cause: unknown): void },
) => {
  /** Answers to what is no longer asked are dropped. */
  let question = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const count = async () => {
    try {
      dispatch({ type: 'counted', page: await api.list(OWN) });
    } catch {
      // The next change, or the next connection, counts again.
    }
  };

  return {
    read: async (cursor: string | null) => {
      const mine = ++question;
      const { view, status } = $list.get();
      dispatch({ type: cursor === null ? 'reading' : 'readingMore' });
      try {
        const page = await api.list({ view, status, cursor });
        if (mine === question)
          dispatch(cursor === null ? { type: 'read', page, agentId } : { type: 'readMore', page });
      } catch (cause) {
        if (mine !== question) return;
        if ($list.get().phase === 'ready') onFailure(cause);
        dispatch({ type: 'failed' });
      }
    },
    countSoon: () => {
      clearTimeout(timer);
      timer = setTimeout(count, COUNT_AFTER_MS);
    },
    stop: () => {
      question++;
      clearTimeout(timer);
    },
  };
};

/** `agentId`: the signed-in agent. `onFailure` hears of a page that could not be read while others are shown. */
export const createListStore = (
  api: InboxApi,
  agentId: string,
  onFailure: (cause: unknown) => void,
): ListStore => {
  const $list = atom<ListState>(EMPTY_LIST);
  const dispatch = (event: ListEvent) => $list.set(reduceList($list.get(), event));
  const { read, countSoon, stop } = createReader(api, dispatch, { $list, agentId, onFailure });
  return {
    $list,
    choose(view, status) {
      const now = $list.get();
      if (now.view === view && now.status === status) return;
      dispatch({ type: 'chosen', view, status });
      void read(null);
    },
    async refresh() {
      const { view, status } = $list.get();
      if (view !== OWN.view || status !== OWN.status) countSoon();
      await read(null);
    },
    async more() {
      const { cursor, loadingMore } = $list.get();
      if (cursor !== null && !loadingMore) await read(cursor);
    },
    changed(conversation) {
      const before = $list.get().rows.find(({ id }) => id === conversation.id);
      const isCounted =
        before?.status === conversation.status && before.assignee?.id === conversation.assignee?.id;
      dispatch({ type: 'changed', conversation, agentId });
      if (!isCounted) countSoon();
    },
    agentChanged: (agent) => dispatch({ type: 'agent', agent }),
    destroy: stop,
  };
};
