import type { ServerProcess } from './server-process.ts';

/** A brand made by the command line on a server in a process of its own. */
export interface CommandLineBrand {
  workspaceId: string;
  channelKey: string;
  account: { email: string; password: string };
}

/** Adds a workspace, a web channel, an agent, and, if its account is given, a Facebook Page. */
export const addBrandOn = async (
  server: ServerProcess,
  { page, settings = {} }: { page?: { pageId: string }; settings?: Record<string, unknown> } = {},
): Promise<CommandLineBrand> => {
  const command = async (args: string[], input?: string) =>
    (await server.command(args, input)).split('\n')[0] ?? '';
  const workspaceId = await command([
    'workspace',
    'add',
    '--name',
    'Nimbus',
    '--settings',
    JSON.stringify(settings),
  ]);
  const add = (kind: string, more: string[] = [], input = '') =>
    command(['channel', 'add', kind, '--workspace', workspaceId, '--name', `Nimbus ${kind}`, ...more], input);
  const account = { email: 'sara@nimbus.example', password: 'correct horse battery staple' };
  const agent = ['agent', 'add', '--workspace', workspaceId, '--name', 'Sara', '--email', account.email];
  const [channelKey] = await Promise.all([
    add('web'),
    command([...agent, '--password-stdin'], account.password),
    page && add('messenger', ['--account-stdin'], JSON.stringify(page)),
  ]);
  return { workspaceId, channelKey, account };
};
