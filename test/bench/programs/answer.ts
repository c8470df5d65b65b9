/*
 * How a program of the benchmark answers its parent over their channel.
 */

const memory = () => {
  // Twice: what the first run finalises, the second frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
};

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Answers to a question: its name, and words after it. */
type Answers = Record<string, (...words: string[]) => unknown>;

/** Answers `memory`, `cpu`, what is in `more`, and `close`; ends when the parent is gone. Says that it is ready. */
export const answerParent = (more: Answers = {}): void => {
  const answers: Answers = { memory, cpu, ...more };
  process.on('message', async (question) => {
    const [name = '', ...words] = String(question).split(' ');
    if (name === 'close') {
      await more.close?.();
      process.exit(0);
    }
    process.send?.((await answers[name]?.(...words)) ?? null);
  });
  process.once('disconnect', () => process.exit(1));
  process.send?.('ready');
};
