import { join } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { importToPostgres } from '../operations/import/import.ts';
import { NAMES } from '../operations/paths.ts';
import { prepareTables } from '../operations/prepare.ts';
import { UsageError } from './exit.ts';
import type { World } from './world.ts';

const HELP = `
Copies every row in one transaction, then reads both sides row by row and compares them; where anything differs, nothing
is imported and the exit code is 1. The embedded database stays as it is, and nobody can open it meanwhile: stop the
server first. The target has to be empty. Files on disk stay where they are.

An address with a password goes into CONTINUO_DATABASE_URL, and "postgres" stands for it: an argument would show in the
list of processes.

Examples:
  $ CONTINUO_DATABASE_URL=postgres://continuo:…@db.internal/continuo continuo import --to postgres
  $ continuo import --to postgres://continuo@localhost/continuo`;

interface Options {
  to: string;
  config?: string;
}

/** @throws UsageError when it is no address, or shows a password */
function targetOf(to: string, fromSettings: string | null): string {
  if (to === 'postgres') {
    if (fromSettings !== null) return fromSettings;
    throw new UsageError('give the address in CONTINUO_DATABASE_URL, or as --to postgres://…');
  }
  if (!/^postgres(ql)?:\/\//.test(to) || !URL.canParse(to))
    throw new UsageError('--to must be postgres, or an address like postgres://continuo@localhost/continuo');
  if (new URL(to).password === '') return to;
  throw new UsageError(
    'an address with a password would show in the list of processes: give it in CONTINUO_DATABASE_URL, with --to postgres',
  );
}

/** `continuo import --to postgres` */
export function importCommand(program: Command, world: World): void {
  program
    .command('import')
    .description('move an embedded deployment to PostgreSQL, checked by a full comparison')
    .requiredOption('--to <address>', 'the empty database: "postgres", or postgres://…')
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HELP)
    .action(async ({ to, config: file }: Options) => {
      const config = loadConfig(world.env, file);
      const url = targetOf(to, config.databaseUrl);
      const { tables, replaced } = await importToPostgres({
        dataDir: config.dataDir,
        url,
        prepare: (side) => prepareTables({ ...config, databaseUrl: side === 'target' ? url : null }),
        onCopied: (table, rows) => world.print(`copied ${table}: ${rows} rows`),
        onTable: ({ table, rows, target }) =>
          world.print(`same ${table}: ${rows} rows, ${target.slice(0, 16)}`),
      });
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      world.print(`imported: ${tables.length} tables, ${rows} rows, each compared`);
      if (replaced > 0)
        world.print(`${replaced} characters U+0000, which PostgreSQL cannot hold, are now U+FFFD`);
      world.print(
        `Give every node the same secret key: CONTINUO_SECRET_KEY, or a copy of ${join(config.dataDir, NAMES.key)}.`,
      );
    });
}
