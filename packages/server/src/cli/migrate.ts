import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { OperationError } from '../operations/error.ts';
import { findPending } from '../operations/pending.ts';
import { prepareTables } from '../operations/prepare.ts';
import type { World } from './world.ts';

const HELP = `
Every start of a server does the same. With several nodes, run it once before the first node of a new version starts:
nodes of the version before go on working on the new tables.

Examples:
  $ continuo migrate --check    # changes nothing; exits with 1 when something is to be done
  $ continuo migrate`;

interface Options {
  check: boolean;
  config?: string;
}

/** `continuo migrate` */
export function migrateCommand(program: Command, world: World): void {
  program
    .command('migrate')
    .description("bring the database's tables up to date")
    .option('--check', 'only tell what is to be done; exit with 1 when something is', false)
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HELP)
    .action(async ({ check, config: file }: Options) => {
      const config = loadConfig(world.env, file);
      const { migrations, accountTables } = await findPending(config);
      const acts = [...migrations, ...accountTables.map((table) => `${table} (accounts)`)];
      if (acts.length === 0) {
        world.print('nothing to do: the tables are up to date');
        return;
      }
      if (check) throw new OperationError(['To be done:', ...acts]);
      await prepareTables(config);
      for (const act of acts) world.print(`done: ${act}`);
    });
}
