import type { AgentProfile, Choice, Conversation, Session, WebChannel } from '@continuo/protocol';
import { atom, type ReadableAtom } from 'nanostores';
import { type Api, createApi, type RequestOptions } from './api/api.ts';
import { createConversation } from './conversation/create-conversation.ts';
import type { ConversationHandle } from './conversation/types.ts';
import { defaultEnvironment, type Environment } from './environment/environment.ts';
import { createTimer } from './environment/timer.ts';
import { ContinuoError } from './errors.ts';
import { createHandoff, type Handoff } from './handoff/handoff.ts';
import type { Identify, IdentifyOptions, Identity } from './session/identify.ts';
import { createSession, type DeviceSession, type SessionState } from './session/session.ts';

/** What {@link createClient} needs. The outside world (`storage`, `fetch`, `crypto`, `page`, `now`, `random`) is detected unless given. */
export interface ClientOptions extends Partial<Environment> {
  /** The server's address: `https://chat.brand.example`. */
  baseUrl: string;
  /** The web channel's public key: `web_…`. */
  channelKey: string;
  /** BCP 47 tag of the UI's language. */
  locale?: string;
}

type Shared =
  | '$connection'
  | '$messages'
  | '$hasEarlier'
  | '$agent'
  | '$positions'
  | '$unread'
  | '$draft'
  | 'send'
  | 'setDraft'
  | 'retry'
  | 'discard'
  | 'typing'
  | 'markRead'
  | 'setVisible'
  | 'loadEarlier'
  | 'on';

/** A customer's device: its session and its one conversation. */
export interface Client extends Pick<ConversationHandle<Conversation>, Shared> {
  readonly $session: ReadableAtom<SessionState>;
  /** The conversation as the server last described it; null before there is one. */
  readonly $conversation: ReadableAtom<Conversation | null>;
  /** The agent who is typing. */
  readonly $typing: ReadableAtom<AgentProfile | null>;
  /** The brand's side: its name, and whether anyone is online. Null until it is known. */
  readonly $channel: ReadableAtom<WebChannel | null>;
  readonly handoff: Handoff;
  /**
   * Asks something of this device's conversation: `request('post', 'rating', { json })` calls
   * `POST /v1/conversations/<id>/rating`. Where there is no conversation yet, it is begun first. What the client itself does
   * not do is built on it, so that whoever does not use that does not load it.
   *
   * @param what - The path below the conversation's; '' for the conversation itself.
   * @returns the parsed JSON of the answer, undefined when it has no body. Rejects with a {@link ContinuoError}.
   */
  request<T = void>(method: string, what: string, options?: Omit<RequestOptions, 'as'>): Promise<T>;
  /**
   * Begins: reads the channel, takes up this device's session and what was left unsent. Creates nothing on the server.
   * Rejects where the channel cannot be read; calling it again tries again.
   */
  open(): Promise<void>;
  /** Answers `assignee.away`: wait for the same agent, or have a colleague. */
  choose(choice: Choice['choice']): Promise<void>;
  /**
   * Says who is logged in on the brand's site, by a token that its backend has signed; a function is asked for a fresh one when
   * a session begins anew. It is an act of the page: it opens a session where there is none. The conversation stays, or the
   * user's own goes on here. What another user left on this device is wiped first. Rejects with `identity_invalid` where the
   * token is refused, and `aborted` where somebody logged out or in meanwhile.
   */
  identify(identity: Identity): Promise<{ customer: Session['customer'] }>;
  /** Ends the session on the server as far as it can be reached, and forgets key, session and messages on this device. */
  logout(): Promise<void>;
  /** Stops every timer, listener and request. What is stored stays. */
  destroy(): void;
}

/** What ends with the page anyway ends after this time: it may be a stranger's device (ms). */
const UNKEPT_MS = 30 * 60_000;

/** One at a time: who asks while one is under way gets that one. */
const once = <T>(run: () => Promise<T>) => {
  let running: Promise<T> | undefined;
  return (): Promise<T> => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
};

interface DeviceApiOptions {
  session: DeviceSession;
  environment: Environment;
  baseUrl: string;
  signal: AbortSignal;
  onOutdated(): void;
}

/** Requests that speak for a device, and tell its session what they hear. */
const createDeviceApi = ({ session, environment, baseUrl, signal, onOutdated }: DeviceApiOptions) =>
  createApi({
    baseUrl,
    fetch: environment.fetch,
    signal,
    authorize: session.authorize,
    onError: (error) => {
      if (error.code === 'session_ended' || error.code === 'unauthorized') session.end();
      if (error.code === 'version_unsupported') onOutdated();
      return session.correct(error);
    },
  });

