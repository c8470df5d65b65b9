import { createServer } from 'node:net';

/**
 * Ports below those that a system gives out by itself (Linux from 32,768, macOS and Windows from 49,152), and above those
 * that `fetch` and browsers refuse: nobody gets one of them by chance, also while a server that had it is away.
 */
const FIRST = 11_000;
/** Ports of one process of the test run; there may be 30 beside each other. */
const EACH = 700;

/** Vitest counts its processes that run beside each other from 1. */
const own = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % 30) * EACH;
/** Begins anywhere, because another run may be under way on this machine. */
let next = process.pid % EACH;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** A port of this machine that is free, and that nothing else in this test run is given. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < EACH; tries += 1) {
    const port = own + next;
    next = (next + 1) % EACH;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${own} to ${own + EACH - 1} is free`);
};
