import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { NAMES } from '../operations/paths.ts';
import { restoreBackup } from '../operations/restore.ts';
import { requireEmbedded } from './embedded.ts';
import type { World } from './world.ts';

const HELP = `
Checks every byte, the database and its version first, and changes nothing where something is wrong. Stop the server
before. What customers and agents wrote after the backup was taken is not in it.

Examples:
  $ continuo restore /backups/2026-01-31
  $ continuo restore /backups/2026-01-31 --force     # where there is data: it is kept in a folder beside`;

const POSTGRES = [
  'This deployment is on PostgreSQL. Make an empty database and use its own tool:',
  '  pg_restore --exit-on-error --no-owner --dbname="$CONTINUO_DATABASE_URL" continuo.dump',
  `and give the CONTINUO_SECRET_KEY, or the ${NAMES.key}, that belongs to it.`,
];

interface Options {
  force: boolean;
  config?: string;
}

/** `continuo restore <folder>` */
export function restoreCommand(program: Command, world: World): void {
  program
    .command('restore')
    .description('put a backup in the place of the embedded database')
    .argument('<folder>', 'the backup')
    .option('--force', 'go on where there is data, which is kept beside, or another secret key', false)
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HELP)
    .action(async (source: string, { force, config: file }: Options) => {
      const config = loadConfig(world.env, file);
      requireEmbedded(config, POSTGRES);
      const { dataDir, secretKey } = config;
      const { manifest, kept, rightKey } = await restoreBackup({
        source,
        dataDir,
        secretKey,
        force,
        now: Date.now,
      });
      const { takenAt, conversations, events } = manifest;
      world.print(`restored as of ${takenAt}: ${conversations} conversations, ${events} events`);
      if (kept !== null) world.print(`what was there is in ${kept}`);
      if (!rightKey) world.print('The secret key is another one: add the channels with accounts anew.');
    });
}
