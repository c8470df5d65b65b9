import type { Runtime } from '../runtime.ts';
import { drainQueue } from './assign.ts';

const isWaiting = async (rt: Runtime, workspaceId: string): Promise<boolean> => {
  const row = await rt.store.db
    .selectFrom('conversations')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('queued_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};

/** Gives what waits in a workspace to the agents who are online. It runs alone, and so looks first. */
export const giveOutQueue = async (rt: Runtime, workspaceId: string): Promise<void> => {
  let more = await isWaiting(rt, workspaceId);
  while (more) ({ more } = await rt.store.write((tx) => drainQueue(rt, tx, workspaceId)));
};

/**
 * Call it after the commit that put a case into the queue: an agent who came online on another node in that moment
 * found nothing there yet.
 */
export const queued = (rt: Runtime, workspaceId: string): void => {
  if (rt.hub.connectedAgents(workspaceId).size === 0) return;
  giveOutQueue(rt, workspaceId).catch((error: unknown) => {
    rt.log.error({ err: error }, 'giving out the queue failed');
  });
};
