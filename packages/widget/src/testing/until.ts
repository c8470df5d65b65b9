import { configure } from '@testing-library/preact';
import { vi } from 'vitest';

/** How long a test waits for what has to come, milliseconds: a busy machine takes its time. */
const PATIENCE_MS = 10_000;

configure({ asyncUtilTimeout: PATIENCE_MS });

/** Waits until `check` no longer throws. */
export const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: PATIENCE_MS });
