/** One timer: runs `run` after `ms`, instead of what it was set to before. Without `run` it is only cleared. */
export type Timer = (run?: () => void, ms?: number) => void;

export const createTimer = (): Timer => {
  let handle: ReturnType<typeof setTimeout> | undefined;
  return (run, ms) => {
    clearTimeout(handle);
    handle = run && setTimeout(run, ms);
  };
};
