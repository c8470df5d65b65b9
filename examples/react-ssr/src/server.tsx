/** @jsxImportSource react */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { renderToPipeableStream } from 'react-dom/server';
import { App } from './App.tsx';

const {
  CHAT_URL: baseUrl = 'http://localhost:4400/',
  CHAT_CHANNEL: channel = '',
  PORT = '4500',
} = process.env;

createServer(async (request, response) => {
  if (request.url === '/client.js') {
    response.setHeader('content-type', 'text/javascript; charset=utf-8');
    response.end(await readFile(new URL('./client.js', import.meta.url)));
    return;
  }
  const page = renderToPipeableStream(<App baseUrl={baseUrl} channel={channel} />, {
    bootstrapModules: ['/client.js'],
    onShellReady() {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      page.pipe(response);
    },
    onShellError() {
      response.writeHead(500).end();
    },
  });
}).listen(Number(PORT), () => process.stdout.write(`http://localhost:${PORT}/\n`));
