import type { Runtime } from '../runtime.ts';
import { sessionScope } from '../storage/scopes.ts';
import { createProofChecker, type ProofChecker } from './dpop.ts';
import { createSessionWatch, type SessionWatch } from './watch.ts';

/** What one process holds for its sessions beside the rows. */
export interface SessionGate {
  proofs: ProofChecker;
  watch: SessionWatch;
  /** Notes that a session was used, without waiting for the note to be written. */
  noteUse: (sessionId: string) => void;
}

/** Ids in one query: a longer list would hold up the others. */
const CHUNK = 500;

const gates = new WeakMap<Runtime, SessionGate>();

const liveOf = async (rt: Runtime, ids: string[]): Promise<ReadonlySet<string>> => {
  const live = new Set<string>();
  for (let at = 0; at < ids.length; at += CHUNK) {
    const rows = await rt.store.db
      .selectFrom('sessions')
      .select('id')
      .where('id', 'in', ids.slice(at, at + CHUNK))
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', rt.now())
      .execute();
    for (const { id } of rows) live.add(id);
  }
  return live;
};

const touch = (rt: Runtime, ids: string[]): Promise<void> =>
  rt.store.write(async (tx) => {
    await tx.db.updateTable('sessions').set({ last_used_at: rt.now() }).where('id', 'in', ids).execute();
  }, sessionScope(ids));

const createGate = (rt: Runtime): SessionGate => {
  const noting = new Set<string>();
  const noteUse = async (id: string): Promise<void> => {
    if (noting.has(id)) return;
    noting.add(id);
    try {
      await touch(rt, [id]);
    } catch (error) {
      rt.log.warn({ err: error, sessionId: id }, 'the use of a session could not be noted');
    }
    noting.delete(id);
  };
  const watch = createSessionWatch({
    now: rt.now,
    log: rt.log,
    liveOf: (ids) => liveOf(rt, ids),
    touch: (ids) => touch(rt, ids),
  });
  rt.hub.listenSessions((id) => watch.end(id));
  return {
    proofs: createProofChecker({ publicUrl: rt.config.publicUrl, now: rt.now }),
    watch,
    noteUse: (id) => void noteUse(id),
  };
};

/** The gate of this runtime: one, made at first use, gone with the runtime. */
export const gateOf = (rt: Runtime): SessionGate => {
  const known = gates.get(rt);
  if (known) return known;
  const gate = createGate(rt);
  gates.set(rt, gate);
  return gate;
};
