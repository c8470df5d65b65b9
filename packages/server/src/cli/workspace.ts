import type { Command } from 'commander';
import { addWorkspace, changeSettings } from '../admin/add-workspace.ts';
import { parseJson } from './input.ts';
import { withRuntime } from './with-runtime.ts';
import type { World } from './world.ts';

interface AddOptions {
  name: string;
  siteUrl?: string;
  settings?: string;
  config?: string;
}

const HOURS = `
Example:
  $ continuo workspace set wsp_… --settings '{"hours":{"timeZone":"Europe/Berlin","week":{"mon":[["09:00","17:30"]]}}}'`;

/** `continuo workspace add|set|list` */
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
    .command('set')
    .description("change a brand's settings; those that are not named stay as they are")
    .argument('<id>', 'the brand')
    .requiredOption('--settings <json>', 'settings as JSON, e.g. {"replyMinutes":5}')
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HOURS)
    .action(async (id: string, { settings, config }: { settings: string; config?: string }) => {
      const changes = parseJson('--settings', settings);
      await withRuntime(world, config, (rt) => changeSettings(rt, id, changes));
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
