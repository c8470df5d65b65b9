import { AgentList, InboxList, Me, SetPresence } from '@continuo/protocol';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { refuseForeignOrigin } from '../agents/authenticate.ts';
import { agentPresenceChanged } from '../conversations/agent-presence.ts';
import { inboxList } from '../conversations/inbox-list.ts';
import { agentProfile } from '../conversations/profile.ts';
import { downloadRoute, type FileSide } from '../files/file-routes.ts';
import { serveInboxStream } from '../live/inbox-stream.ts';
import type { Runtime } from '../runtime.ts';
import { agentScope } from '../storage/scopes.ts';
import { createInboxGuard, Done, INBOX, type InboxDeps, type InboxGuard } from './inbox-agent.ts';
import { inboxCallbackRoute, inboxCaseRoutes, inboxErasureRoute } from './inbox-case-routes.ts';
import { inboxNetworkRoutes } from './inbox-network-routes.ts';
import { inboxReadRoutes } from './inbox-read-routes.ts';
import { inboxWriteRoutes } from './inbox-write-routes.ts';

const ListQuery = Type.Object({
  view: Type.Union([Type.Literal('mine'), Type.Literal('waiting'), Type.Literal('all')], { default: 'all' }),
  status: Type.Union([Type.Literal('open'), Type.Literal('resolved')], { default: 'open' }),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
});

/** Agents see every file of their workspace's conversations. */
const agentFiles = (guard: InboxGuard): FileSide => ({
  path: '/v1/inbox/conversations/:id',
  ...INBOX,
  async authenticate(request, conversationId) {
    const me = await guard.conversation(request, conversationId);
    const { workspaceId, agent } = me;
    return { workspaceId, conversationId, owner: agent.id, visibleAfter: 0, watch: () => guard.watch(me) };
  },
});

/** Everything under `/v1/inbox`: the agents' side, by cookie, each in their own workspace. */
export const inboxRoutes =
  (rt: Runtime, deps: InboxDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const guard = createInboxGuard(rt, deps);
    app.addHook('onRequest', async (request) => refuseForeignOrigin(rt, request));
    await app.register(selfRoutes(rt, guard));
    await app.register(workspaceRoutes(rt, guard));
    await app.register(inboxReadRoutes(rt, guard));
    await app.register(inboxWriteRoutes(rt, guard));
    await app.register(inboxCaseRoutes(rt, guard));
    await app.register(inboxCallbackRoute(rt, guard));
    await app.register(inboxErasureRoute(rt, guard));
    await app.register(inboxNetworkRoutes(rt, guard));
    await app.register(downloadRoute(rt, agentFiles(guard)));
  };

/** The agent themselves. */
const selfRoutes =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/inbox/me',
      { schema: { ...INBOX, summary: 'Who is signed in', response: { 200: Me } } },
      async (request) => {
        const { agent, workspaceId } = await guard.agent(request);
        const workspace = await rt.store.db
          .selectFrom('workspaces')
          .select(['id', 'name'])
          .where('id', '=', workspaceId)
          .executeTakeFirstOrThrow();
        return { agent: agentProfile(rt, agent), email: agent.email, workspace };
      },
    );

    app.put(
      '/v1/inbox/presence',
      {
        schema: {
          ...INBOX,
          summary: 'Be online or away. Online takes what waits in the queue',
          body: SetPresence,
          response: { 204: Done },
        },
      },
      async (request, reply) => {
        const { agent } = await guard.agent(request);
        const { status } = request.body;
        await rt.store.write(async (tx) => {
          await tx.db.updateTable('agents').set({ status }).where('id', '=', agent.id).execute();
        }, agentScope(agent.id));
        await agentPresenceChanged(rt, agent.id);
        return reply.code(204).send(null);
      },
    );

    app.get(
      '/v1/inbox/signals',
      {
        schema: {
          ...INBOX,
          summary: 'News of the inbox (SSE, `event: signal`); read the list anew after each connection',
          response: {
            200: {
              description: 'Each event’s data is an InboxSignal',
              content: { 'text/event-stream': { schema: Type.String() } },
            },
          },
        },
      },
      async (request, reply) => {
        const me = await guard.agent(request);
        const ended = guard.ended(me, reply);
        await serveInboxStream(rt, reply, { workspaceId: me.workspaceId, agentId: me.agent.id, ended });
        return reply;
      },
    );
  };

/** The workspace: colleagues and conversations. */
const workspaceRoutes =
  (rt: Runtime, guard: InboxGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/v1/inbox/agents',
      { schema: { ...INBOX, summary: 'The agents and how busy they are', response: { 200: AgentList } } },
      async (request) => {
        const { workspaceId } = await guard.agent(request);
        const rows = await rt.store.db
          .selectFrom('agents')
          .selectAll()
          .select(({ selectFrom }) =>
            selectFrom('conversations')
              .select(({ fn }) => fn.countAll<number>().as('open'))
              .whereRef('assignee_id', '=', 'agents.id')
              .where('status', '=', 'open')
              .as('open'),
          )
          .where('workspace_id', '=', workspaceId)
          .orderBy('name')
          .execute();
        return {
          agents: rows.map((row) => ({ ...agentProfile(rt, row), openConversations: Number(row.open ?? 0) })),
        };
      },
    );

    app.get(
      '/v1/inbox/conversations',
      {
        schema: {
          ...INBOX,
          summary: 'A page of conversations: newest activity first, waiting ones oldest first',
          querystring: ListQuery,
          response: { 200: InboxList },
        },
      },
      async (request) => {
        const { agent, workspaceId } = await guard.agent(request);
        const { view, status, cursor = null } = request.query;
        return inboxList(rt, rt.store.db, { workspaceId, agentId: agent.id, view, status, cursor });
      },
    );
  };
