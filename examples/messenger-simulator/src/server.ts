import fastify from 'fastify';
import { simulatorPlugin } from './plugin.ts';
import { Simulator, type SimulatorOptions } from './simulator.ts';

export interface SimulatorServer {
  simulator: Simulator;
  /** Where it listens, without a slash at the end: the phone's page. */
  url: string;
  /** Base for the app's `messengerApiUrl`. */
  graphUrl: string;
  close(): Promise<void>;
}

/** A simulator on a port of its own, on this machine only. @param options.port 0, the default, takes a free one */
export const startSimulator = async (
  options: SimulatorOptions & { port?: number },
): Promise<SimulatorServer> => {
  const app = fastify({ forceCloseConnections: true });
  const simulator = new Simulator(options);
  await app.register(simulatorPlugin(simulator));
  const url = await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  return { simulator, url, graphUrl: `${url}/graph/v25.0`, close: () => app.close() };
};
