/** Pages that nobody looks at have no frames. */
const LATEST_MS = 100;

const waiting = new Set<() => void>();

/** Does it in the next frame, once, however often it is asked for until then. */
export const inFrame = (act: () => void): void => {
  if (waiting.size === 0) {
    const go = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      const acts = [...waiting];
      waiting.clear();
      for (const each of acts) each();
    };
    const frame = requestAnimationFrame(go);
    const timer = setTimeout(go, LATEST_MS);
  }
  waiting.add(act);
};
