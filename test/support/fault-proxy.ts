import { connect, createServer, type Socket } from 'node:net';

/**
 * What goes wrong with a request:
 * - `lose_request`: the server never hears of it, and the connection breaks.
 * - `hold`: nor does it, and nothing breaks (half-open).
 * - `lose_answer`: it does, and its answer is lost with the connection.
 * - `hold_answer`: its answer is kept back until `release`.
 * - `double`: it reaches the server twice; the second answer is thrown away.
 * - `delayMs`: it waits so long on its way.
 * - `resetAfter`: the connection is reset after so many bytes of the answer, as in the middle of a stream.
 */
export type NetworkFault =
  | 'lose_request'
  | 'hold'
  | 'lose_answer'
  | 'hold_answer'
  | 'double'
  | { delayMs: number }
  | { resetAfter: number };

/** A bad network: a TCP proxy before a server, or before several, which then take turns by connection. */
export interface FaultProxy {
  url: string;
  /** First line of every request that came, as a proxy's log would keep it. */
  requests: string[];
  /** Asked for each request with its first line. @default nothing goes wrong */
  decide: (requestLine: string) => NetworkFault | null;
  /** Breaks every open connection. */
  cut(): void;
  /** While on, no connection is let in. */
  block(on: boolean): void;
  /** While on, connections are let in and nothing moves on any: a network that is gone and has told nobody. */
  mute(on: boolean): void;
  /** Passes on every answer that was kept back. */
  release(): void;
  close(): Promise<void>;
}

const REQUEST_LINE = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS) \S+ HTTP\/1\.1\r\n/;

/** Whether these bytes hold a request with all of its body. Bodies without a length do not occur here. */
const isWhole = (bytes: Buffer): boolean => {
  const end = bytes.indexOf('\r\n\r\n');
  const [, length = '0'] = /^content-length: *(\d+)\r?$/im.exec(bytes.toString('latin1', 0, end)) ?? [];
  return end >= 0 && bytes.length >= end + 4 + Number(length);
};

/** A fault for about this share of the requests that `matches`, by chance. */
export const byChance = (
  dice: () => number,
  { share, faults, matches }: { share: number; faults: readonly NetworkFault[]; matches?: RegExp },
): FaultProxy['decide'] => {
  return (line) => {
    if (matches?.test(line) === false || dice() >= share) return null;
    return faults[Math.floor(dice() * faults.length)] ?? null;
  };
};

/** Starts a proxy to these servers, `http://127.0.0.1:<port>`. */
export const startFaultProxy = async (...targets: string[]): Promise<FaultProxy> => {
  const open = new Set<Socket>();
  let kept: (() => void)[] = [];
  let blocked = false;
  let muted = false;
  let turn = 0;

  const reach = (): Socket => {
    const { hostname, port } = new URL(targets[turn++ % targets.length] ?? '');
    return connect(Number(port), hostname);
  };
  /** Sends it once more, by a connection of its own. */
  const repeat = (request: Buffer): void => {
    const again = reach();
    const end = () => again.destroy();
    again
      .on('connect', () => again.write(request))
      .on('data', end)
      .on('error', end);
  };

  const carry = (client: Socket): void => {
    if (blocked) {
      client.destroy();
      return;
    }
    const server = reach();
    let fault: NetworkFault | null = null;
    let request = Buffer.alloc(0);
    let answered = 0;
    let queue = Promise.resolve();
    const end = (): void => {
      client.destroy();
      server.destroy();
      open.delete(client);
    };
    const passOn = (bytes: Buffer, delayMs: number): void => {
      queue = queue.then(() => new Promise((resolve) => setTimeout(resolve, delayMs)));
      queue.then(() => server.writable && server.write(bytes));
    };
    const passBack = (bytes: Buffer): void => void (client.writable && client.write(bytes));
    open.add(client);
    client.on('data', (bytes: Buffer) => {
      const [line] = REQUEST_LINE.exec(bytes.toString('latin1')) ?? [];
      if (line !== undefined) {
        proxy.requests.push(line.trim());
        fault = proxy.decide(line.trim());
        request = Buffer.alloc(0);
        answered = 0;
      }
      if (muted || fault === 'hold') return;
      if (fault === 'lose_request') return end();
      if (fault === 'double') {
        request = Buffer.concat([request, bytes]);
        if (isWhole(request)) repeat(request);
      }
      if (fault !== null && typeof fault === 'object' && 'delayMs' in fault) passOn(bytes, fault.delayMs);
      else server.write(bytes);
    });
    server.on('data', (bytes: Buffer) => {
      if (muted || fault === 'hold') return;
      if (fault === 'lose_answer') return end();
      if (fault === 'hold_answer') return void kept.push(() => passBack(bytes));
      answered += bytes.length;
      if (fault === null || typeof fault !== 'object' || !('resetAfter' in fault)) return passBack(bytes);
      if (answered < fault.resetAfter) return passBack(bytes);
      client.resetAndDestroy();
      end();
    });
    for (const socket of [client, server]) socket.on('error', end).on('close', end).setNoDelay(true);
  };

  const listener = createServer(carry);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    decide: () => null,
    cut() {
      for (const socket of open) socket.destroy();
    },
    block(on) {
      blocked = on;
    },
    mute(on) {
      muted = on;
    },
    release() {
      for (const pass of kept) pass();
      kept = [];
    },
    async close() {
      proxy.cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return proxy;
};
