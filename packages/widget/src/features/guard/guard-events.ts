import type { Frame } from '../../shell/frame.ts';
import { isUnderModal } from './modals.ts';

/** What the widget listens to itself: it gets a copy that the page does not see. */
const COPIED = ['click', 'keydown', 'focusin', 'focusout'];
/** What only the page could listen to. */
const STOPPED =
  'pointerdown pointerup mousedown mouseup touchstart touchend touchmove wheel keyup keypress'.split(' ');

const copyOf = (event: Event): Event => {
  const { type, bubbles, cancelable } = event;
  if (event instanceof KeyboardEvent) {
    const { key, code, location, repeat, isComposing, keyCode } = event;
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    const pressed = { key, code, location, repeat, isComposing, keyCode };
    return new KeyboardEvent(type, { bubbles, cancelable, ...pressed, altKey, ctrlKey, metaKey, shiftKey });
  }
  if (event instanceof FocusEvent) {
    return new FocusEvent(type, { bubbles, relatedTarget: event.relatedTarget });
  }
  // No mouse event: of those that are clicks the browser would do a second time what follows.
  return new Event(type, { bubbles, cancelable });
};

const isTo = (host: Element, event: Event): boolean =>
  event instanceof FocusEvent && event.relatedTarget === host;

/**
 * As long as the page shows a modal, what happens in the widget reaches nothing of the page: no trap takes the focus back,
 * and no press counts as one beside the dialog. Returns how to stop.
 */
export const guardEvents = ({ host }: Pick<Frame, 'host'>): (() => void) => {
  const ended = new AbortController();
  const guard = (event: Event) => {
    const path = event.composedPath();
    const isIn = path.includes(host);
    if (!(isIn || isTo(host, event)) || !isUnderModal()) return;
    event.stopImmediatePropagation();
    if (!isIn || !COPIED.includes(event.type)) return;
    if (!path[0]?.dispatchEvent(copyOf(event))) event.preventDefault();
    // It closes the chat, not the dialog too.
    if (event instanceof KeyboardEvent && event.key === 'Escape') event.preventDefault();
  };
  for (const type of [...COPIED, ...STOPPED]) {
    addEventListener(type, guard, { capture: true, passive: type === 'wheel', signal: ended.signal });
  }
  return () => ended.abort();
};
