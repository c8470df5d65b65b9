import { agentPresenceHere } from '../conversations/agent-presence.ts';
import { announceHere } from '../conversations/announce.ts';
import { agentProfile } from '../conversations/profile.ts';
import { queueMovedHere } from '../conversations/queue-places.ts';
import { loadAgent } from '../conversations/rows.ts';
import { startSignals } from '../conversations/signals.ts';
import { deliveryView } from '../deliveries/view.ts';
import type { Runtime } from '../runtime.ts';
import type { NodeMessage, NodeMessageOf } from './messages.ts';

/** A message that is a signal for those who are connected here. */
export type Heard = Exclude<NodeMessage, { type: 'hello' | 'alive' | 'bye' | 'state' | 'appended' }>;

const hearTyping = async (
  rt: Runtime,
  { conversationId, agentId, on }: NodeMessageOf<'typing'>,
): Promise<void> => {
  const { here } = rt.hub;
  if (agentId === null) {
    here.signal(conversationId, { type: 'typing', from: 'customer', agent: null, on }, 'agents');
    return;
  }
  if (!here.hasReaders(conversationId)) return;
  const agent = await loadAgent(rt.store.db, agentId);
  if (agent === null) return;
  here.signal(conversationId, { type: 'typing', from: 'agent', agent: agentProfile(rt, agent), on }, 'all');
};

const hearAssignee = async (rt: Runtime, conversationId: string): Promise<void> => {
  if (!rt.hub.here.hasReaders(conversationId)) return;
  const { assignee } = await startSignals(rt, rt.store.db, conversationId);
  rt.hub.here.signal(conversationId, { type: 'assignee', agent: assignee }, 'all');
};

const hearDelivery = async (
  rt: Runtime,
  { conversationId, deliveryId }: NodeMessageOf<'delivery'>,
): Promise<void> => {
  if (!rt.hub.here.hasReaders(conversationId)) return;
  const row = await rt.store.db
    .selectFrom('deliveries as d')
    .innerJoin('channels as c', 'c.id', 'd.channel_id')
    .select(['d.id', 'd.seq', 'd.state', 'd.error', 'c.kind'])
    .where('d.id', '=', deliveryId)
    .executeTakeFirst();
  if (!row) return;
  const delivery = deliveryView(row, row.kind);
  rt.hub.here.signal(conversationId, { type: 'delivery', delivery }, 'agents');
};

/** Tells those who are connected here what another node said. What it left out is read. */
export const hear = async (rt: Runtime, from: string, message: Heard): Promise<void> => {
  const { here } = rt.hub;
  switch (message.type) {
    case 'present':
      return rt.peers.setWeb(from, message.conversationId, message.web);
    case 'visible':
      return rt.presence.noteVisible(message.conversationId, message.sessionId, message.visible);
    case 'agent-connected':
      return rt.peers.setAgent(from, message, message.connected);
    case 'agent-changed':
      return agentPresenceHere(rt, message.agentId);
    case 'session-ended':
      return here.endSession(message.sessionId);
    case 'announce':
      return announceHere(rt, message.conversationIds);
    case 'queue':
      return queueMovedHere(rt, message.workspaceId);
    case 'typing':
      return hearTyping(rt, message);
    case 'inbox-typing': {
      const { workspaceId, ...signal } = message;
      return here.signalInbox(workspaceId, { ...signal, type: 'typing' });
    }
    case 'positions':
      return here.signal(message.conversationId, { type: 'positions', positions: message.positions }, 'all');
    case 'assignee':
      return hearAssignee(rt, message.conversationId);
    case 'delivery':
      return hearDelivery(rt, message);
  }
};
