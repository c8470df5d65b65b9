import { atom, type ReadableAtom } from 'nanostores';

/** What the two live regions hold now. */
export interface Said {
  polite: string;
  urgent: string;
}

/** Speaks to screen readers through live regions that are in the panel all the time. */
export interface Announcer {
  readonly $said: ReadableAtom<Said>;
  say(text: string, urgency?: keyof Said): void;
}

/** NVDA drops what coincides with a change of focus. */
const DELAY_MS = 250;

/** A no-break space more or less makes the same text news again. */
export const createAnnouncer = (): Announcer => {
  const $said = atom<Said>({ polite: '', urgent: '' });
  return {
    $said,
    say(text, urgency = 'polite') {
      setTimeout(() => {
        const before = $said.get();
        $said.set({ ...before, [urgency]: before[urgency] === text ? `${text}\u00a0` : text });
      }, DELAY_MS);
    },
  };
};
