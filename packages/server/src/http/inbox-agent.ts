import { Id } from '@continuo/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Accounts } from '../agents/accounts.ts';
import { authenticateAgent, type SignedInAgent } from '../agents/authenticate.ts';
import { ContinuoError } from '../errors.ts';
import type { Right } from '../live/right.ts';
import { whenClosed } from '../live/sse.ts';
import type { Runtime } from '../runtime.ts';
import type { SessionWatch } from '../sessions/watch.ts';

/** What the agents' routes need besides the runtime. */
export interface InboxDeps {
  accounts: Accounts;
  watch: SessionWatch;
}

/** Path of everything under one conversation. */
export const ConversationPath = Type.Object({ id: Id });

/** What every agents' route says of itself. */
export const INBOX = { tags: ['inbox'] };

/** Answer of what only does something. */
export const Done = Type.Null({ description: 'Done' });

/** Finds out who asks, and lets them only at what is their workspace's. */
export interface InboxGuard {
  /** @throws ContinuoError `unauthorized` */
  agent(request: FastifyRequest): Promise<SignedInAgent>;
  /** @throws ContinuoError `unauthorized`; `not_found`, the same for what does not exist and what is another workspace's */
  conversation(request: FastifyRequest, conversationId: string): Promise<SignedInAgent>;
  /** Watches the agent's session for an open stream. */
  watch(me: SignedInAgent): Right;
  /** Aborts when the agent's session is over; watched until the answer is closed. */
  ended(me: SignedInAgent, reply: FastifyReply): AbortSignal;
}

export function createInboxGuard(rt: Runtime, { accounts, watch }: InboxDeps): InboxGuard {
  const agent: InboxGuard['agent'] = (request) => authenticateAgent(rt, accounts, request);
  return {
    agent,
    async conversation(request, conversationId) {
      const me = await agent(request);
      const row = await rt.store.db
        .selectFrom('conversations')
        .select('id')
        .where('id', '=', conversationId)
        .where('workspace_id', '=', me.workspaceId)
        .executeTakeFirst();
      if (!row) throw new ContinuoError('not_found');
      return me;
    },
    watch: ({ session }) => watch.add(session.id),
    ended({ session }, reply) {
      const right = watch.add(session.id);
      const ended = new AbortController();
      right.onEnd(() => ended.abort());
      whenClosed(reply.raw, () => right.release());
      return ended.signal;
    },
  };
}
