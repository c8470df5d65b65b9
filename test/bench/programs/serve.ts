/** The server as it is built, in a process of its own; its settings come from the environment. */
import { addAgent, addChannel, addWorkspace, createServer, loadConfig } from '@continuo/server';
import { answerParent } from './answer.ts';

const server = await createServer(loadConfig(process.env));

const addBrand = async () => {
  const { runtime } = server;
  const { id: workspaceId } = await addWorkspace(runtime, { name: 'Bench' });
  const channel = await addChannel(runtime, { workspaceId, kind: 'web', name: 'Site' });
  const account = { email: 'agent@bench.example', password: 'correct horse battery staple' };
  await addAgent(runtime, { workspaceId, name: 'Sara', ...account });
  return { channelKey: channel.externalId, ...account };
};

await server.listen();
answerParent({ brand: addBrand, close: () => server.close() });
