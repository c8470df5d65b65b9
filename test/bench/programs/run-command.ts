/** Runs a command that would outlive us, and ends it when our parent is gone. `run-command.ts <command> [argument…]` */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { answerParent } from './answer.ts';

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
process.on('exit', () => child.kill('SIGKILL'));
child.on('exit', (code) => process.exit(code ?? 1));

answerParent({
  pid: () => child.pid,
  async close() {
    child.removeAllListeners('exit');
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  },
});
