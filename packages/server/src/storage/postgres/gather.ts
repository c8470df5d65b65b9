/** One of the calls that were gathered. */
interface Call<Ask, Answer> {
  ask: Ask;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Gathers what is asked for while the event loop is at one thing, so that it shares a round trip and a statement. Units
 * of a batch run at the same time, so that they mostly ask the same at the same time.
 *
 * @param answer answers all of them, each in its place; what it throws all are told
 * @param isApart whether two must not share a statement. @default never
 */
export const gather = <Ask, Answer>(
  answer: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
  isApart: (one: Ask, other: Ask) => boolean = () => false,
): ((ask: Ask) => Promise<Answer>) => {
  let rounds: Call<Ask, Answer>[][] = [];

  const run = async (calls: readonly Call<Ask, Answer>[]): Promise<void> => {
    try {
      const answers = await answer(calls.map(({ ask }) => ask));
      for (const [index, { resolve, reject }] of calls.entries()) {
        const own = answers[index];
        if (own === undefined) reject(new Error('no answer'));
        else resolve(own);
      }
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  };

  const runAll = (): void => {
    const calls = rounds;
    rounds = [];
    for (const round of calls) void run(round);
  };

  return (ask) =>
    new Promise((resolve, reject) => {
      // After everything that is ready to run now has run.
      if (rounds.length === 0) process.nextTick(runAll);
      const fits = rounds.find((round) => !round.some((call) => isApart(call.ask, ask)));
      const call = { ask, resolve, reject };
      if (fits) fits.push(call);
      else rounds.push([call]);
    });
};
