import { atom, type ReadableAtom } from 'nanostores';

/** What a screen reader is to say. A new `id` makes it say the same words again. */
export interface Announcement {
  id: number;
  said: { kind: 'message'; name: string | null; text: string } | { kind: 'many'; count: number };
}

export interface Announcer {
  $announcement: ReadableAtom<Announcement | null>;
  /** A customer wrote. */
  wrote(name: string | null, text: string): void;
  destroy(): void;
}

/** Some screen readers drop what coincides with a change of focus. */
const DELAY_MS = 250;
/** What arrives within this time after an announcement is counted, not read out. */
const BATCH_MS = 1000;

/** Says the first message at once and counts what follows within a second. */
export const createAnnouncer = (): Announcer => {
  const $announcement = atom<Announcement | null>(null);
  let id = 0;
  let waiting: { name: string | null; text: string }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const say = () => {
    const [first] = waiting;
    if (!first) {
      timer = undefined;
      return;
    }
    id += 1;
    const said =
      waiting.length === 1
        ? ({ kind: 'message', ...first } as const)
        : ({ kind: 'many', count: waiting.length } as const);
    $announcement.set({ id, said });
    waiting = [];
    timer = setTimeout(say, BATCH_MS);
  };

  return {
    $announcement,
    wrote(name, text) {
      waiting.push({ name, text });
      timer ??= setTimeout(say, DELAY_MS);
    },
    destroy: () => clearTimeout(timer),
  };
};
