import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../config/config.ts';

/**
 * Connections of one address. Where an office shares one, each page holds a stream and for moments a second one; more
 * pages than this would meet the limit of requests an address.
 */
const MAX_PER_ADDRESS = 1200;

/**
 * Closes what one address opens beyond its share, so that nobody alone can use up the process's sockets. Behind a
 * reverse proxy every connection is the proxy's, and such limits are its own.
 */
export function boundConnections(
  server: Server,
  { rateLimits, trustProxy }: Pick<Config, 'rateLimits' | 'trustProxy'>,
  max: number = MAX_PER_ADDRESS,
): void {
  if (!rateLimits || trustProxy) return;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = open.get(address) ?? 0;
    if (count >= max) {
      socket.destroy();
      return;
    }
    open.set(address, count + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
