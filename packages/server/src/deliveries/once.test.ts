import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Act, Play, type Step, steps } from './testing/play.ts';
import { createWorld, type World } from './testing/world.ts';

/*
 * Invariant 9: a reply is delivered to the customer once, on the web or on the network, never both, never neither. One
 * customer, one network, and everything that can go wrong in between, in any order: the customer comes and goes and
 * reads, the network takes messages or not and answers or not, the process ends at any step, echoes come at any time.
 */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** What a delivery may have come to: how often the customer has it from the network, and whether on the web instead. */
const outcomeOf = (state: string): { times: number; onWeb: boolean } => ({
  times: ['sent', 'delivered', 'read'].includes(state) ? 1 : 0,
  onWeb: state === 'web',
});

const acts = (...names: Act[]): Step[] => names.map((act) => ({ act }));
const carriedOut: Step[] = [{ act: 'claim' }, { send: 'takes it' }, { act: 'settle' }];

/** Plays that chance finds too seldom. */
const TRAPS: [Step[], boolean][] = [
  // What was read on the network is no sight of what waits for the web.
  [[...acts('come', 'say', 'send a link'), ...carriedOut, ...acts('read there', 'go')], false],
  // What waits for the web is not overtaken by an answer to what the customer has written on the network since.
  [[...acts('come', 'say', 'go'), { pass: 1 }, ...acts('write there', 'say'), ...carriedOut], false],
  // A process that ends after the network took it leaves it to the echo.
  [[...acts('say', 'claim'), { send: 'takes it' }, { act: 'crash' }, { pass: 60_001 }, ...carriedOut], true],
];

test('a reply reaches the customer once: on the web or on the network, never both, never neither', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (plan, endsOnWeb) => {
      count += 1;
      const play = new Play(world, await world.meet(`p${count}`));
      for (const step of plan) await play.run(step);
      world.web(endsOnWeb, play.conversationId);
      await play.heal();

      const rows = await world.rows(play.conversationId);
      expect(rows.map(({ seq }) => seq)).toEqual(play.messages.map(({ seq }) => seq));
      for (const { seq, word } of play.messages) {
        const state = rows.find((row) => row.seq === seq)?.state ?? '';
        // What reaches nobody is there for the agent to see, as failed or unknown; nothing waits for ever.
        expect(['sent', 'delivered', 'read', 'web', 'failed', 'unknown']).toContain(state);
        const { times, onWeb } = outcomeOf(state);
        const taken = play.taken.filter(({ request }) => request.text.includes(word));
        expect({ state, times: taken.length }).toEqual({ state, times });
        if (onWeb) expect(seq).toBeLessThanOrEqual(play.seenOnWeb);
      }
      // In order: the customer sees replies there as they were written.
      const replies = play.messages.filter(({ isLink }) => !isLink);
      const seen = play.taken.flatMap(({ request }) =>
        replies.filter(({ word }) => request.text.includes(word)).map(({ seq }) => seq),
      );
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    }),
    { numRuns: 120, examples: TRAPS },
  );
}, 60_000);
