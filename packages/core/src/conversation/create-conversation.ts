import { defaultEnvironment, type Environment, type PageNews } from '../environment/environment.ts';
import { createTimer } from '../environment/timer.ts';
import { ContinuoError } from '../errors.ts';
import {
  createSharedLive,
  type Live,
  type LiveContent,
  type SharedLiveOptions,
} from '../live/create-shared-live.ts';
import { readOn } from '../live/reader.ts';
import { createOutbox } from '../outbox/create-outbox.ts';
import { type Context, createStores, START, storesOf } from './context.ts';
import { createDraft } from './draft.ts';
import { createEmitter } from './emitter.ts';
import { hear, hearOf, load, loadEarlier, offset, receive, refresh, show } from './incoming.ts';
import { EMPTY_LOG } from './log.ts';
import { deliver, isVisible, markRead, markReceived, showPresence, tell } from './outgoing.ts';
import { createReceipts } from './receipts.ts';
import { joinTabs } from './tabs-news.ts';
import type { ConversationHandle, ConversationOptions, ConversationView } from './types.ts';
import { createTypingNotice } from './typing.ts';

/** The live connection: this tab's own stream, or what the leading tab passes on. */
const createStream = <View extends ConversationView>(
  { now, random, tabs }: Environment,
  getContext: () => Context<View>,
  options: Pick<SharedLiveOptions, 'name' | 'post' | 'onState' | 'onEnter'>,
): Live => {
  const take = (content: LiveContent) => {
    const context = getContext();
    if ('signal' in content) return hear(context, content.signal);
    receive(context, content.events);
    markReceived(context);
  };
  const bring = (content: LiveContent) => {
    live.relay(content);
    take(content);
  };
  /** Signals do not come by polling; the view tells the same. */
  const look = async () => {
    const context = getContext();
    await refresh(context);
    live.relay({ signal: { type: 'positions', positions: context.$positions.get() } });
  };
  const live = createSharedLive({
    ...options,
    now,
    random,
    tabs,
    path: () => getContext().path,
    head: () => getContext().log.last,
    isVisible: () => isVisible(getContext()),
    onContent: take,
    onHead: (head) => hearOf(getContext(), head),
    load: (signal) => load(getContext(), signal),
    read: (attempt) => {
      const context = getContext();
      return readOn({
        ...attempt,
        api: context.api,
        path: `${context.path}/events`,
        offset: () => offset(context),
        onEvents: (events) => {
          bring({ events });
          if (attempt.isPolling) look().catch(() => {});
        },
        onSignal: (signal) => bring({ signal }),
      });
    },
  });
  return live;
};

const createContext = <View extends ConversationView>(options: ConversationOptions): Context<View> => {
  const environment = { ...defaultEnvironment(), ...options.environment };
  const stores = createStores<View>();
  const { path = '', storageKey = path } = options;
  const others = joinTabs(environment.tabs, storageKey, (news) => {
    if (news.type === 'outbox') void context.outbox.hear(news.sending);
    else if (news.type === 'draft') context.draft.hear(news);
    else context.live.hear(news);
  });
  const context: Context<View> = {
    ...environment,
    ...options,
    ...stores,
    ...createEmitter(),
    path,
    log: EMPTY_LOG,
    pending: [],
    isWanted: true,
    isFilling: false,
    typingTimer: createTimer(),
    presenceTimer: createTimer(),
    others,
    outbox: createOutbox({
      environment,
      name: storageKey,
      deliver: (entry) => deliver(context, entry),
      isSent: (clientId) => context.log.items.some(({ key }) => key === clientId),
      onChange: (entries) => {
        context.pending = entries;
        show(context);
      },
      tell: (sending) => others.post({ type: 'outbox', sending }),
    }),
    draft: createDraft({
      environment,
      key: `${storageKey}/draft`,
      $draft: stores.$draft,
      path: () => context.path,
      tell: (draft) => others.post({ type: 'draft', ...draft }),
    }),
    live: createStream(environment, () => context, {
      name: `continuo/live/${storageKey}`,
      post: others.post,
      onState: (state) => stores.$connection.set(state),
      onEnter: (name) => {
        if (name === 'ended') options.onEnded?.();
        if (name !== 'online') return;
        context.outbox.wake();
        showPresence(context);
      },
    }),
    receipts: createReceipts((receipts) => tell(context, 'receipts', receipts)),
  };
  return context;
};

