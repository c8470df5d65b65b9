import type { Command } from 'commander';
import { addChannel } from '../admin/add-channel.ts';
import { loadConfig } from '../config/load.ts';
import { parseJson, readSecret } from './input.ts';
import { withRuntime } from './with-runtime.ts';
import type { World } from './world.ts';

interface CommonOptions {
  workspace: string;
  name: string;
  config?: string;
}

const WEB_HELP = `
Prints the channel's public key, and the tag to paste into the site.

Example:
  $ continuo channel add web --workspace wsp_… --name "acme.example"`;

const MESSENGER_HELP = `
The account's configuration is JSON, on standard input or in CONTINUO_CHANNEL_CONFIG:
  {"pageId":"…","pageAccessToken":"…","appSecret":"…","verifyToken":"…","pageUsername":"…"}

Example:
  $ continuo channel add messenger --workspace wsp_… --name "Acme on Facebook" --account-stdin < page.json`;

const common = (command: Command): Command =>
  command
    .requiredOption('--workspace <id>', 'the brand that it belongs to')
    .requiredOption('--name <name>', 'its name, as people see it')
    .option('--config <file>', 'configuration file');

function addWeb(add: Command, world: World): void {
  common(add.command('web').description('your site'))
    .addHelpText('after', WEB_HELP)
    .action(async ({ workspace: workspaceId, name, config }: CommonOptions) => {
      const { externalId } = await withRuntime(world, config, (rt) =>
        addChannel(rt, { workspaceId, kind: 'web', name }),
      );
      world.print(externalId);
      const { publicUrl } = loadConfig(world.env, config);
      world.print(`<script async src="${publicUrl}/widget/loader.js" data-channel="${externalId}"></script>`);
    });
}

function addMessenger(add: Command, world: World): void {
  common(add.command('messenger').description('a Facebook Page'))
    .option('--account-stdin', 'read the JSON of the account from standard input', false)
    .addHelpText('after', MESSENGER_HELP)
    .action(async (options: CommonOptions & { accountStdin: boolean }) => {
      const { workspace: workspaceId, name, config } = options;
      const option = '--account-stdin';
      const variable = 'CONTINUO_CHANNEL_CONFIG';
      const text = await readSecret(world, { fromInput: options.accountStdin, option, variable });
      const account = parseJson(options.accountStdin ? option : variable, text);
      const { id } = await withRuntime(world, config, (rt) =>
        addChannel(rt, { workspaceId, kind: 'messenger', name, config: account }),
      );
      world.print(id);
      const { publicUrl } = loadConfig(world.env, config);
      world.print(`webhook: ${publicUrl}/v1/webhooks/messenger`);
    });
}

/** `continuo channel add web|messenger`, `continuo channel list` */
export function channelCommands(program: Command, world: World): void {
  const channel = program.command('channel').description('accounts on networks, and your site');
  const add = channel.command('add').description('add a channel');
  addWeb(add, world);
  addMessenger(add, world);
  channel
    .command('list')
    .description("list channels: id, workspace, kind, the network's id or the public key, name")
    .option('--config <file>', 'configuration file')
    .action(async ({ config }: { config?: string }) => {
      const rows = await withRuntime(world, config, (rt) =>
        rt.store.db
          .selectFrom('channels')
          .select(['id', 'workspace_id', 'kind', 'external_id', 'name'])
          .orderBy('created_at')
          .execute(),
      );
      for (const row of rows) world.print(Object.values(row).join('\t'));
    });
}
