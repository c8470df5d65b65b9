import { createAccounts } from '../agents/accounts.ts';
import type { Config } from '../config/config.ts';
import { closeRuntime, createRuntime } from '../create-runtime.ts';

/** Makes or completes all tables of a deployment, those of the accounts library too. */
export async function prepareTables(config: Config): Promise<void> {
  const rt = await createRuntime({ ...config, logLevel: 'silent' });
  try {
    await createAccounts(rt).migrate();
  } finally {
    await closeRuntime(rt);
  }
}
