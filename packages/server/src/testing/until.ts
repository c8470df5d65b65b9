import { vi } from 'vitest';

/** Waits until `check` no longer throws: for up to ten seconds, because a busy machine takes its time. */
export const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
