import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the process of the clients is asked. */
export type HerdAsk =
  /** From now on count who is back. */
  | { type: 'mark' | 'count' }
  /** The first so many write a message. */
  | { type: 'write'; clients: number; text: string }
  /** Answered when every stream runs and nothing waits to be sent. */
  | { type: 'settle' };

export interface HerdAnswer {
  /** When each stream was opened since the mark (epoch ms). */
  back: number[];
  /** What each client shows as sent. */
  texts: string[][];
}

/** Many real clients in a process of their own. */
export interface Herd {
  ask(ask: HerdAsk): Promise<HerdAnswer>;
  close(): Promise<void>;
}

/** Resolves when every client has said something and reads its stream. */
export const startHerd = async (
  { url, channelKey }: { url: string; channelKey: string },
  clients: number,
): Promise<Herd> => {
  const child = fork(join(import.meta.dirname, 'herd-clients.ts'), [url, channelKey, String(clients)], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then((): never => {
    throw new Error('the process of the clients ended');
  });
  // It ends when the test does, too.
  gone.catch(() => {});
  const answer = async (): Promise<HerdAnswer> => {
    const [message] = await Promise.race([once(child, 'message'), gone]);
    return message;
  };
  await answer();
  return {
    ask(ask) {
      child.send(ask);
      return answer();
    },
    async close() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
};

/** How many came back in each second after the first. */
export const perSecond = (times: readonly number[]): number[] => {
  const first = Math.min(...times);
  const counts: number[] = [];
  for (const time of times) {
    const second = Math.floor((time - first) / 1000);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return Array.from(counts, (count = 0) => count);
};

const BAR = 60;

/** A line for each second. */
export const histogram = (title: string, counts: readonly number[]): string => {
  const most = Math.max(...counts);
  const lines = counts.map((count, second) => {
    const bar = '#'.repeat(Math.round((count / most) * BAR));
    return `${String(second).padStart(4)} s ${String(count).padStart(5)} ${bar}`;
  });
  return `\n${title}\n${lines.join('\n')}\n`;
};
