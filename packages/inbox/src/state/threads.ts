import { atom, type ReadableAtom } from 'nanostores';
import type { Thread } from './thread.ts';

export interface Threads {
  $thread: ReadableAtom<Thread | null>;
  /** Opens a conversation in the place of the one that was open. */
  show(id: string | null): void;
  destroy(): void;
}

const isOnItsWay = ({ conversation }: Thread) =>
  conversation.$messages.get().some((item) => 'pending' in item && item.pending.state !== 'failed');

/** Holds the open thread. One that is left with messages still on their way stays until they are sent. */
export const createThreads = (open: (id: string) => Thread): Threads => {
  const $thread = atom<Thread | null>(null);
  /** Those left, and how to stop watching them. */
  const leaving = new Map<Thread, () => void>();

  const leave = (thread: Thread) => {
    thread.conversation.setVisible(false);
    if (!isOnItsWay(thread)) return thread.destroy();
    const stop = thread.conversation.$messages.listen(() => {
      if (isOnItsWay(thread)) return;
      stop();
      leaving.delete(thread);
      thread.destroy();
    });
    leaving.set(thread, stop);
  };

  const returnTo = (id: string): Thread | null => {
    for (const [thread, stop] of leaving) {
      if (thread.id !== id) continue;
      stop();
      leaving.delete(thread);
      thread.conversation.setVisible(true);
      return thread;
    }
    return null;
  };

  return {
    $thread,
    show(id) {
      const before = $thread.get();
      if ((before?.id ?? null) === id) return;
      $thread.set(id === null ? null : (returnTo(id) ?? open(id)));
      if (before) leave(before);
    },
    destroy() {
      for (const [thread, stop] of leaving) {
        stop();
        thread.destroy();
      }
      leaving.clear();
      $thread.get()?.destroy();
      $thread.set(null);
    },
  };
};
