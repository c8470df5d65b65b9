import { loadConfig } from '../config/load.ts';
import { closeRuntime, createRuntime } from '../create-runtime.ts';
import type { Runtime } from '../runtime.ts';
import type { World } from './world.ts';

/** Opens the database beside a server that may be running, does one thing, and closes it. */
export async function withRuntime<T>(
  world: World,
  configFile: string | undefined,
  act: (rt: Runtime) => Promise<T>,
): Promise<T> {
  const config = loadConfig(world.env, configFile);
  const rt = await createRuntime({ ...config, logLevel: 'silent' });
  try {
    return await act(rt);
  } finally {
    await closeRuntime(rt);
  }
}
