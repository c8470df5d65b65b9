import { deleteBrowserStorage } from '@continuo/core';
import type { State } from '../../panel/create-state.ts';
import { forgetHints } from '../../shell/forget-hints.ts';
import { mayKeep, remember } from '../../shell/memory.ts';

/** Does what the options now say: keeps what the page has, or deletes all that was kept. The conversation goes on. */
export const applyConsent = async ({ shell, client, storage, covers, $open }: State): Promise<void> => {
  const { options } = shell;
  const isKept = mayKeep(options);
  if (!isKept) forgetHints(options);
  await storage.allow(isKept);
  if (!isKept) return deleteBrowserStorage();
  remember(options, { lasting: false, value: $open.get() === 'closed' || covers.matches ? '' : '1' });
  // Of an earlier page there may be a conversation to take up.
  await client.open().catch(() => {});
  if (client.$session.get() === 'open') remember(options, { lasting: true, value: '1' });
};