/** Shows another conversation, or none. */
const goTo = <View>(context: Context<View>, path: string) => {
  context.live.dispatch({ type: 'close' });
  context.receipts.reset();
  context.draft.move();
  context.path = path;
  context.log = EMPTY_LOG;
  context.$positions.set(START);
  context.$hasEarlier.set(false);
  context.$view.set(null);
  context.$agent.set(null);
  context.$typing.set(null);
  show(context);
};

const hearPage = <View>(context: Context<View>, news: PageNews) => {
  const { live, outbox, draft, receipts } = context;
  if (news === 'sleep' || news === 'hidden') {
    // The last moment at which a page surely runs.
    draft.flush();
    receipts.flush();
  }
  if (news === 'offline' || news === 'sleep') return live.dispatch({ type: news });
  if (news === 'online') outbox.wake();
  else showPresence(context);
  if (news !== 'hidden') live.wake(news === 'visible');
};

/**
 * One conversation with everything that keeps it true: the live stream and its reconnection, gaps, history, the outbox,
 * receipts, typing. Nothing is requested before `connect` or `send`.
 *
 * @example
 * const api = createApi({ baseUrl: location.origin });
 * const conversation = createConversation<InboxConversation>({ api, self: 'agent', path: `/v1/inbox/conversations/${id}` });
 * conversation.$messages.subscribe(render);
 * conversation.connect();
 */
export const createConversation = <View extends ConversationView = ConversationView>(
  options: ConversationOptions,
): ConversationHandle<View> => {
  const context = createContext<View>(options);
  const { outbox, draft, live, receipts, others, on, now, page } = context;
  const notice = createTypingNotice((on) => void tell(context, 'typing', { on }).catch(() => {}), now);

  const stopListening = page.listen((news) => hearPage(context, news));
  let isDestroyed = false;

  return {
    ...storesOf(context),
    on,
    connect: (path = context.path) => {
      if (path !== context.path) goTo(context, path);
      live.dispatch({ type: 'open' });
    },
    disconnect: () => live.dispatch({ type: 'close' }),
    restore: async () => {
      await Promise.all([outbox.restore(), draft.restore()]);
    },
    send: (text, attachments, extras) => {
      const isEmpty = !text.trim() && !attachments;
      if (isDestroyed || isEmpty) throw new ContinuoError(isDestroyed ? 'destroyed' : 'bad_request');
      const clientId = outbox.add({ text, attachments, ...extras });
      notice.stop(true);
      if (text.trim() === context.$draft.get().trim()) draft.set('');
      return clientId;
    },
    setDraft: draft.set,
    retry: (clientId) => outbox.settle('retry', clientId),
    discard: (clientId) => outbox.settle('discard', clientId),
    typing: notice.type,
    markRead: () => markRead(context),
    setVisible: (isVisible) => {
      if (context.isWanted === isVisible) return;
      context.isWanted = isVisible;
      showPresence(context);
    },
    loadEarlier: () => loadEarlier(context),
    refresh: () => refresh(context),
    outdate: () => live.dispatch({ type: 'outdated' }),
    reset: async (isStorageKept = false) => {
      goTo(context, '');
      await Promise.all([outbox.forget(isStorageKept), draft.forget(isStorageKept)]);
    },
    destroy: () => {
      isDestroyed = true;
      stopListening();
      live.stop();
      draft.flush();
      outbox.stop();
      notice.stop(true);
      receipts.reset();
      context.typingTimer();
      context.presenceTimer();
      others.close();
    },
  };
};
