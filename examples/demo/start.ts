import { ConfigError } from '@continuo/server';
import { type Demo, PortTaken, startDemo } from './run.ts';

const announce = ({ url }: Demo): void => {
  if (process.argv.includes('--playground')) {
    process.stdout.write(`\nThe playground is at ${url}/examples/playground/ Ctrl-C ends it.\n`);
    return;
  }
  process.stdout.write(`
Continuo is running. Open these, best side by side; Ctrl-C ends it.

  ${url}/phone/   be a customer: choose a person and complain on the simulated Messenger
  ${url}/agents   be an agent: enter the inbox with one click, answer, send the link
  ${url}/shop     the brand's page: the chat is in the corner
`);
};

/** Ends with 0 when all was finished, with 1 when it took too long. */
const endOn = (demo: Demo): void => {
  const end = async (): Promise<void> => {
    setTimeout(() => process.exit(1), 5000).unref();
    await demo.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
};

try {
  const demo = await startDemo(process.env);
  endOn(demo);
  announce(demo);
} catch (error) {
  if (!(error instanceof PortTaken || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
