import { Receipts, SendReply, SentMessage, Typing } from '@continuo/protocol';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { SignedInAgent } from '../agents/authenticate.ts';
import { keyOf } from '../conversations/client-key.ts';
import { agentProfile } from '../conversations/profile.ts';
import { markReceipts } from '../conversations/receipts.ts';
import { replyMessage } from '../conversations/reply.ts';
import { checkRich } from '../conversations/rich.ts';
import type { Runtime } from '../runtime.ts';
import { conversationScope } from '../storage/scopes.ts';
import { ConversationPath, Done, INBOX, type InboxGuard } from './inbox-agent.ts';
import { RATE_LIMITS } from './rate-limits.ts';

/** Something that an agent does in a conversation. */
interface Act<Body> {
  me: SignedInAgent;
  conversationId: string;
  body: Body;
}

const answer = (rt: Runtime, { me, conversationId, body }: Act<SendReply>) => {
  checkRich(body);
  const key = keyOf(body);
  const { text, replyTo, rich } = body;
  return rt.store.write(
    (tx) => replyMessage(rt, tx, { conversationId, agent: me.actor, text, key, replyTo, rich }),
    conversationScope(conversationId),
  );
};

const noteRead = (rt: Runtime, { conversationId, body }: Omit<Act<Receipts>, 'me'>) =>
  rt.store.write(
    (tx) => markReceipts(rt, tx, { conversationId, by: 'agent', ...body }),
    conversationScope(conversationId),
  );

/** The customer hears it, and colleagues before they answer too. */
function signalTyping(rt: Runtime, { me, conversationId, body: { on } }: Act<Typing>): void {
  const { agent, workspaceId } = me;
  rt.hub.signal(conversationId, { type: 'typing', from: 'agent', agent: agentProfile(rt, agent), on }, 'all');
  rt.hub.signalInbox(workspaceId, { type: 'typing', conversationId, from: 'agent', agentId: agent.id, on });
}

/** What an agent says and shows in one conversation. */
export const inboxWriteRoutes =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/inbox/conversations/:id/messages',
      {
        config: { rateLimit: RATE_LIMITS.messages },
        schema: {
          ...INBOX,
          summary: 'Answer. The same clientId again gives the same event; with another text it is a conflict',
          params: ConversationPath,
          body: SendReply,
          response: { 200: SentMessage, 201: SentMessage },
        },
      },
      async (request, reply) => {
        const { id: conversationId } = request.params;
        const me = await guard.conversation(request, conversationId);
        const { event, duplicate } = await answer(rt, { me, conversationId, body: request.body });
        return reply.code(duplicate ? 200 : 201).send({ event });
      },
    );

    app.post(
      '/v1/inbox/conversations/:id/typing',
      {
        schema: {
          ...INBOX,
          summary: 'The agent is typing, or stopped',
          params: ConversationPath,
          body: Typing,
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const { id: conversationId } = request.params;
        const me = await guard.conversation(request, conversationId);
        signalTyping(rt, { me, conversationId, body: request.body });
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/v1/inbox/conversations/:id/receipts',
      {
        schema: {
          ...INBOX,
          summary: 'How far the agent has read',
          params: ConversationPath,
          body: Receipts,
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const { id: conversationId } = request.params;
        await guard.conversation(request, conversationId);
        await noteRead(rt, { conversationId, body: request.body });
        return reply.code(204).send(null);
      },
    );
  };
