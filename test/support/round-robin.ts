import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A reverse proxy without sticky sessions: each request goes to the next server that takes it. */
export interface RoundRobin {
  url: string;
  /** How many requests each server answered, in their order. */
  answered: readonly number[];
  close(): Promise<void>;
}

const pass = (
  { method, url, headers }: IncomingMessage,
  { target, body, agent }: { target: string; body: Buffer; agent: Agent },
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const onward = request(target + url, { method, headers, agent }, resolve);
    onward.on('error', reject);
    onward.end(body);
  });

/** @param targets may change: where the servers are */
export const startRoundRobin = async (
  port: number,
  targets: () => readonly string[],
): Promise<RoundRobin> => {
  const answered = targets().map(() => 0);
  // A connection each: one that is kept alive to a server that went away would look like an answer that got lost.
  const agent = new Agent({ keepAlive: false });
  let next = 0;

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const all = targets();
    const first = next++;
    for (const [turn] of all.entries()) {
      const index = (first + turn) % all.length;
      const target = all[index] ?? '';
      const response = await pass(incoming, { target, body, agent }).catch(() => null);
      if (!response) continue;
      answered[index] = (answered[index] ?? 0) + 1;
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      outgoing.flushHeaders();
      outgoing.on('close', () => response.destroy());
      response.on('error', () => outgoing.destroy());
      response.pipe(outgoing);
      return;
    }
    outgoing.writeHead(502).end();
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    answered,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
};
