/**
 * The floor of the machine: takes 300 bytes off a TCP connection, appends them to a file, syncs it (`fdatasync`), and
 * sends them back. Bytes that begin with `e` are sent back only. `raw.ts <folder> <port>`
 */
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { answerParent } from './answer.ts';

const [folder = '', port = ''] = process.argv.slice(2);
const file = openSync(join(folder, 'raw.log'), 'a');
const ECHO = 'e'.charCodeAt(0);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (data) => {
    if (data[0] !== ECHO) {
      writeSync(file, data);
      fdatasyncSync(file);
    }
    socket.write(data);
  });
});

server.listen(Number(port), '127.0.0.1', () => answerParent());
