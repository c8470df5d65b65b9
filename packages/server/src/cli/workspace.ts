import type { Command } from 'commander';
import { addWorkspace } from '../admin/add-workspace.ts';
import { parseJson } from './input.ts';
import { withRuntime } from './with-runtime.ts';
import type { World } from './world.ts';

interface AddOptions {
  name: string;
  siteUrl?: string;
  settings?: string;
  config?: string;
}

/** `continuo workspace add|list` */
export function workspaceCommands(program: Command, world: World): void {
  const workspace = program.command('workspace').description('brands');
  workspace
    .command('add')
    .description('add a brand; prints its id')
    .requiredOption('--name <name>', 'the name that customers see')
    .option('--site-url <url>', 'a page with the widget, to which links lead (without: the hosted page /c)')
    .option('--settings <json>', 'further settings as JSON, e.g. {"handoffMinutes":60,"humanAgent":true}')
    .option('--config <file>', 'configuration file')
    .addHelpText(
      'after',
      '\nExample:\n  $ continuo workspace add --name "Acme" --site-url https://acme.example/help',
    )
    .action(async ({ name, siteUrl, settings, config }: AddOptions) => {
      const given = settings === undefined ? {} : parseJson('--settings', settings);
      const all = siteUrl === undefined ? given : { ...given, siteUrl };
      const { id } = await withRuntime(world, config, (rt) => addWorkspace(rt, { name, settings: all }));
      world.print(id);
    });
  workspace
    .command('list')
    .description('list brands: id and name')
    .option('--config <file>', 'configuration file')
    .action(async ({ config }: { config?: string }) => {
      const rows = await withRuntime(world, config, (rt) =>
        rt.store.db.selectFrom('workspaces').select(['id', 'name']).orderBy('created_at').execute(),
      );
      for (const { id, name } of rows) world.print(`${id}\t${name}`);
    });
}
