import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

/** Calls back once the connection (or answer) is over, or at once where its reader has left already: `close` is told only once. */
export const whenClosed = (connection: Writable, then: () => void): void => {
  if (connection.closed) then();
  else connection.once('close', then);
};

/** Bytes that may wait for a slow reader; beyond it the connection is closed, and the reader resumes from its offset. */
const MAX_BUFFERED = 1024 * 1024;

/** A heartbeat. It is an event and not a comment, so that readers can see that the stream lives. */
const HEARTBEAT = Buffer.from('event: heartbeat\ndata: {}\n\n');

/**
 * Starts a response of server-sent events, keeping the headers that were set before. `no-transform` and
 * `X-Accel-Buffering` keep proxies from holding events back. The answer ends with its connection: so nothing has to be
 * cut into chunks, and the same bytes go to every reader.
 */
export const startSse = (
  response: ServerResponse,
  headers: NodeJS.Dict<string | number | string[]>,
): void => {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value);
  }
  response.removeHeader('transfer-encoding');
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'private, no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  response.flushHeaders();
};

/** One event. `json` is one line: JSON escapes every line break within texts. */
export const frame = (event: string, json: string): string => `event: ${event}\ndata: ${json}\n\n`;

/** Whether more can be written. */
export const isOpen = (connection: Writable): boolean => !connection.destroyed && !connection.writableEnded;

/** Writes to a reader. A reader that does not take in what is sent is cut off. @returns whether it may be given more at once */
export const writeSse = (connection: Writable, data: string | Uint8Array): boolean => {
  if (!isOpen(connection)) return false;
  const free = connection.write(data);
  if (connection.writableLength > MAX_BUFFERED) connection.destroy();
  return free;
};

/** Milliseconds in which a reader may take in the last word; then the connection is cut, whatever it left unread. */
const LAST_WORD = 500;

/** Says one last thing and closes. A right that ended must not be drawn out by reading slowly. */
export const finishSse = (connection: Writable, text: string): void => {
  writeSse(connection, text);
  connection.end();
  setTimeout(() => connection.destroy(), LAST_WORD).unref();
};

export const beat = (connection: Writable): void => {
  writeSse(connection, HEARTBEAT);
};

/** Resolves when the connection takes more, or is gone. */
export const writable = (connection: Writable): Promise<void> =>
  new Promise((resolve) => {
    if (connection.destroyed || !connection.writableNeedDrain) return resolve();
    const done = (): void => {
      connection.off('drain', done);
      connection.off('close', done);
      resolve();
    };
    connection.on('drain', done);
    connection.on('close', done);
  });
