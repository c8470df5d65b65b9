/**
 * Invariants 1 to 9, whatever happens in whatever order: two devices of a customer who came from Messenger, a visitor,
 * an agent, a network that loses, doubles, delays and breaks, pages that reload, clocks that are a day off, and servers
 * that are killed; on the embedded engine, and on two nodes with one PostgreSQL. After quiet, the log is held against
 * every view.
 *
 * A failure prints its seed and its path. `SCHEDULE_SEED=<seed> SCHEDULE_PATH=<path>` begins with that schedule and
 * looks for a shorter one (`-t sqlite`, `-t postgres`: on that engine only). Acts and dice are the same then; how they
 * fall together with the machine's own timing is not, so a rare failure may take several tries. `SOAK_MINUTES=<minutes>`
 * (`npm run soak`) goes on so long with schedules that nobody has seen, half of it on each engine; an ordinary run plays the
 * same ones each time.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Engine } from '../support/cluster.ts';
import { type Act, schedules } from './schedule/acts.ts';
import { checkInvariants } from './schedule/invariants.ts';
import { createPlayer } from './schedule/play.ts';
import { playScene, type Stage, setStage } from './schedule/scene.ts';

const { SCHEDULE_SEED: seed, SCHEDULE_PATH: path, SOAK_MINUTES: soakMinutes } = process.env;
const ENGINES: [Engine, number][] = [
  ['sqlite', 1],
  ['postgres', 2],
];
const soakMs = (Number(soakMinutes ?? 0) * 60_000) / ENGINES.length;
/** Milliseconds of schedules in an ordinary run; the one under way is ended. */
const ORDINARY_MS = 10_000;
/** Schedules in an ordinary run. */
const RUNS = 8;
/** Of an ordinary run: the same schedules each time, so that a change fails by what it changed. */
const ORDINARY_SEED = 7;

type Schedule = { acts: Act[]; seed: number };

const play = async (stage: Stage, { acts, seed: diceSeed }: Schedule): Promise<void> => {
  const scene = await playScene(stage);
  const player = createPlayer(scene, diceSeed);
  try {
    for (const act of acts) await player.run(act);
    await player.settled();
    await scene.heal();
    await checkInvariants(scene);
  } finally {
    scene.leave();
    await player.settled();
  }
};

describe.each(ENGINES)('on %s, nodes: %i', (engine, nodes) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage(engine, nodes);
  });
  afterAll(() => stage?.close());

  const complain = (schedule: unknown, again: string, cause: unknown): never => {
    const output = stage.nodes.map((node) => node.output()).join('\n');
    throw new Error(`${again}\n${JSON.stringify(schedule)}\n${output}`, { cause });
  };

  const title =
    'whatever happens, after quiet the log and every view hold each message once, in order, and each reply arrived once';
  test(title, { timeout: soakMs + 600_000 }, async () => {
    const isReplay = seed !== undefined;
    let count = 0;
    /** The one that is played now, or was last. */
    const latest: { schedule: Schedule; playing: Promise<void> }[] = [];
    const property = fc.asyncProperty(schedules, async (schedule) => {
      count += 1;
      const playing = play(stage, schedule);
      latest.splice(0, 1, { schedule, playing });
      await playing;
    });
    const details = await fc.check(property, {
      numRuns: soakMs > 0 ? Number.MAX_SAFE_INTEGER : RUNS,
      interruptAfterTimeLimit: soakMs || ORDINARY_MS,
      // A shorter schedule takes minutes to find: looked for only when it was asked for.
      endOnFailure: !isReplay,
      ...(soakMs === 0 && { seed: ORDINARY_SEED }),
      ...(isReplay && { seed: Number(seed), numRuns: 1, interruptAfterTimeLimit: 300_000 }),
      ...(path !== undefined && { path }),
    });
    const again = `SCHEDULE_SEED=${details.seed} SCHEDULE_PATH=${details.counterexamplePath ?? count - 1}`;
    if (details.counterexample) complain(details.counterexample, again, details.errorInstance);
    // Time was over in the middle of one: it is played to its end.
    for (const { schedule, playing } of latest)
      await playing.catch((error: unknown) => complain(schedule, again, error));
    console.info(`${count} schedules, SCHEDULE_SEED=${details.seed}`);
  });
});
