import type { Runtime } from '../runtime.ts';
import { summaryViews } from './summary.ts';

/** Conversations to announce in this turn of the event loop, and whether to other nodes too. */
type Pending = Map<string, boolean>;

/** For each server of the process. */
const pending = new WeakMap<Runtime['hub'], Pending>();

/** Conversations read in one query. */
const LOOKUP = 500;

const tellInboxes = async (rt: Runtime, ids: readonly string[]): Promise<void> => {
  // Nobody looks: nothing is read.
  if (!rt.hub.here.hasInboxes()) return;
  try {
    for (let from = 0; from < ids.length; from += LOOKUP) {
      const views = await summaryViews(rt, rt.store.db, ids.slice(from, from + LOOKUP));
      for (const { workspaceId, summary } of views)
        rt.hub.here.signalInbox(workspaceId, { type: 'conversation', conversation: summary });
    }
  } catch (error) {
    rt.log.error({ err: error }, 'announcing conversations to inboxes failed');
  }
};

const flush = (rt: Runtime, rows: Pending): void => {
  const told = [...rows].filter(([, everywhere]) => everywhere).map(([id]) => id);
  if (told.length > 0) rt.hub.elsewhere.announce(told);
  // At the end of the server nobody here is left to be told, and the store may be closed.
  if (!rt.hub.streams.draining) void tellInboxes(rt, [...rows.keys()]);
};

const gather = (rt: Runtime, ids: readonly string[], everywhere: boolean): void => {
  const known = pending.get(rt.hub);
  const rows: Pending = known ?? new Map();
  for (const id of ids) rows.set(id, everywhere || rows.get(id) === true);
  if (known) return;
  pending.set(rt.hub, rows);
  setImmediate(() => {
    pending.delete(rt.hub);
    flush(rt, rows);
  });
};

/**
 * Tells the workspace's inboxes, on every node, that a conversation's row changed. Call it after the commit. Many calls
 * in one turn of the event loop are one announcement.
 */
export const announce = (rt: Runtime, conversationId: string): void => gather(rt, [conversationId], true);

/** The same to the inboxes of this node alone: of what every node finds out by itself, or another node told. */
export const announceHere = (rt: Runtime, conversationIds: readonly string[]): void =>
  gather(rt, conversationIds, false);
