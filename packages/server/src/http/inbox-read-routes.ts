import { InboxConversation } from '@continuo/protocol';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { inboxConversation } from '../conversations/inbox-conversation.ts';
import { serveConversationStream } from '../live/conversation-stream.ts';
import type { Runtime } from '../runtime.ts';
import { ConversationPath, INBOX, type InboxGuard } from './inbox-agent.ts';
import { HISTORY, STREAM, sendHistory } from './log-answers.ts';

/** What an agent reads of one conversation. The paths mirror the customer's. */
export const inboxReadRoutes =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/inbox/conversations/:id',
      {
        schema: {
          ...INBOX,
          summary:
            'Everything beside the log: who the customer is, where they can be reached, how deliveries fare',
          params: ConversationPath,
          response: { 200: InboxConversation },
        },
      },
      async (request) => {
        await guard.conversation(request, request.params.id);
        return inboxConversation(rt, rt.store.db, request.params.id);
      },
    );

    app.get(
      '/v1/inbox/conversations/:id/history',
      {
        schema: { ...INBOX, ...HISTORY, params: ConversationPath },
      },
      async (request, reply) => {
        await guard.conversation(request, request.params.id);
        const { params, query } = request;
        return sendHistory(rt, reply, { conversationId: params.id, reader: 'agents', floor: 0, query });
      },
    );

    app.get(
      '/v1/inbox/conversations/:id/events',
      {
        schema: { ...INBOX, ...STREAM, params: ConversationPath },
      },
      async (request, reply) => {
        const me = await guard.conversation(request, request.params.id);
        return serveConversationStream(rt, reply, {
          conversationId: request.params.id,
          audience: 'agents',
          visibleAfter: 0,
          sessionId: null,
          agentId: me.agent.id,
          watch: () => guard.watch(me),
        });
      },
    );
  };
