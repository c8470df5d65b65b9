import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Keeps the line that is being read where it is on the screen while lines come and go around it. Browsers do that by
 * themselves in some of the cases, and not all of them.
 *
 * @param versions - One of them changes when the lines change; always as many.
 * @returns To be called before they do.
 */
export const useHeldView = (
  log: RefObject<HTMLElement | null>,
  versions: readonly unknown[],
): (() => void) => {
  const held = useRef<{ line: Element; top: number } | null>(null);
  useLayoutEffect(() => {
    const { line, top } = held.current ?? {};
    held.current = null;
    if (!log.current || !line?.isConnected) return;
    log.current.scrollTop += line.getBoundingClientRect().top - (top ?? 0);
  }, [log, ...versions]);
  return () => {
    const edge = log.current?.getBoundingClientRect().top ?? 0;
    for (const line of log.current?.querySelectorAll('article') ?? []) {
      const { top, bottom } = line.getBoundingClientRect();
      if (bottom > edge) {
        held.current = { line, top };
        return;
      }
    }
  };
};
