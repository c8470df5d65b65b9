import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Customer, Thread } from './types.ts';
import type { PendingWebhook } from './webhook-sender.ts';

/** A picture that a customer sent. */
export interface Upload {
  contentType: string;
  base64: string;
}

/** Everything that outlives a restart. */
export interface State {
  version: 1;
  customers: Record<string, Customer>;
  threads: Record<string, Thread>;
  uploads: Record<string, Upload>;
  pendingWebhooks: PendingWebhook[];
  clockOffsetMs: number;
}

export const emptyState = (): State => ({
  version: 1,
  customers: {},
  threads: {},
  uploads: {},
  pendingWebhooks: [],
  clockOffsetMs: 0,
});

const isState = (value: unknown): value is State =>
  typeof value === 'object' && value !== null && 'version' in value && value.version === 1;

const SAVE_AFTER_MS = 200;

/** Keeps the state in one JSON file, written shortly after a change and replaced whole. Null: keeps nothing. */
export const createStateFile = (path: string | null) => {
  let timer: NodeJS.Timeout | null = null;
  let read: (() => State) | null = null;

  const write = (): void => {
    timer = null;
    if (path === null || read === null) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(read()));
    renameSync(`${path}.new`, path);
  };

  return {
    /** @throws Error when the file exists and is not a simulator's state */
    load(): State {
      if (path === null) return emptyState();
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch {
        return emptyState();
      }
      const value: unknown = JSON.parse(text);
      if (!isState(value)) throw new Error(`${path} is not the state of a Messenger simulator; move it away`);
      return value;
    },
    /** Writes soon what `state` gives then. */
    changed(state: () => State): void {
      read = state;
      if (path !== null) timer ??= setTimeout(write, SAVE_AFTER_MS);
    },
    /** Writes now what is not written yet. */
    close(): void {
      if (timer === null) return;
      clearTimeout(timer);
      write();
    },
  };
};
