import { createTimer } from '../environment/timer.ts';

/** The protocol asks for a repetition every 3 s. */
const EVERY_MS = 3000;
/** Pauses shorter than this are part of writing. */
const PAUSE_MS = 5000;

/** Tells the server that someone is typing here: at most every 3 s, and once when it stopped. */
export const createTypingNotice = (send: (on: boolean) => void, now: () => number) => {
  let lastAt = 0;
  const timer = createTimer();

  /** Typing is over; `isTold`: the message itself says so. */
  const stop = (isTold?: boolean): void => {
    timer();
    if (lastAt && !isTold) send(false);
    lastAt = 0;
  };
  return {
    stop,
    type: (): void => {
      if (now() - lastAt >= EVERY_MS) {
        lastAt = now();
        send(true);
      }
      timer(stop, PAUSE_MS);
    },
  };
};
