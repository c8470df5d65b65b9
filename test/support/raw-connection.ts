import { connect, type Socket } from 'node:net';

/** A connection that says byte for byte what a test gives it: for peers that no HTTP client would be. */
export interface RawConnection {
  socket: Socket;
  /** Everything that came. */
  received(): string;
  /** Whether it is over, whoever ended it. */
  isClosed(): boolean;
  /** Resolves when it is over. */
  closed: Promise<void>;
  write(text: string): void;
}

export const openRaw = async (url: string): Promise<RawConnection> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  let received = '';
  let isClosed = false;
  // How it ends is looked at by what came before.
  socket.on('error', () => {});
  socket.on('data', (data) => (received += data));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true;
      resolve();
    });
  });
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
  return {
    socket,
    received: () => received,
    isClosed: () => isClosed,
    closed,
    write(text) {
      if (!isClosed && !socket.destroyed) socket.write(text);
    },
  };
};

/** A request's head. */
export const requestHead = (line: string, headers: Record<string, string>): string =>
  [`${line} HTTP/1.1`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  );
