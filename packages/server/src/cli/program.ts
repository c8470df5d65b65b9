import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { agentCommands } from './agent.ts';
import { backupCommand } from './backup.ts';
import { channelCommands } from './channel.ts';
import { filesCommands } from './files.ts';
import { identityCommands } from './identity.ts';
import { importCommand } from './import.ts';
import { migrateCommand } from './migrate.ts';
import { restoreCommand } from './restore.ts';
import { serveCommand } from './serve.ts';
import { workspaceCommands } from './workspace.ts';
import type { World } from './world.ts';

const HELP = `
First steps:
  $ continuo workspace add --name "Acme"
  $ continuo channel add web --workspace <id> --name "acme.example"
  $ continuo agent add --workspace <id> --name "Ines" --email ines@acme.example --password-stdin
  $ continuo serve

Exit codes: 0 done, 1 failed, 2 wrongly asked.`;

function version(): string {
  const { version: text }: { version?: unknown } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return String(text);
}

/** The command line, complete; give it `argv`. Throws instead of exiting. */
export function createProgram(world: World): Command {
  const program = new Command('continuo')
    .description('A support conversation that never starts over')
    .version(version())
    .showSuggestionAfterError()
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.print(text.trimEnd()),
      writeErr: (text) => world.printError(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'continuo: ')),
    });
  serveCommand(program, world);
  workspaceCommands(program, world);
  channelCommands(program, world);
  agentCommands(program, world);
  identityCommands(program, world);
  migrateCommand(program, world);
  backupCommand(program, world);
  restoreCommand(program, world);
  importCommand(program, world);
  filesCommands(program, world);
  return program;
}
