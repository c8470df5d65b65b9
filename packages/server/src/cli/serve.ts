import type { Command } from 'commander';
import { annotationOf } from '../config/check.ts';
import { ConfigSchema } from '../config/config.ts';
import { loadConfig, variableOf } from '../config/load.ts';
import { createServer, type Server } from '../server.ts';
import type { World } from './world.ts';

const SETTINGS = Object.entries(ConfigSchema.properties)
  .map(([key, schema]) => `  ${variableOf(key).padEnd(26)} ${annotationOf(schema, 'description')}`)
  .join('\n');

const HELP = `
Settings, from the environment or (as publicUrl, dataDir, …) from a JSON file:
${SETTINGS}

Examples:
  $ continuo serve
  $ CONTINUO_PUBLIC_URL=https://chat.acme.example CONTINUO_TRUST_PROXY=true continuo serve
  $ continuo serve --config /etc/continuo.json`;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves at the first signal to stop; a second one ends the process at once. */
function firstSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(1);
    asked = true;
    resolve();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return promise;
}

/** `continuo serve` */
export function serveCommand(program: Command, world: World): void {
  program
    .command('serve')
    .description('run the server')
    .option('--config <file>', 'configuration file (default: continuo.json here, if there is one)')
    .addHelpText('after', HELP)
    .action(async ({ config: file }: { config?: string }) => {
      const stop = firstSignal();
      const server: Server = await createServer(loadConfig(world.env, file));
      const { log } = server.runtime;
      const { url } = await server.listen();
      log.info({ url, publicUrl: server.runtime.config.publicUrl }, 'listening');
      await stop;
      log.info('stopping');
      await server.close();
      log.info('stopped');
    });
}
