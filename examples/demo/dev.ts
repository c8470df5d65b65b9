import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const BUILT = ['packages/widget/dist/cdn/loader.js', 'packages/inbox/dist/app/main.js'];

const run = (command: string, args: string[]): ChildProcess => spawn(command, args, { stdio: 'inherit' });

const finished = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));

/** Bundles are rebuilt when their sources change, the server starts again when its own do, and open pages reload. */
if (!BUILT.every((file) => existsSync(file))) {
  const code = await finished(run('rollup', ['-c']));
  if (code !== 0) process.exit(code);
}
const children = [
  run('rollup', ['-c', '--watch', '--no-watch.clearScreen']),
  run(process.execPath, [
    '--watch',
    '--watch-preserve-output',
    '--conditions=source',
    'examples/demo/start.ts',
    '--reload',
  ]),
];
const ended = children.map(finished);
let ending = false;
const end = (): void => {
  if (ending) return;
  ending = true;
  for (const child of children) child.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
await Promise.race(ended);
end();
await Promise.all(ended);
