import { forgetHints } from '../shell/forget-hints.ts';
import type { State } from './create-state.ts';

/** Ends the session on this device, and forgets what was kept for it. */
export const forgetDevice = async ({ shell, client }: Pick<State, 'shell' | 'client'>): Promise<void> => {
  forgetHints(shell.options);
  await client.logout();
};
