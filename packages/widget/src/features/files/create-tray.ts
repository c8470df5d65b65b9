import { FILES_PER_MESSAGE, fileProblem, uploadFile } from '@continuo/core/files';
import { atom } from 'nanostores';
import type { State } from '../../panel/create-state.ts';
import type { Attachment } from '../../view/model.ts';
import { keepFile } from './kept.ts';
import { isShrinkable, type Prepared, preparePicture } from './picture.ts';

/** A file of the next message. */
export interface Item {
  id: string;
  name: string;
  /** As it is sent; at first as it was given. */
  blob: Blob;
  /** `waiting`: for its turn. `offline`: for the network. */
  state: 'waiting' | 'preparing' | 'uploading' | 'offline' | 'ready' | 'failed';
  /** Bytes that the server has. */
  sent: number;
  attachment: Attachment | null;
  /** Of a recording. */
  durationMs?: number | undefined;
}

/** Why a file was not taken in. */
export interface Problem {
  name: string;
  reason: 'type' | 'size' | 'empty' | 'many';
}

/** What is known of a file besides its bytes. */
export interface Given {
  blob: Blob;
  name: string;
  durationMs?: number;
}

const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );

/** What has no ending gets the one that its type says. */
const nameOf = ({ name, type }: File): string => {
  const kind = /^(?:image|video|audio)\/(\w+)$/.exec(type)?.[1];
  return kind && !name.includes('.') ? `${name || 'file'}.${kind}` : name;
};

type Lives = Pick<State, 'client' | '$given' | '$ready'>;

/** The list, and what the composer is told of it. */
const createList = ($ready: Lives['$ready']) => {
  const $items = atom<readonly Item[]>([]);
  const cancels = new Map<string, AbortController>();
  const set = (items: readonly Item[]) => {
    $items.set(items);
    const ready = items.flatMap(({ state, attachment }) =>
      state === 'ready' && attachment ? [attachment] : [],
    );
    $ready.set(ready.length === items.length ? ready : null);
  };
  return {
    $items,
    find: (id: string) => $items.get().find((item) => item.id === id),
    push: (item: Item) => set([...$items.get(), item]),
    change: (id: string, next: Partial<Item>) =>
      set($items.get().map((item) => (item.id === id ? { ...item, ...next } : item))),
    /** Takes one out and cancels what is done for it. */
    remove: (id: string) => {
      cancels.get(id)?.abort();
      set($items.get().filter((item) => item.id !== id));
    },
    clear: () => {
      for (const cancel of cancels.values()) cancel.abort();
      cancels.clear();
      set([]);
    },
    /** What is done for one from now on ends with it. */
    begin: (id: string): AbortSignal => {
      const cancel = new AbortController();
      cancels.set(id, cancel);
      return cancel.signal;
    },
  };
};

/** Prepares and uploads one; false where it turned out too large. */
const createSend = (
  { client }: Pick<Lives, 'client'>,
  { begin, change }: Pick<ReturnType<typeof createList>, 'begin' | 'change'>,
  prepare: (blob: Blob, name: string) => Promise<Prepared>,
) => {
  return async ({ id, durationMs, ...item }: Item): Promise<boolean> => {
    const signal = begin(id);
    change(id, { state: 'preparing' });
    const prepared = await prepare(item.blob, item.name);
    if (signal.aborted) return true;
    const { blob, name } = prepared;
    if (fileProblem({ name, size: blob.size })) return false;
    change(id, { blob, name, state: 'uploading' });
    const file = { ...prepared, id, body: blob, ...(durationMs !== undefined && { durationMs }) };
    const attachment = await uploadFile(client, file, {
      signal,
      onProgress: ({ sent, isWaiting }) => change(id, { sent, state: isWaiting ? 'offline' : 'uploading' }),
    });
    keepFile(client, id, Promise.resolve(blob));
    change(id, { state: 'ready', attachment });
    return true;
  };
};

/** The files of the next message: taken in, prepared, uploaded one after another. */
export const createTray = (
  { client, $given, $ready }: Lives,
  prepare: (blob: Blob, name: string) => Promise<Prepared> = preparePicture,
) => {
  const list = createList($ready);
  const { $items, find, push, change, remove, clear } = list;
  const send = createSend({ client }, list, prepare);
  const $problems = atom<readonly Problem[]>([]);
  let turn: Promise<void> = Promise.resolve();

  const refuse = (problem: Problem) => $problems.set([...$problems.get(), problem]);
  const work = async (id: string) => {
    const item = find(id);
    if (item?.state !== 'waiting') return;
    try {
      if (await send(item)) return;
      refuse({ name: item.name, reason: 'size' });
      remove(id);
    } catch {
      change(id, { state: 'failed' });
    }
  };
  const enqueue = (id: string) => {
    turn = turn.then(() => work(id));
  };
  const add = ({ blob, name, durationMs }: Given) => {
    const problem = fileProblem({ name, size: blob.size });
    const reason = $items.get().length >= FILES_PER_MESSAGE ? 'many' : problem;
    // A picture that is too large will be made smaller.
    if (reason && !(reason === 'size' && isShrinkable(blob))) return refuse({ name, reason });
    const id = newId();
    push({ id, name, blob, durationMs, state: 'waiting', sent: 0, attachment: null });
    enqueue(id);
  };
  $given.subscribe((files) => {
    if (files?.length === 0) return;
    $problems.set([]);
    // Sent, or taken away.
    if (!files) return clear();
    $given.set([]);
    for (const file of files) add({ blob: file, name: nameOf(file) });
  });

  return {
    $items,
    $problems,
    add,
    remove,
    retry: (id: string) => {
      change(id, { state: 'waiting' });
      enqueue(id);
    },
  };
};

export type Tray = ReturnType<typeof createTray>;
