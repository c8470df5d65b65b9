import type { FastifyInstance } from 'fastify';
import { createAccounts } from './agents/accounts.ts';
import { createInboundWorker } from './channels/inbound-worker.ts';
import { checkSecretKey } from './config/check-key.ts';
import type { Config } from './config/config.ts';
import { closeRuntime, createRuntime, type Outside } from './create-runtime.ts';
import { createDeliveryWorker } from './deliveries/worker.ts';
import { createApp } from './http/app.ts';
import { joinNodes } from './nodes/join.ts';
import { createHousekeeping } from './ops/housekeeping.ts';
import type { Runtime } from './runtime.ts';

export { createRuntime, type Outside } from './create-runtime.ts';

/** A server, made and not yet listening. */
export interface Server {
  app: FastifyInstance;
  runtime: Runtime;
  /** Starts the workers and listens. @returns the address on this machine */
  listen(): Promise<{ url: string }>;
  /** Tells streams to come back elsewhere, finishes what is under way, and closes the database. A second call waits for the first. */
  close(): Promise<void>;
}

/** Milliseconds over which readers come back after a restart: 2,000 of them, and no second takes more than a tenth. */
const RECONNECT_WITHIN_MS = 20_000;
/**
 * Milliseconds that requests under way have to end while the server stops; then their connections are cut. So are those
 * on which nothing was asked yet: Node counts them as busy, and browsers open them in advance.
 */
const STOP_WITHIN_MS = 2000;

/**
 * Composes the whole server, on the embedded database or on PostgreSQL.
 * @param outside clock, network, log and randomness, for tests
 * @throws ConfigError when the secret key cannot be used, or is another than the database's
 * @throws ContinuoError `unavailable` when the database cannot be reached
 * @throws Error when the database refuses us, or is newer than this version
 */
export async function createServer(config: Config, outside: Outside = {}): Promise<Server> {
  const runtime = await createRuntime(config, outside);
  const accounts = createAccounts(runtime);
  try {
    await checkSecretKey(runtime);
    await accounts.migrate();
  } catch (error) {
    await closeRuntime(runtime);
    throw error;
  }
  const workers = [
    createInboundWorker(runtime),
    createDeliveryWorker(runtime),
    createHousekeeping(runtime, accounts),
  ];
  const app = await createApp(runtime, accounts);
  const node = joinNodes(runtime);
  let closing: Promise<void> | null = null;

  const close = async (): Promise<void> => {
    node.leave();
    runtime.hub.streams.drain(RECONNECT_WITHIN_MS);
    const cut = setTimeout(() => app.server.closeAllConnections(), STOP_WITHIN_MS);
    await app.close();
    clearTimeout(cut);
    await Promise.all(workers.map((worker) => worker.close()));
    await node.close();
    await closeRuntime(runtime);
  };

  return {
    app,
    runtime,
    async listen() {
      const url = await app.listen({ port: config.port, host: config.host });
      for (const worker of workers) worker.start();
      return { url };
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
