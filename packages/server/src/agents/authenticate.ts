import type { Actor } from '@continuo/protocol';
import type { FastifyRequest } from 'fastify';
import { agentActor } from '../conversations/profile.ts';
import type { AgentRow } from '../conversations/rows.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { AccountSession, Accounts } from './accounts.ts';

/** The agent that a request comes from. */
export interface SignedInAgent {
  agent: AgentRow;
  workspaceId: string;
  /** As the one who does something. */
  actor: Actor;
  session: AccountSession;
}

/** @throws ContinuoError `unauthorized` when no agent is signed in */
export async function authenticateAgent(
  rt: Runtime,
  accounts: Accounts,
  request: FastifyRequest,
): Promise<SignedInAgent> {
  const session = await accounts.findSession(request.headers.cookie);
  const agent = session
    ? await rt.store.db
        .selectFrom('agents')
        .selectAll()
        .where('user_id', '=', session.userId)
        .executeTakeFirst()
    : undefined;
  if (!session || !agent) throw new ContinuoError('unauthorized', { detail: 'No agent is signed in' });
  return { agent, workspaceId: agent.workspace_id, actor: agentActor(agent), session };
}

/**
 * A cookie goes with requests that other sites' pages make, too: those say where they come from.
 * @throws ContinuoError `forbidden` when `Origin` is another one than the server's own
 */
export function refuseForeignOrigin(rt: Runtime, { headers, protocol, host }: FastifyRequest): void {
  const { origin } = headers;
  if (origin === undefined || origin === rt.config.publicUrl || origin === `${protocol}://${host}`) return;
  throw new ContinuoError('forbidden', { detail: "The request comes from another site's page" });
}
