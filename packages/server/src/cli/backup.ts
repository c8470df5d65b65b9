import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { createSecrets } from '../config/secrets.ts';
import { takeBackup } from '../operations/backup.ts';
import { requireDatabase } from '../operations/database.ts';
import { databasePath, NAMES } from '../operations/paths.ts';
import { requireEmbedded } from './embedded.ts';
import type { World } from './world.ts';

const HELP = `
A backup is a folder: the database, the secret key, the files, and backup.json, which tells their digests. Whoever has it
can read every conversation and use the channels' accounts: keep it as you keep passwords. It appears whole or not at all,
may be taken while the server runs, and is checked before it counts.

Files in an S3-compatible store are not in it: switch that store's versioning on.
On PostgreSQL use pg_dump, which is consistent while servers run.

Examples:
  $ continuo backup /backups/2026-01-31
  $ continuo backup /backups/latest --force
  $ continuo backup /backups/2026-01-31 --without-key`;

interface Options {
  force: boolean;
  withoutKey: boolean;
  config?: string;
}

const POSTGRES = [
  'This deployment is on PostgreSQL. Use its own tool, while servers run:',
  '  pg_dump --format=custom --file=continuo.dump "$CONTINUO_DATABASE_URL"',
  `and keep CONTINUO_SECRET_KEY, or ${NAMES.key}, apart from it.`,
];

/** Tells each tenth once. */
const tellTenths = (world: World): ((share: number) => void) => {
  let told = 0;
  return (share) => {
    const tenths = Math.floor(share * 10);
    if (tenths > told && tenths < 10) world.print(`copied ${tenths * 10} %`);
    told = Math.max(told, tenths);
  };
};

/** `continuo backup <folder>` */
export function backupCommand(program: Command, world: World): void {
  program
    .command('backup')
    .description('copy everything that the embedded database needs, while the server runs')
    .argument('<folder>', 'where the backup comes to lie; must not exist')
    .option('--force', 'replace a backup that lies there', false)
    .option('--without-key', 'leave the secret key out, which then has to be kept elsewhere', false)
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HELP)
    .action(async (target: string, { force, withoutKey, config: file }: Options) => {
      const config = loadConfig(world.env, file);
      requireEmbedded(config, POSTGRES);
      const { dataDir, secretKey } = config;
      requireDatabase(databasePath(dataDir));
      const secrets = createSecrets(dataDir, secretKey);
      const onProgress = tellTenths(world);
      const options = { dataDir, target, secrets, now: Date.now, replace: force, withoutKey, onProgress };
      const { conversations, events, files } = await takeBackup(options);
      const stored = files.filter(({ path }) => path.startsWith(NAMES.files)).length;
      world.print(
        `backed up and checked: ${conversations} conversations, ${events} events, ${stored} files in ${target}`,
      );
      if (!files.some(({ path }) => path === NAMES.key))
        world.print('The secret key is not in it: without the key, accounts of channels cannot be read.');
    });
}
