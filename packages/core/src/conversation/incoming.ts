import type { ConversationEvent, HistoryPage, MessageEvent, Positions, Signal } from '@continuo/protocol';
import type { Context } from './context.ts';
import { appendEvents, beginLog, type EventItem, firstSeq, hasGap, prependEvents } from './log.ts';
import { toTimeline } from './timeline.ts';
import type { ConversationView, Side, TypingSignal } from './types.ts';

/** A page of history (protocol, LIMITS.pageSize). */
const limit = '50';
/** A typing signal that is not repeated is over (protocol, LIMITS.typingSeconds). */
const TYPING_MS = 6000;
/** What these events change is in the view, too. */
const CHANGES_VIEW = /^(case|assign|join)/;

const isFromOther = (event: ConversationEvent, self: Side): event is MessageEvent =>
  event.type === 'message' && !event.deleted && (event.author.kind === 'customer') !== (self === 'customer');

/** Puts log, unsent messages and positions into the stores. */
export const show = <View>(context: Context<View>): void => {
  const { log, self, pending, $positions, $messages, $unread } = context;
  const read = $positions.get()[`${self}Read`];
  $messages.set(toTimeline(log.items, pending));
  // From the end: a long log is not gone through at each message.
  const after = log.items.findLastIndex(({ seq }) => seq <= read) + 1;
  $unread.set(log.items.slice(after).filter(({ event }) => isFromOther(event, self)).length);
};

/** Positions only ever grow. */
export const advance = <View>(context: Context<View>, next: Partial<Positions>): void => {
  const { $positions } = context;
  const positions = { ...$positions.get() };
  for (const name of ['customerReceived', 'customerRead', 'agentReceived', 'agentRead'] as const) {
    positions[name] = Math.max(positions[name] ?? 0, next[name] ?? 0);
  }
  $positions.set(positions);
  show(context);
};

/** What is in the log is pending no more. Shows both. */
const settle = <View>(context: Context<View>, items: readonly EventItem[]) => {
  context.outbox.confirm(items.map(({ key }) => key));
  show(context);
};

const setTyping = <View>(context: Context<View>, typing: TypingSignal | null) => {
  context.$typing.set(typing);
  context.typingTimer(typing ? () => setTyping(context, null) : undefined, TYPING_MS);
};

/** Where to read on. */
export const offset = ({ log }: Context<unknown>): string => `${log.last}`.padStart(16, '0');

const setView = <View extends ConversationView>(context: Context<View>, view: View) => {
  context.$view.set(view);
  context.$agent.set(view.assignee ?? view.summary?.assignee ?? null);
  advance(context, view.positions);
};

export const refresh = async <View extends ConversationView>(context: Context<View>): Promise<void> => {
  const { path, api } = context;
  const view = await api.get<View>(path);
  if (path === context.path) setView(context, view);
};

const refreshQuietly = <View extends ConversationView>(context: Context<View>) =>
  refresh(context).catch(() => {});

/** The view as it is now and, at first, the newest page; the stream goes on from there. */
export const load = async <View extends ConversationView>(
  context: Context<View>,
  signal: AbortSignal,
): Promise<void> => {
  const { api, path, log } = context;
  const [view, page] = await Promise.all([
    api.get<View>(path, { signal }),
    log.last < 0 ? api.get<HistoryPage>(`${path}/history`, { search: { limit }, signal }) : null,
  ]);
  if (signal.aborted) return;
  if (page) {
    context.log = beginLog(context.log, page.events, view.visibleAfter ?? 0);
    context.$hasEarlier.set(page.more);
  }
  // What this device sent while the page was read is news, not history.
  const sent = context.log.items.filter(({ key }) =>
    context.pending.some(({ clientId }) => clientId === key),
  );
  // First of all, or a message would show twice for a moment: as pending, and in the log.
  settle(context, context.log.items);
  for (const { event } of sent) context.emit('event', { event });
  setView(context, view);
  // A stream goes on from where this page ends; the leading tab goes on from where it is.
  if (context.live.isFollowing()) hearOf(context, view.head ?? 0);
};

/** Takes in what the stream, a gap's fetching or an acknowledgement brings. */
export const receive = <View extends ConversationView>(
  context: Context<View>,
  events: readonly ConversationEvent[],
): void => {
  const { self, emit, log } = context;
  context.log = appendEvents(log, events);
  const fresh = context.log.items.slice(log.items.length);
  if (fresh.length > 0) settle(context, fresh);
  for (const { event } of fresh) {
    emit('event', { event });
    if (isFromOther(event, self)) {
      setTyping(context, null);
      emit('message', { event });
    }
  }
  if (fresh.some(({ event }) => CHANGES_VIEW.test(event.type))) void refreshQuietly(context);
  if (hasGap(context.log) && !context.isFilling) void fill(context);
};

/** There are events up to this one. */
export const hearOf = <View extends ConversationView>(context: Context<View>, head: number): void => {
  const { log } = context;
  context.log = { ...log, seen: Math.max(log.seen, head) };
  receive(context, []);
};

/** Later events wait at the server until what comes before them is here. */
const fill = async <View extends ConversationView>(context: Context<View>) => {
  const { api, path, live } = context;
  const signal = live.signal();
  context.isFilling = true;
  try {
    for (let before = -1; hasGap(context.log) && context.log.last > before && signal; ) {
      before = context.log.last;
      const search = { offset: offset(context) };
      const events = await api.get<ConversationEvent[]>(`${path}/events`, { search, signal });
      if (!signal.aborted) receive(context, events);
    }
  } catch {
    // The next connection reads on from what is known.
  }
  context.isFilling = false;
  if (hasGap(context.log) && !signal?.aborted) live.dispatch({ type: 'lost' });
};

export const hear = <View>(context: Context<View>, signal: Signal): void => {
  const { self, live, emit } = context;
  if (signal.type === 'positions') advance(context, signal.positions);
  if (signal.type === 'assignee') context.$agent.set(signal.agent);
  const view = context.$view.get();
  if (signal.type === 'queue' && view) context.$view.set({ ...view, queuePosition: signal.position });
  if (signal.type === 'typing' && (self === 'agent' || signal.from === 'agent')) {
    setTyping(context, signal.on ? signal : null);
  }
  if (signal.type === 'drain' || signal.type === 'ended') live.dispatch(signal);
  emit('signal', { signal });
};

export const loadEarlier = async <View>(context: Context<View>): Promise<boolean> => {
  const { api, path, log, $hasEarlier } = context;
  if ($hasEarlier.get()) {
    const search = { limit, before: `${firstSeq(log)}` };
    const page = await api.get<HistoryPage>(`${path}/history`, { search, retry: 2 });
    // A second call at the same time finds its page there already.
    const next = prependEvents(context.log, page.events);
    if (path === context.path && next !== context.log) {
      context.log = next;
      $hasEarlier.set(page.more);
      show(context);
    }
  }
  return $hasEarlier.get();
};
