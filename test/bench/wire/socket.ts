import { connect, type Socket } from 'node:net';

/** A connection to a port of this machine, without delay of small packets. */
export const openSocket = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      // Whoever waits on it is told by `close`.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
