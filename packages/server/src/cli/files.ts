import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { FileStore } from '../files/files.ts';
import { openFiles } from '../files/open.ts';
import { OperationError } from '../operations/error.ts';
import type { World } from './world.ts';

const HELP = `
Stores a few bytes, reads them back and deletes them, as a server would.

Example:
  $ CONTINUO_FILES_URL="s3://continuo-files?region=eu-central-1" continuo files check`;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function checkFiles(files: FileStore): Promise<void> {
  const id = `check_${randomBytes(8).toString('hex')}`;
  const bytes = randomBytes(1000);
  await files.put(id, once(bytes), { type: 'application/octet-stream', maxBytes: bytes.length });
  const found = await files.get(id, { start: 500 });
  const same = found !== null && (await buffer(found.bytes)).equals(bytes.subarray(500));
  await files.delete(id);
  if (!same || (await files.head(id)) !== null)
    throw new OperationError([
      'The store of files does not give back what was stored, or keeps what was deleted',
    ]);
}

/** `continuo files check` */
export function filesCommands(program: Command, world: World): void {
  program
    .command('files')
    .description('where files are stored')
    .command('check')
    .description('find out whether the store of files works')
    .option('--config <file>', 'configuration file')
    .addHelpText('after', HELP)
    .action(async ({ config: file }: { config?: string }) => {
      const config = loadConfig(world.env, file);
      await checkFiles(openFiles(config, world.env, { fetch, now: Date.now }));
      world.print('files can be stored, read and deleted');
    });
}
