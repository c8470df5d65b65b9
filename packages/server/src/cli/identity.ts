import type { Command } from 'commander';
import { addIdentitySecret, listIdentitySecrets, removeIdentitySecret } from '../admin/identity-secrets.ts';
import { withRuntime } from './with-runtime.ts';
import type { World } from './world.ts';

interface OfWorkspace {
  workspace: string;
  config?: string;
}

const HELP = `
Prints the secret's id, and the secret: it is shown here only.
Two are good at once. To rotate: add the second, have your backend use it, remove the first.

Example:
  $ continuo identity add --workspace wsp_…`;

/** `continuo identity add|list|remove` */
export function identityCommands(program: Command, world: World): void {
  const identity = program.command('identity').description("secrets of the brand's own log-in");
  identity
    .command('add')
    .description('make a secret with which your backend signs who is logged in')
    .requiredOption('--workspace <id>', 'the brand that it belongs to')
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HELP)
    .action(async ({ workspace: workspaceId, config }: OfWorkspace) => {
      const { id, secret } = await withRuntime(world, config, (rt) => addIdentitySecret(rt, { workspaceId }));
      world.print(id);
      world.print(secret);
    });
  identity
    .command('list')
    .description('list secrets: id and when it was made')
    .requiredOption('--workspace <id>', 'the brand that they belong to')
    .option('--config <file>', 'configuration file')
    .action(async ({ workspace: workspaceId, config }: OfWorkspace) => {
      const secrets = await withRuntime(world, config, (rt) => listIdentitySecrets(rt, { workspaceId }));
      for (const { id, createdAt } of secrets) world.print(`${id}\t${new Date(createdAt).toISOString()}`);
    });
  identity
    .command('remove <id>')
    .description('remove a secret: what is signed with it is refused')
    .option('--config <file>', 'configuration file')
    .addHelpText('after', '\nExample:\n  $ continuo identity remove ids_…')
    .action(async (id: string, { config }: { config?: string }) => {
      await withRuntime(world, config, (rt) => removeIdentitySecret(rt, { id }));
    });
}
