import { Kysely } from 'kysely';
import { type Batches, createBatches } from '../batches.ts';
import type { Database } from '../schema.ts';
import { gatherByConversation, type Told, tell } from '../units.ts';
import { createWrites } from './appends.ts';
import { createUnitQueries, type Ending, runBatch, type Session } from './commit.ts';
import { connect, makeDurable, unavailable, writerConfig } from './connection.ts';
import { isStale, type Job, settleFailures, settleUndone, take } from './job.ts';
import { createUnitDialect } from './kysely.ts';
import type { News } from './news.ts';
import type { Limits } from './options.ts';
import { createPipe } from './pipe.ts';
import type { Turn } from './turns.ts';

interface LaneParts extends Told {
  url: string;
  now: () => number;
  limits: Limits;
  startTurn: () => Turn;
  /** Tells the other nodes. */
  tellNodes: News['tell'];
}

export interface Lane extends Pick<Batches<Job>, 'add'> {
  /** Finishes what is under way and closes the connection. */
  close(): Promise<void>;
}

const openSession = async ({ url, now, limits }: LaneParts, deadline: number): Promise<Session> => {
  const connection = await connect(writerConfig(url, limits.silence), deadline);
  try {
    await makeDurable(connection);
  } catch (error) {
    connection.destroy();
    throw unavailable('the database is away', error);
  }
  const pipe = createPipe(connection.client);
  const dialect = createUnitDialect(createUnitQueries(pipe));
  const queries = await new Kysely<Database>({ dialect }).startTransaction().execute();
  return { connection, pipe, queries, writes: createWrites(pipe, now) };
};

/** One connection and the units that wait for it: all with a scope, or all without. */
export const createLane = (parts: LaneParts): Lane => {
  let session: Session | null = null;

  const getSession = async (deadline: number): Promise<Session> => {
    if (session?.connection.isLost()) session = null;
    session ??= await openSession(parts, deadline);
    return session;
  };

  const runOn = async (current: Session, jobs: readonly Job[], turn: Turn): Promise<Ending> => {
    const { connection } = current;
    const watch = setTimeout(connection.destroy, parts.limits.batch);
    const ending = await runBatch(current, {
      jobs,
      onOutcome: turn.note,
    });
    clearTimeout(watch);
    return ending;
  };

  /** Runs them in one transaction. Returns those to run again. */
  const runOnce = async (jobs: readonly Job[]): Promise<Job[]> => {
    const deadline = Math.min(...jobs.map((job) => job.deadline));
    const [only] = jobs;
    const turn = parts.startTurn();
    try {
      const ending = await runOn(await getSession(deadline), jobs, turn);
      if (only && jobs.length === 1) only.runs += 1;
      if (ending.is === 'undone') return settleUndone(jobs, ending.error);
      if (ending.is === 'unknown') throw unavailable('whether it was committed is not known', ending.error);
      await turn.come();
      parts.tellNodes(gatherByConversation(ending.outcomes));
      tell(ending.outcomes, parts);
      if (ending.failures.some(isStale)) session?.connection.destroy();
      return settleFailures(jobs, ending.failures);
    } catch (error) {
      for (const { unit } of jobs) unit.reject(error);
      return [];
    } finally {
      turn.end();
    }
  };

  const runAll = async (jobs: readonly Job[]): Promise<void> => {
    const again = await runOnce(jobs);
    const half = Math.ceil(again.length / 2);
    if (half > 0) await runAll(again.slice(0, half));
    if (half < again.length) await runAll(again.slice(half));
  };

  const batches = createBatches<Job>(runAll, take);

  return {
    add: batches.add,
    async close() {
      await batches.idle();
      await session?.connection.end();
    },
  };
};
