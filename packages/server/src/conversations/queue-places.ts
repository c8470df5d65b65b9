import type { Runtime } from '../runtime.ts';

/** A conversation hears of its place at most once in this time (ms). */
const PAUSE = 1000;

/** Of one workspace on this node. */
interface Told {
  /** Places that were told last, by conversation. */
  places: Map<string, number>;
  /** Told a moment ago: what moves meanwhile is told when the pause is over. */
  isPausing: boolean;
  hasMoved: boolean;
}

/** For each server of the process, by workspace. */
const servers = new WeakMap<Runtime['hub'], Map<string, Told>>();

const readPlaces = async (rt: Runtime, workspaceId: string): Promise<Map<string, number>> => {
  const rows = await rt.store.db
    .selectFrom('conversations')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('queued_at', 'is not', null)
    .orderBy('queued_at')
    .orderBy('id')
    .execute();
  return new Map(rows.map(({ id }, index) => [id, index + 1]));
};

const tell = async (rt: Runtime, workspaceId: string, told: Told): Promise<void> => {
  const { here } = rt.hub;
  const places = await readPlaces(rt, workspaceId);
  const before = told.places;
  told.places = new Map([...places].filter(([id]) => here.hasReaders(id)));
  for (const [id, position] of told.places) {
    if (before.get(id) !== position) here.signal(id, { type: 'queue', position }, 'customer');
  }
};

/**
 * Somebody left a workspace's queue, or came into it: the customers who wait and are connected to this node are told
 * where they stand now.
 */
export const queueMovedHere = (rt: Runtime, workspaceId: string): void => {
  const { hub, log } = rt;
  // Nobody looks: nothing is read.
  if (hub.streams.draining || hub.watched().length === 0) return;
  const workspaces = servers.get(hub) ?? new Map<string, Told>();
  servers.set(hub, workspaces);
  const told = workspaces.get(workspaceId) ?? { places: new Map(), isPausing: false, hasMoved: false };
  workspaces.set(workspaceId, told);
  told.hasMoved = true;
  if (told.isPausing) return;
  told.hasMoved = false;
  told.isPausing = true;
  tell(rt, workspaceId, told).catch((error: unknown) => {
    log.error({ err: error }, 'telling places in the queue failed');
  });
  setTimeout(() => {
    told.isPausing = false;
    if (told.hasMoved) queueMovedHere(rt, workspaceId);
    else if (told.places.size === 0) workspaces.delete(workspaceId);
  }, PAUSE).unref();
};

/** The same on every node. Call it after the commit. */
export const queueMoved = (rt: Runtime, workspaceId: string): void => {
  rt.hub.elsewhere.queueMoved(workspaceId);
  queueMovedHere(rt, workspaceId);
};
