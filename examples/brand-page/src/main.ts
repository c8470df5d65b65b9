import { parseArgs } from 'node:util';
import fastify from 'fastify';
import { brandPages } from './index.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4600' },
    loader: { type: 'string', default: 'http://localhost:4400/widget/loader.js' },
    channel: { type: 'string', default: '' },
  },
});

const app = fastify();
await app.register(brandPages({ loaderUrl: values.loader, channelKey: values.channel }));
process.stdout.write(`${await app.listen({ port: Number(values.port), host: '127.0.0.1' })}/\n`);
