import { useEffect } from 'preact/hooks';
import type { UiProps } from '../../panel/ui.tsx';
import type { Frame } from '../../shell/frame.ts';
import { guardEvents } from './guard-events.ts';
import { createTopmost, isUnderModal } from './modals.ts';
import { createPlace } from './place.ts';

/** What makes the widget useless when a page sets it. */
const HINDERING = ['inert', 'aria-hidden'];

/** Keeps the widget usable while the page shows a modal. Returns how to undo all of it. */
export const guard = (frame: Pick<Frame, 'host' | 'root'>): (() => void) => {
  const { host } = frame;
  const place = createPlace(frame);
  const topmost = createTopmost();
  const taken = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer = undefined;
    const dialog = topmost();
    if (dialog) place.into(dialog);
    else place.back();
    for (const name of HINDERING) {
      const value = host.getAttribute(name);
      if (value !== null && isUnderModal()) taken.set(name, value);
      host.removeAttribute(name);
    }
  };
  // In a task of its own, so that two scripts at odds never freeze the page.
  const seen = new MutationObserver(() => {
    timer ??= setTimeout(look);
  });
  seen.observe(document.documentElement, { subtree: true, attributeFilter: ['open', ...HINDERING] });
  const free = guardEvents(frame);
  look();
  return () => {
    clearTimeout(timer);
    seen.disconnect();
    free();
    place.back();
    // Who set it takes it away when the modal closes.
    if (isUnderModal()) for (const [name, value] of taken) host.setAttribute(name, value);
  };
};

/** Draws nothing. */
const Guard = ({ ui: { shell } }: UiProps) => {
  useEffect(() => guard(shell), [shell]);
  return null;
};

export default Guard;
