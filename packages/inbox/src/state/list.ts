import type { AgentProfile, ConversationSummary, InboxList } from '@continuo/protocol';
import type { Status, View } from '../api/inbox-api.ts';

/** The list pane: what is asked for, and what is known of it. */
export interface ListState {
  readonly view: View;
  readonly status: Status;
  /** In the order shown. */
  readonly rows: readonly ConversationSummary[];
  readonly counts: InboxList['counts'] | null;
  readonly cursor: string | null;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly loadingMore: boolean;
  /** What changed while the first page is being read: the page may be older than it. Null while none is being read. */
  readonly late: readonly ConversationSummary[] | null;
  /** Unread messages in each open conversation of this agent's, whatever the view. */
  readonly unread: Readonly<Record<string, number>>;
}

export type ListEvent =
  | { type: 'chosen'; view: View; status: Status }
  | { type: 'reading' }
  | { type: 'read'; page: InboxList; agentId: string }
  | { type: 'readingMore' }
  | { type: 'readMore'; page: InboxList }
  /** The agent's own open conversations, read beside what is shown. */
  | { type: 'counted'; page: InboxList }
  | { type: 'failed' }
  /** One conversation as it is now. */
  | { type: 'changed'; conversation: ConversationSummary; agentId: string }
  | { type: 'agent'; agent: AgentProfile };

export const EMPTY_LIST: ListState = {
  view: 'mine',
  status: 'open',
  rows: [],
  counts: null,
  cursor: null,
  phase: 'loading',
  loadingMore: false,
  late: null,
  unread: {},
};

/** Whether a conversation belongs to what the list shows. The queue holds open conversations only. */
export const belongs = (
  { view, status }: Pick<ListState, 'view' | 'status'>,
  conversation: ConversationSummary,
  agentId: string,
): boolean => {
  if (conversation.status !== status) return false;
  if (view === 'mine') return conversation.assignee?.id === agentId;
  if (view === 'waiting') return conversation.assignee === null && conversation.status === 'open';
  return true;
};

const byNewest = (a: ConversationSummary, b: ConversationSummary) =>
  b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
const byLongestWait = (a: ConversationSummary, b: ConversationSummary) =>
  (a.waitingSince ?? a.updatedAt) - (b.waitingSince ?? b.updatedAt) || (a.id < b.id ? -1 : 1);

const arrange = (view: View, rows: readonly ConversationSummary[]) =>
  rows.toSorted(view === 'waiting' ? byLongestWait : byNewest);

const withChanged = (state: ListState, conversation: ConversationSummary, agentId: string): ListState => {
  const others = state.rows.filter(({ id }) => id !== conversation.id);
  const rows = belongs(state, conversation, agentId) ? [...others, conversation] : others;
  const { [conversation.id]: _, ...unread } = state.unread;
  const isOwn = belongs({ view: 'mine', status: 'open' }, conversation, agentId);
  return {
    ...state,
    rows: arrange(state.view, rows),
    late: state.late && [...state.late.filter(({ id }) => id !== conversation.id), conversation],
    unread: isOwn ? { ...unread, [conversation.id]: conversation.unread } : unread,
  };
};

const unreadOf = ({ conversations }: InboxList) =>
  Object.fromEntries(conversations.map(({ id, unread }) => [id, unread]));

const withPage = (state: ListState, page: InboxList, agentId: string): ListState => {
  const isOwn = state.view === 'mine' && state.status === 'open';
  const read: ListState = {
    ...state,
    rows: page.conversations,
    counts: page.counts,
    cursor: page.cursor,
    phase: 'ready',
    loadingMore: false,
    late: null,
    unread: isOwn ? unreadOf(page) : state.unread,
  };
  return (state.late ?? []).reduce((next, late) => withChanged(next, late, agentId), read);
};

/** State and event → the next state of the list. */
export const reduceList = (state: ListState, event: ListEvent): ListState => {
  switch (event.type) {
    case 'chosen':
      return {
        ...EMPTY_LIST,
        counts: state.counts,
        unread: state.unread,
        view: event.view,
        status: event.status,
      };
    case 'reading':
      return { ...state, phase: state.phase === 'failed' ? 'loading' : state.phase, late: [] };
    case 'read':
      return withPage(state, event.page, event.agentId);
    case 'readingMore':
      return { ...state, loadingMore: true };
    case 'readMore': {
      const known = new Set(state.rows.map(({ id }) => id));
      const more = event.page.conversations.filter(({ id }) => !known.has(id));
      return {
        ...state,
        rows: [...state.rows, ...more],
        counts: event.page.counts,
        cursor: event.page.cursor,
        loadingMore: false,
      };
    }
    case 'counted':
      return { ...state, counts: event.page.counts, unread: unreadOf(event.page) };
    case 'failed':
      // What is shown stays; the connection's banner tells that it may be old.
      return {
        ...state,
        phase: state.phase === 'ready' ? 'ready' : 'failed',
        loadingMore: false,
        late: null,
      };
    case 'changed':
      return withChanged(state, event.conversation, event.agentId);
    case 'agent':
      return {
        ...state,
        rows: state.rows.map((row) =>
          row.assignee?.id === event.agent.id ? { ...row, assignee: event.agent } : row,
        ),
      };
  }
};

/** Unread messages in the agent's own open conversations. */
export const unreadTotal = ({ unread }: ListState): number =>
  Object.values(unread).reduce((sum, count) => sum + count, 0);
