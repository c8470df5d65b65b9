import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** A door in front of a database. */
export interface Gate {
  /** The database's address through the door. */
  url: string;
  /** Swallows what goes one way from now on; connections stay. */
  swallow(what: 'questions' | 'answers'): void;
  /** Lets answers through byte by byte from now on, each in a turn of the event loop of its own. */
  drip(): void;
  /** Breaks every connection, and refuses new ones. */
  shut(): void;
  /** Lets everything through again. */
  open(): void;
  /** Connections that go through it. */
  count(): number;
  close(): Promise<void>;
}

const listen = async (onSocket: (socket: Socket) => void) => {
  const server = createServer(onSocket).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
};

const writeDripping = async (socket: Socket, bytes: Buffer): Promise<void> => {
  for (const byte of bytes) {
    socket.write(Uint8Array.of(byte));
    await setImmediate();
  }
};

/** A TCP proxy on a free port. */
export const createGate = async (databaseUrl: string): Promise<Gate> => {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let passing = { questions: true, answers: true };
  let isShut = false;
  let isDripping = false;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };

  const { server, port } = await listen((client) => {
    const database = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, database]) keep(socket);
    // Or the kernel puts small pieces together again.
    client.setNoDelay();
    if (isShut) for (const socket of [client, database]) socket.destroy();
    client.on('data', (bytes) => passing.questions && database.write(bytes));
    let answered: Promise<unknown> = Promise.resolve();
    const answer = (bytes: Buffer): void => {
      if (isDripping) answered = answered.then(() => writeDripping(client, bytes));
      else client.write(bytes);
    };
    database.on('data', (bytes) => passing.answers && answer(bytes));
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
  });

  const shut = (): void => {
    isShut = true;
    for (const socket of sockets) socket.destroy();
  };

  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    swallow(what) {
      passing = { ...passing, [what]: false };
    },
    drip() {
      isDripping = true;
    },
    shut,
    open() {
      isShut = false;
      isDripping = false;
      passing = { questions: true, answers: true };
    },
    count: () => sockets.size / 2,
    async close() {
      shut();
      server.close();
      await once(server, 'close');
    },
  };
};
