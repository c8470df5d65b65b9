import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled } from './compiled.ts';
import { freePort } from './free-port.ts';

export { freePort };

const SERVER = join(import.meta.dirname, '../../packages/server');
/** `built`: as a brand runs it. `source`: without a build, so that a test of the server alone needs none. */
const COMMANDS = {
  built: [join(SERVER, 'dist/cli/main.js')],
  source: ['--conditions=source', '--disable-warning=ExperimentalWarning', join(SERVER, 'src/cli/main.ts')],
};

/** The `continuo` command in a process of its own, on an embedded database in a folder of its own. */
export interface ServerProcess {
  url: string;
  dataDir: string;
  /** What it wrote so far: its log and its complaints. */
  output(): string;
  /** Runs `continuo …` beside the server and gives what it printed. @throws Error with its complaint */
  command(args: string[], input?: string): Promise<string>;
  /**
   * @param options.fileBytes what a file may grow to, as on a disk that is full then
   * @param options.under a program and its arguments that the server is run by, such as a tracer
   */
  start(options?: { fileBytes?: number; under?: readonly string[] }): Promise<void>;
  /** SIGTERM, and waits for the end. @returns the exit code */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Stops it and removes the data. */
  dispose(): Promise<void>;
}

/** Its exit code, once it has ended and all that it wrote has come. */
const endOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));

const isHealthy = async (url: string) => {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
};

export const createServerProcess = async (
  environment: Record<string, string> = {},
  from: keyof typeof COMMANDS = 'built',
): Promise<ServerProcess> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'continuo-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH ?? '',
    ...compiled(),
    CONTINUO_PORT: String(port),
    CONTINUO_HOST: '127.0.0.1',
    CONTINUO_PUBLIC_URL: url,
    CONTINUO_DATA_DIR: dataDir,
    ...environment,
  };
  const run = (
    args: string[],
    { fileBytes, under = [] }: { fileBytes?: number; under?: readonly string[] } = {},
  ) => {
    const command = [...under, process.execPath, ...COMMANDS[from], ...args];
    // `ulimit -f` counts in blocks of 512 bytes (POSIX).
    const shell = ['sh', '-c', `ulimit -f ${Math.ceil((fileBytes ?? 0) / 512)} && exec "$@"`, 'sh'];
    const [file = '', ...rest] = fileBytes === undefined ? command : [...shell, ...command];
    return spawn(file, rest, { env, cwd: dataDir });
  };
  let running: { child: ChildProcess; end: Promise<number | null> } | null = null;
  let output = '';

  const stop = async (signal: NodeJS.Signals) => {
    if (!running) return null;
    const { child, end } = running;
    running = null;
    child.kill(signal);
    return end;
  };

  return {
    url,
    dataDir,
    output: () => output,
    async command(args, input = '') {
      const process = run(args);
      let printed = '';
      let complaint = '';
      process.stdout.on('data', (data) => (printed += data));
      process.stderr.on('data', (data) => (complaint += data));
      process.stdin.end(input);
      const code = await endOf(process);
      if (code !== 0)
        throw new Error(`continuo ${args.join(' ')} ended with ${code}: ${complaint}${printed}`);
      return printed.trim();
    },
    async start(options) {
      const started = run(['serve'], options);
      running = { child: started, end: endOf(started) };
      started.stdout.on('data', (data) => (output += data));
      started.stderr.on('data', (data) => (output += data));
      while (!(await isHealthy(url))) {
        if (started.exitCode !== null || started.signalCode !== null)
          throw new Error(`continuo serve ended: ${output}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    stop: () => stop('SIGTERM'),
    async kill() {
      await stop('SIGKILL');
    },
    async dispose() {
      await stop('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
