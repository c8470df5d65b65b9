import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Memory } from './system.ts';

/** A program of the benchmark in a process of its own. It ends with us, whatever ends us. */
export interface Program {
  pid: number;
  /** Asks over the channel; answers come in the order of the questions. */
  ask<T>(what: string): Promise<T>;
  /** Asks for an orderly end, and waits for it. */
  end(): Promise<void>;
}

/** Milliseconds for an orderly end; then it is killed. */
const END_WITHIN_MS = 10_000;

const talkTo = (child: ChildProcess) => {
  // biome-ignore lint/suspicious/noExplicitAny: whoever asks says what the answer is
  const waiting: { resolve: (answer: any) => void; reject: (error: Error) => void }[] = [];
  child.on('message', (answer) => waiting.shift()?.resolve(answer));
  child.on('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${child.spawnfile} ended with ${code}`));
  });
  return <T>(what: string | null): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      if (what !== null) child.send(what);
    });
};

/** Starts `file` of this folder and waits until it says that it is ready. What it logs is thrown away. */
export const startProgram = async (
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Program> => {
  const child = fork(join(import.meta.dirname, file), args, {
    // Without the condition `source`: packages answer with what was built.
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
  });
  const ask = talkTo(child);
  await ask(null);
  return {
    pid: child.pid ?? 0,
    ask,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const late = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
      child.send('close');
      await once(child, 'exit');
      clearTimeout(late);
    },
  };
};

/** Clock ticks a second in a process's `stat`: 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const TICKS = 100;

/** `utime + stime` of a process, and with `children` of those that it has waited for; null where there is no `/proc`. */
const ticksOf = (pid: number, { children }: { children: boolean }): number | null => {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  return user + system + (children ? childrenUser + childrenSystem : 0);
};

/** Processor time of a process since its start, microseconds; null where it cannot be told. */
export const cpuOf = (pid: number): number | null => {
  const ticks = ticksOf(pid, { children: false });
  return ticks === null ? null : (ticks * 1e6) / TICKS;
};

/** The same of a process and all its children, those that are over included. */
export const cpuOfFamily = (pid: number): number | null => {
  const own = ticksOf(pid, { children: true });
  if (own === null) return null;
  let ticks = own;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '');
      if (Number(stat.split(' ')[1]) === pid) ticks += ticksOf(Number(name), { children: false }) ?? 0;
    } catch {
      // It ended meanwhile: what it used is in its parent's account.
    }
  }
  return (ticks * 1e6) / TICKS;
};

/** What a process that is not ours to ask holds; null where there is no `/proc`. */
export const memoryOf = (pid: number): Memory | null => {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1];
  return { rss: Number(kB) * 1024, heap: null };
};
