import type { WritableAtom } from 'nanostores';
import type { Environment } from '../environment/environment.ts';
import { createTimer } from '../environment/timer.ts';

/** What was changed is stored within this time (ms), whether or not writing goes on: no browser surely stores it later. */
const SOON_MS = 300;
/** Forgotten after this time without a change: 7 days. */
const OLD_MS = 7 * 86_400_000;
/** What is kept of a draft (UTF-16 units): several times what a message may have. */
const LONGEST = 10_000;

export interface DraftOptions {
  environment: Environment;
  /** Where the storage keeps it. */
  key: string;
  $draft: WritableAtom<string>;
  path(): string;
  /** Other tabs should show it, too. */
  tell(draft: { path: string; text: string }): void;
}

/** What is being written: kept over a reload, the same in all tabs, and nobody's but the conversation's. */
export const createDraft = ({ environment, key, $draft, path, tell }: DraftOptions) => {
  const { storage, now } = environment;
  const timer = createTimer();
  let isChanged = false;

  /** Stores it now. */
  const flush = (): void => {
    timer();
    if (!isChanged) return;
    isChanged = false;
    // Without a path it is meant for the conversation that its message begins.
    const kept = { path: path(), text: $draft.get().slice(0, LONGEST), at: now() };
    void Promise.resolve(kept.text ? storage.set(key, kept) : storage.delete(key)).catch(() => {});
    tell(kept);
  };

  const note = (): void => {
    if (!isChanged) timer(flush, SOON_MS);
    isChanged = true;
  };

  const set = (text: string): void => {
    if (text === $draft.get()) return;
    $draft.set(text);
    note();
    if (!text) flush();
  };

  return {
    set,
    flush,
    restore: async (): Promise<void> => {
      const kept: unknown = await Promise.resolve(storage.get(key)).catch(() => null);
      const { text, at, ...meant } = Object(kept);
      if (isChanged || $draft.get() || (meant.path && meant.path !== path())) return;
      if (typeof text === 'string' && now() - at < OLD_MS) $draft.set(text);
    },
    /** Another tab's. What is being written here comes first. */
    hear: (draft: { path: string; text: string }): void => {
      if (!isChanged && draft.path === path()) $draft.set(draft.text);
    },
    /** Another conversation will be shown. What was written before there was any goes along. */
    move: (): void => {
      if (path()) {
        flush();
        $draft.set('');
      } else if ($draft.get()) {
        note();
      }
    },
    forget: async (isStorageKept: boolean): Promise<void> => {
      timer();
      isChanged = false;
      $draft.set('');
      if (!isStorageKept) await Promise.resolve(storage.delete(key)).catch(() => {});
    },
  };
};

export type Draft = ReturnType<typeof createDraft>;
