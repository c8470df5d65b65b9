import { createNobodyElse, type Elsewhere } from '../nodes/elsewhere.ts';
import type { ConnectedAgent, ConversationListener, Here, Hub, InboxListener } from './hub.ts';
import { createStreams } from './streams.ts';

const addTo = <T>(listeners: Map<string, Set<T>>, key: string, listener: T): (() => void) => {
  const known = listeners.get(key) ?? new Set<T>();
  listeners.set(key, known.add(listener));
  return () => {
    known.delete(listener);
    if (known.size === 0 && listeners.get(key) === known) listeners.delete(key);
  };
};

const warn = (error: unknown): void => {
  process.emitWarning(error instanceof Error ? error : String(error));
};

type Tell = <T>(listeners: Iterable<T> | undefined, how: (listener: T) => void) => void;

const createTell =
  (onError: (error: unknown) => void): Tell =>
  (listeners, how) => {
    for (const listener of listeners ?? []) {
      try {
        how(listener);
      } catch (error) {
        onError(error);
      }
    }
  };

/** Who listens on this node. */
const createListeners = (tell: Tell) => {
  const readers = new Map<string, Set<ConversationListener>>();
  const inboxes = new Map<string, Set<InboxListener>>();
  const sessions = new Set<(sessionId: string) => void>();

  const agentsOf = (workspaceId: string): Set<string> =>
    new Set([...(inboxes.get(workspaceId) ?? [])].map(({ agentId }) => agentId));

  const here: Here = {
    signal(conversationId, signal, audience) {
      tell(readers.get(conversationId), (listener) => {
        if (audience === 'all' || audience === listener.audience) listener.onSignal(signal);
      });
    },
    signalInbox(workspaceId, signal) {
      tell(inboxes.get(workspaceId), (listener) => listener.onSignal(signal));
    },
    endSession(sessionId) {
      tell(sessions, (onEnd) => onEnd(sessionId));
    },
    hasReaders: (conversationId) => readers.has(conversationId),
    hasInboxes: () => inboxes.size > 0,
    connectedAgents: () =>
      [...inboxes.keys()].flatMap((workspaceId) =>
        [...agentsOf(workspaceId)].map((agentId): ConnectedAgent => ({ workspaceId, agentId })),
      ),
  };
  return { readers, inboxes, sessions, agentsOf, here };
};

/**
 * News for those who listen on this node, and through `elsewhere` for those on the others.
 *
 * @param onError told of what a listener threw; the others are told all the same. Default: a process warning
 * @param elsewhere the other nodes. Default: there are none
 */
export const createHub = (
  onError: (error: unknown) => void = warn,
  elsewhere: Elsewhere = createNobodyElse(),
): Hub => {
  const streams = createStreams();
  const tell = createTell(onError);
  const { readers, inboxes, sessions, agentsOf, here } = createListeners(tell);

  return {
    streams,
    here,
    elsewhere,
    publishEvents(conversationId, events) {
      tell(readers.get(conversationId), (listener) => listener.onEvents(events));
    },
    tellHead(conversationId, head) {
      let behind = 0;
      tell(readers.get(conversationId), (listener) => {
        if (listener.onHead?.(head)) behind += 1;
      });
      return behind;
    },
    signal(conversationId, signal, audience) {
      here.signal(conversationId, signal, audience);
      elsewhere.signal(conversationId, signal, audience);
    },
    signalInbox(workspaceId, signal) {
      here.signalInbox(workspaceId, signal);
      elsewhere.signalInbox(workspaceId, signal);
    },
    endSession(sessionId) {
      here.endSession(sessionId);
      elsewhere.sessionEnded(sessionId);
    },
    listen: (conversationId, listener) => addTo(readers, conversationId, listener),
    listenInbox(workspaceId, listener) {
      const { agentId } = listener;
      const first = !agentsOf(workspaceId).has(agentId);
      const unlisten = addTo(inboxes, workspaceId, listener);
      if (first) elsewhere.agentConnected({ workspaceId, agentId }, true);
      return () => {
        unlisten();
        // Whoever is sent elsewhere by a server that stops is not away.
        if (streams.draining || agentsOf(workspaceId).has(agentId)) return;
        elsewhere.agentConnected({ workspaceId, agentId }, false);
      };
    },
    listenSessions(onEnd) {
      sessions.add(onEnd);
      return () => void sessions.delete(onEnd);
    },
    watched: () => [...readers.keys()],
    connectedAgents: (workspaceId) =>
      new Set([...agentsOf(workspaceId), ...elsewhere.connectedAgents(workspaceId)]),
  };
};
