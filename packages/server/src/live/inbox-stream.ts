import type { InboxSignal } from '@continuo/protocol';
import type { FastifyReply } from 'fastify';
import { agentPresenceHere } from '../conversations/agent-presence.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { beat, finishSse, frame, startSse, whenClosed, writeSse } from './sse.ts';

/** Milliseconds within which agents come back after a restart: they are few, and are away until they do. */
const BACK_WITHIN = 2000;

/** Milliseconds for which an agent whose inbox left still counts as connected: a reload, or a short drop. */
const GRACE = 3000;

export interface InboxStream {
  workspaceId: string;
  agentId: string;
  /** Aborted when the agent signed out or may no longer be here. */
  ended: AbortSignal;
}

/** Others are told when an agent's first inbox connects and when the last one leaves. Other nodes hear it from the hub. */
const tellOthers = async (rt: Runtime, agentId: string): Promise<void> => {
  try {
    await agentPresenceHere(rt, agentId);
  } catch (error) {
    rt.log.error({ err: error }, 'telling of an agent that came or left failed');
  }
};

/**
 * Serves an agent's inbox signals as server-sent events. Being connected is what makes an agent who chose "online"
 * reachable: the first connection takes what waits in the queue.
 *
 * @throws ContinuoError `unavailable` when the server is about to stop
 */
export const serveInboxStream = async (
  rt: Runtime,
  reply: FastifyReply,
  { workspaceId, agentId, ended }: InboxStream,
): Promise<FastifyReply> => {
  if (rt.hub.streams.draining) throw new ContinuoError('unavailable', { retryAfter: 1 });
  const response = reply.raw;
  const isConnected = (): boolean => rt.hub.connectedAgents(workspaceId).has(agentId);
  const toFrame = (signal: InboxSignal): string => frame('signal', JSON.stringify(signal));
  const write = (signal: InboxSignal): void => {
    writeSse(response, toFrame(signal));
  };
  const finish = (signal: InboxSignal): void => finishSse(response, toFrame(signal));
  const end = (): void => finish({ type: 'ended' });

  reply.hijack();
  startSse(response, reply.getHeaders());
  const first = !isConnected();
  const unlisten = rt.hub.listenInbox(workspaceId, {
    agentId,
    onSignal(signal) {
      const isOwnTyping = signal.type === 'typing' && signal.agentId === agentId;
      if (!isOwnTyping) write(signal);
    },
  });
  const leave = rt.hub.streams.join({
    kind: 'inbox',
    beat: () => beat(response),
    drain: (withinMs) => finish({ type: 'drain', withinMs: Math.min(withinMs, BACK_WITHIN) }),
  });
  ended.addEventListener('abort', end);
  const depart = (): void => {
    unlisten();
    if (!rt.hub.streams.draining && !isConnected()) void tellOthers(rt, agentId);
  };
  whenClosed(response, () => {
    leave();
    ended.removeEventListener('abort', end);
    if (ended.aborted || rt.hub.streams.draining) depart();
    else setTimeout(depart, GRACE).unref();
  });
  if (ended.aborted) end();
  else if (first) await tellOthers(rt, agentId);
  return reply;
};