/** A device's session and conversation, and how they come together. */
const createDevice = ({ baseUrl, channelKey, locale, ...outside }: ClientOptions) => {
  const environment = { ...defaultEnvironment(), ...outside };
  const life = new AbortController();
  const session = createSession(environment, `${channelKey}/device`);
  const onOutdated = () => conversation.outdate();
  const api = createDeviceApi({ session, environment, baseUrl, signal: life.signal, onOutdated });
  const connect = () => {
    // A stream of an earlier session must not speak for this one.
    conversation.disconnect();
    conversation.connect(`/v1/conversations/${session.conversationId()}`);
  };
  const takeUp = async () => {
    if (await session.restore()) connect();
  };
  /** Has a session given to this device, by the request that earns it. */
  const earn = (path: string, json: object) => {
    const body = { channelKey, ...(locale && { locale }), ...json };
    return session.begin(() => api.post<Session>(path, body, { as: 'device' }));
  };
  const enter = () => {
    connect();
    leaving.begun();
  };
  const begin = async (path: string, json: object) => {
    await earn(path, json);
    enter();
  };
  const prepare = once(async () => {
    await people.settled;
    if (session.$session.get() !== 'open') await takeUp();
    if (session.$session.get() === 'open') return;
    await open();
    await people.known?.again();
    enter();
  });
  const takeUpQuietly = () => void takeUp().catch(() => {});
  const conversation = createConversation<Conversation>({
    api,
    self: 'customer',
    storageKey: channelKey,
    environment,
    prepare,
    onEnded: () => {
      session.end();
      // Another tab may have a newer one.
      takeUpQuietly();
    },
  });
  const device = { session, api, conversation, takeUp, begin };
  const onOver = () => people.forget();
  const leaving = createLeaving(device, environment.tabs, { channelKey, takeUp: takeUpQuietly, onOver });
  const open = () => earn('/v1/sessions', {});
  const people = createPeople({ session, api, earn: open, enter, leave: leaving.logout });
  const destroy = () => {
    conversation.destroy();
    leaving.stop();
    life.abort(new ContinuoError('destroyed'));
    environment.storage.close?.();
  };
  return { ...device, ...people, ready: prepare, destroy };
};

/** Who comes and who goes. What a log-in takes is loaded with the first. */
const createPeople = (device: IdentifyOptions) => {
  let lives = 0;
  const after = <T>(turn: Promise<T>): Promise<T> => {
    people.settled = turn.catch(() => {});
    return turn;
  };
  const people = {
    known: undefined as Identify | undefined,
    /** Who came or went last has done so. */
    settled: Promise.resolve() as Promise<unknown>,
    forget: () => {
      lives++;
      people.known?.forget();
    },
    identify: (given: Identity) => {
      const life = lives;
      const come = async () => {
        people.known ??= (await import('./session/identify.ts')).createIdentify(device);
        if (life !== lives) throw new ContinuoError('aborted');
        return people.known.identify(given);
      };
      return after(people.settled.then(come));
    },
    logout: () => {
      people.forget();
      return after(device.leave());
    },
  };
  return people;
};

interface Leaving {
  session: DeviceSession;
  api: Api;
  conversation: ConversationHandle<Conversation>;
}

/** The ends of a session, in this tab and in all: the person's own, and in time what is kept nowhere but in the page. */
const createLeaving = (
  { session, api, conversation }: Leaving,
  tabs: Environment['tabs'],
  { channelKey, takeUp, onOver }: { channelKey: string; takeUp(): void; onOver(): void },
) => {
  const timer = createTimer();
  const forget = async (isStorageKept: boolean) => {
    timer();
    await Promise.all([conversation.reset(isStorageKept), session.forget(isStorageKept)]);
  };
  const others = tabs?.join(`continuo/${channelKey}/session`, (news) => {
    if (news === 'begun') takeUp();
    if (news !== 'over') return;
    onOver();
    forget(true).catch(() => {});
  });
  const end = async () => {
    conversation.disconnect();
    await api.call('delete', '/v1/session').catch(() => {});
  };
  return {
    begun: () => {
      others?.post('begun');
      const leave = () => session.isKept() || void end().then(session.end);
      if (!session.isKept()) timer(leave, UNKEPT_MS);
    },
    logout: async () => {
      await end();
      await forget(false);
      others?.post('over');
    },
    stop: () => {
      timer();
      others?.close();
    },
  };
};

/**
 * A customer's client without a view. Importing and creating it requests nothing and touches no page.
 *
 * @example
 * const client = createClient({ baseUrl: 'https://chat.brand.example', channelKey: 'web_abc' });
 * client.$messages.subscribe((items) => console.log(items));
 * await client.open();
 * client.send('Where is my parcel?');
 */
export const createClient = (options: ClientOptions): Client => {
  const { session, api, conversation, takeUp, begin, ready, identify, logout, destroy } =
    createDevice(options);
  const pathOf = (what: string) => `/v1/conversations/${session.conversationId()}${what && `/${what}`}`;
  const $channel = atom<WebChannel | null>(null);
  const $typing = atom<AgentProfile | null>(null);
  conversation.$typing.listen((typing) => $typing.set(typing && (typing.agent ?? conversation.$agent.get())));

  const readChannel = async () => {
    const path = `/v1/web/${encodeURIComponent(options.channelKey)}`;
    $channel.set(await api.get<WebChannel>(path, { as: 'anyone', retry: 2 }));
  };

  return {
    ...conversation,
    $session: session.$session,
    $conversation: conversation.$view,
    $typing,
    $channel,
    handoff: createHandoff(api, begin),
    open: once(async () => {
      await Promise.all([readChannel(), takeUp().then(conversation.restore)]);
    }),
    request: async (method, what, request) => {
      await ready();
      return api.call(method, pathOf(what), request);
    },
    choose: (choice) => api.post(pathOf('choice'), { choice }),
    identify,
    logout,
    destroy,
  };
};
