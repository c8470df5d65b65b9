/**
 * The same path as ours without us: `node:http` and nothing else. A `POST` is appended to a file, synced (`fdatasync`),
 * written to the open event streams, and answered. No identity, no order, no idempotence, no way to read it again.
 * `GET /bytes?n=` sends so many bytes. `plain.ts <folder> <port>`
 */
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { answerParent } from './answer.ts';

const [folder = '', port = ''] = process.argv.slice(2);
const file = openSync(join(folder, 'plain.log'), 'a');
const readers = new Set<ServerResponse>();

const keep = (request: IncomingMessage, response: ServerResponse): void => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    writeSync(file, body);
    fdatasyncSync(file);
    for (const reader of readers) reader.write(`data: ${body}\n\n`);
    response.writeHead(201, { 'content-length': 0 }).end();
  });
};

const stream = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('event: control\ndata: {"upToDate":true}\n\n');
  readers.add(response);
  response.on('close', () => readers.delete(response));
};

const sendBytes = (url: string, response: ServerResponse): void => {
  const length = Number(new URL(url, 'http://plain').searchParams.get('n'));
  response.writeHead(200, { 'content-length': length }).end(Buffer.alloc(length, 'x'));
};

const server = createServer((request, response) => {
  if (request.method === 'POST') keep(request, response);
  else if (request.url?.startsWith('/bytes')) sendBytes(request.url, response);
  else stream(response);
});

server.listen(Number(port), '127.0.0.1', () => answerParent());
