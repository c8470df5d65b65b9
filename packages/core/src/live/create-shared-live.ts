import type { ConversationEvent, Signal } from '@continuo/protocol';
import type { Tabs } from '../environment/tabs.ts';
import type { PublicConnection } from './connection.ts';
import { createLeadership } from './create-leadership.ts';
import { type Attempt, createLive, type LiveOptions } from './create-live.ts';

/** What tabs tell each other about one conversation's stream. */
export type LiveNews = { path: string; isVisible: boolean } & (
  | { type: 'ask' }
  | { type: 'state'; state: PublicConnection; head: number }
  | ({ type: 'content' } & LiveContent)
);

/** What came on the stream. */
export type LiveContent = { events: ConversationEvent[] } | { signal: Signal };

export interface SharedLiveOptions extends LiveOptions {
  tabs: Tabs | undefined;
  /** The lock's name. */
  name: string;
  /** The conversation that is shown. */
  path(): string;
  /** The last event that is known. */
  head(): number;
  isVisible(): boolean;
  post(news: LiveNews): void;
  /** The leader hears something. */
  onContent(content: LiveContent): void;
  /** The leader knows of events up to this one. */
  onHead(head: number): void;
}

/** States in which a stream is wanted, here or in another tab. */
const WANTED = ['connecting', 'online', 'waiting'];

/** Reads along with the leader: an attempt that lasts until it is aborted, and lives by what the leader says. */
const createFollower = () => {
  let followed: Attempt | undefined;
  return {
    follow: (attempt: Attempt, isLed: boolean) =>
      new Promise<boolean>((resolve) => {
        followed = attempt;
        if (isLed) attempt.onAlive();
        attempt.signal.addEventListener('abort', () => {
          followed = undefined;
          resolve(true);
        });
      }),
    alive: () => followed?.onAlive(),
  };
};

/** What this tab says to the others. */
const createVoice = ({ path, isVisible, head, post }: SharedLiveOptions) => {
  const about = () => ({ path: path(), isVisible: isVisible() });
  return {
    ask: () => post({ type: 'ask', ...about() }),
    tell: (state: PublicConnection) => post({ type: 'state', ...about(), state, head: head() }),
    /** Passes on what came on the stream, unless it is about this very stream. */
    pass: (content: LiveContent) => {
      const isOwn = 'signal' in content && ['drain', 'ended'].includes(content.signal.type);
      if (!isOwn) post({ type: 'content', ...about(), ...content });
    },
  };
};

/** A live connection that all tabs of a browser share as far as they can; has the face of {@link createLive}. */
export const createSharedLive = (options: SharedLiveOptions) => {
  const { tabs, name, path, isVisible } = options;
  /** What the leader says of its connection. */
  let told: PublicConnection | null = null;
  let own: PublicConnection = 'idle';
  const { follow, alive } = createFollower();

  const { ask, tell, pass } = createVoice(options);
  const publish = () => options.onState((isFollowing() && own === 'online' && told) || own);
  const { dispatch, isOff, isLeading, isFollowing } = createLeadership({
    tabs,
    name,
    perform: (effect) => ({ switch: live.change, tell: () => tell(own), ask })[effect](),
    onChange: publish,
  });
  const show = () => dispatch({ type: isVisible() ? 'visible' : 'hidden' });

  const live = createLive({
    ...options,
    isFollowing,
    read: (attempt) => (isFollowing() ? follow(attempt, told !== null) : options.read(attempt)),
    onState: (state) => {
      const isNews = state !== own;
      own = state;
      publish();
      if (isNews && isLeading()) tell(own);
    },
    onEnter: (entered) => {
      if (!WANTED.includes(entered)) dispatch({ type: 'close' });
      else if (isOff()) {
        show();
        dispatch({ type: 'open' });
      }
      options.onEnter(entered);
    },
  });

  return {
    ...live,
    isFollowing,
    /** The tab came into sight, or went out of it. */
    show,
    /** To be told of all that comes on this tab's stream. */
    relay: (content: LiveContent): void => {
      if (isLeading()) pass(content);
    },
    /** What another tab says. */
    hear: (news: LiveNews): void => {
      if (news.path !== path() || isOff()) return;
      if (news.type === 'ask') {
        if (news.isVisible) dispatch({ type: 'asked' });
        else if (isLeading()) tell(own);
        return;
      }
      if (isLeading()) return;
      if (news.type === 'state') told = news.state;
      dispatch({ type: 'talk', isVisible: news.isVisible });
      alive();
      if (news.type === 'state') options.onHead(news.head);
      else options.onContent(news);
    },
  };
};

export type Live = ReturnType<typeof createSharedLive>;
