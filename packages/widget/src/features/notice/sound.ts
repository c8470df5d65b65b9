import { mayKeep, recall, remember } from '../../shell/memory.ts';
import type { WidgetOptions } from '../../shell/types.ts';

/** Two soft notes a fourth apart: frequency in Hz, and when they begin (s). */
const NOTES = [
  [659, 0],
  [880, 0.12],
] as const;
const LOUDNESS = 0.08;
const LENGTH_S = 0.35;
/** A tab where the message is seen takes the turn at once; the others wait this long for it. */
const LATER_MS = 200;
/** Longer than any tab takes to hear of a message: timers of hidden pages run once a second. */
const TURN_MS = 5000;

const mutedKey = (channel: string): string => `${channel}:muted`;

/** Where nothing may be kept: as long as the page lasts. */
const mutedHere = new Set<string>();

export const isMuted = (options: WidgetOptions): boolean =>
  mayKeep(options)
    ? recall(options, true, mutedKey(options.channel)) === '1'
    : mutedHere.has(options.channel);
export const setMuted = (options: WidgetOptions, isMuted: boolean): void => {
  mutedHere[isMuted ? 'add' : 'delete'](options.channel);
  remember(options, { lasting: true, value: isMuted ? '1' : '', key: mutedKey(options.channel) });
};

/** Plays it. Where the browser wants a gesture of the visitor's first, nothing is heard. */
export const ring = (): void => {
  if (typeof AudioContext === 'undefined' || navigator.userActivation?.hasBeenActive === false) return;
  const audio = new AudioContext();
  for (const [frequency, at] of NOTES) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    const begin = audio.currentTime + at;
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(LOUDNESS, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + LENGTH_S);
    note.connect(volume).connect(audio.destination);
    note.start(begin);
    note.stop(begin + LENGTH_S);
    note.onended = () => at > 0 && void audio.close().catch(() => {});
  }
};

/** As much of `navigator.locks` as is needed. */
interface Locks {
  request(
    name: string,
    options: { ifAvailable: boolean },
    hold: (lock: object | null) => unknown,
  ): Promise<unknown>;
}

interface Turn {
  /** The same in all tabs for the same message. */
  name: string;
  /** The message is seen here: nobody has to be called. */
  isSeen: boolean;
  locks: Locks | undefined;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether this tab is the one to ring: one of all tabs is, and none where the message is seen in one of them. */
export const takeTurn = async ({ name, isSeen, locks }: Turn): Promise<boolean> => {
  if (!locks) return !isSeen;
  if (!isSeen) await pause(LATER_MS);
  return new Promise((resolve) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null && !isSeen);
        return lock && pause(TURN_MS);
      })
      .catch(() => resolve(!isSeen));
  });
};
