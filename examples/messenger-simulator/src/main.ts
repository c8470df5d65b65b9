import { parseArgs } from 'node:util';
import { DEMO_APP, DEMO_PAGE } from './defaults.ts';
import { addDemoCustomers } from './demo-customers.ts';
import { startSimulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4500' },
    state: { type: 'string' },
    webhook: { type: 'string' },
    'verify-token': { type: 'string', default: '' },
  },
});

const server = await startSimulator({
  app: DEMO_APP,
  pages: [DEMO_PAGE],
  port: Number(values.port),
  ...(values.state === undefined ? {} : { stateFile: values.state }),
});
addDemoCustomers(server.simulator);
if (values.webhook !== undefined) {
  await server.simulator.subscribe({ url: values.webhook, verifyToken: values['verify-token'] });
}
process.stdout.write(`Phone:     ${server.url}/\nGraph API: ${server.graphUrl}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
