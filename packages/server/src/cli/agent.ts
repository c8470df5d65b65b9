import type { Command } from 'commander';
import { addAgent, setAgentRole } from '../admin/add-agent.ts';
import { readSecret } from './input.ts';
import { withRuntime } from './with-runtime.ts';
import type { World } from './world.ts';

interface AddOptions {
  workspace: string;
  name: string;
  email: string;
  picture?: string;
  role?: string;
  bot: boolean;
  passwordStdin: boolean;
  config?: string;
}

const HELP = `
The password comes from standard input or from CONTINUO_AGENT_PASSWORD, never from an argument.

Example:
  $ continuo agent add --workspace wsp_… --name "Ines" --email ines@acme.example --password-stdin < password.txt`;

/** `continuo agent add|role|list` */
export function agentCommands(program: Command, world: World): void {
  const agent = program.command('agent').description('people who answer');
  agent
    .command('add')
    .description('add an agent, who can sign in at once; prints the id')
    .requiredOption('--workspace <id>', 'the brand that they answer for')
    .requiredOption('--name <name>', 'the name that customers see')
    .requiredOption('--email <address>', 'the address that they sign in with')
    .option('--picture <url>', 'their picture')
    .option('--role <text>', 'what they do, as customers see it, e.g. "Orders team"')
    .option('--bot', 'no person: customers are told so', false)
    .option('--password-stdin', 'read the password from standard input', false)
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HELP)
    .action(async ({ workspace: workspaceId, picture, passwordStdin, config, ...given }: AddOptions) => {
      const password = await readSecret(world, {
        fromInput: passwordStdin,
        option: '--password-stdin',
        variable: 'CONTINUO_AGENT_PASSWORD',
      });
      const pictureUrl = picture ?? null;
      const { id } = await withRuntime(world, config, (rt) =>
        addAgent(rt, { ...given, workspaceId, password, pictureUrl }),
      );
      world.print(id);
    });
  agent
    .command('role')
    .description('set what an agent does, as customers see it; without a text, nothing')
    .argument('<id>', 'the agent')
    .argument('[text]', 'e.g. "Orders team"')
    .option('--config <file>', 'configuration file')
    .addHelpText('after', '\nExample:\n  $ continuo agent role agt_… "Orders team"')
    .action(async (id: string, text: string | undefined, { config }: { config?: string }) => {
      await withRuntime(world, config, (rt) => setAgentRole(rt, id, text ?? null));
    });
  agent
    .command('list')
    .description('list agents: id, workspace, address, name')
    .option('--config <file>', 'configuration file')
    .action(async ({ config }: { config?: string }) => {
      const rows = await withRuntime(world, config, (rt) =>
        rt.store.db
          .selectFrom('agents')
          .select(['id', 'workspace_id', 'email', 'name'])
          .orderBy('created_at')
          .execute(),
      );
      for (const row of rows) world.print(Object.values(row).join('\t'));
    });
}
