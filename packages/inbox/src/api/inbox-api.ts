import type { Api } from '@continuo/core/conversation';
import type {
  AgentList,
  AgentProfile,
  ConversationSummary,
  InboxConversation,
  InboxList,
  Me,
  OfferedHandoff,
} from '@continuo/protocol';

export type View = 'mine' | 'waiting' | 'all';
export type Status = ConversationSummary['status'];
export type AgentWithLoad = AgentList['agents'][number];

/** What of the list is asked for. `cursor` null: its first page. */
export interface ListQuery {
  view: View;
  status: Status;
  cursor: string | null;
}

/** The requests of the inbox. Each rejects with core's `ContinuoError`. */
export interface InboxApi {
  me(): Promise<Me>;
  signIn(email: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  setPresence(status: AgentProfile['status']): Promise<void>;
  agents(): Promise<AgentWithLoad[]>;
  list(query: ListQuery): Promise<InboxList>;
  conversation(id: string): Promise<InboxConversation>;
  assign(id: string, agentId: string | null): Promise<void>;
  resolve(id: string): Promise<void>;
  /** The conversation's messages up to this seq have reached the agent's inbox. */
  received(id: string, seq: number): Promise<void>;
  /** `clientId` makes a repetition harmless. */
  offerHandoff(id: string, clientId: string): Promise<OfferedHandoff>;
  retryDelivery(id: string, deliveryId: string): Promise<void>;
  /** The customer was called. */
  callbackDone(id: string, callbackId: string): Promise<void>;
}

/** How often a failed reading is repeated before the agent is told. */
const READ = { retry: 2 };

/** Path of one conversation and of everything under it. */
export const conversationPath = (id: string): string => `/v1/inbox/conversations/${encodeURIComponent(id)}`;

export const createInboxApi = (api: Api): InboxApi => ({
  me: () => api.get<Me>('/v1/inbox/me', READ),
  // Empty objects: the accounts' routes take JSON bodies only.
  signIn: (email, password) => api.post('/v1/auth/sign-in/email', { email, password }),
  signOut: () => api.post('/v1/auth/sign-out', {}),
  setPresence: (status) => api.call('put', '/v1/inbox/presence', { json: { status } }),
  agents: async () => (await api.get<AgentList>('/v1/inbox/agents', READ)).agents,
  list: ({ view, status, cursor }) =>
    api.get<InboxList>('/v1/inbox/conversations', {
      ...READ,
      search: { view, status, ...(cursor !== null && { cursor }) },
    }),
  conversation: (id) => api.get<InboxConversation>(conversationPath(id), READ),
  assign: (id, agentId) => api.post(`${conversationPath(id)}/assign`, { agentId }),
  received: (id, received) => api.post(`${conversationPath(id)}/receipts`, { received }),
  resolve: (id) => api.post(`${conversationPath(id)}/resolve`, {}),
  offerHandoff: (id, clientId) => api.post<OfferedHandoff>(`${conversationPath(id)}/handoffs`, { clientId }),
  callbackDone: (id, callbackId) =>
    api.post(`${conversationPath(id)}/callbacks/${encodeURIComponent(callbackId)}/done`, {}),
  retryDelivery: (id, deliveryId) =>
    api.post(`${conversationPath(id)}/deliveries/${encodeURIComponent(deliveryId)}/retry`, {}),
});
