import type { Frame } from '../../shell/frame.ts';

/** Where the widget stands: in its own place, or in a dialog of the page. */
export interface Place {
  into(dialog: Element): void;
  back(): void;
}

/** Moves with everything kept, where the browser can. */
const move = (host: Element, parent: Element, before: Element | null): void => {
  if (host.isConnected && 'moveBefore' in parent) parent.moveBefore(host, before);
  else parent.insertBefore(host, before);
};

/** Knows what has the focus and how far is scrolled in the widget, also when the dialog that it stands in is taken away. */
const createMemory = ({ root, host }: Pick<Frame, 'root' | 'host'>) => {
  const scrolled = new Map<Element, number>();
  for (const each of root.querySelectorAll('*')) if (each.scrollTop) scrolled.set(each, each.scrollTop);
  let active = root.activeElement;
  const ended = new AbortController();
  const listen = (type: string, listener: (target: Element) => void) =>
    root.addEventListener(
      type,
      ({ target }) => target instanceof Element && host.isConnected && listener(target),
      { capture: true, signal: ended.signal },
    );
  listen('scroll', (target) => scrolled.set(target, target.scrollTop));
  listen('focusin', (target) => {
    active = target;
  });
  listen('focusout', () => {
    // A dialog that closes gives the focus to where it was before it opened, and one that is taken away loses it first.
    if (!host.parentElement?.matches('dialog:modal')) return;
    setTimeout(() => {
      active = root.activeElement;
    });
  });
  return {
    restore() {
      for (const [each, top] of scrolled) each.scrollTop = top;
      if (active instanceof HTMLElement && active !== root.activeElement)
        active.focus({ preventScroll: true });
    },
    stop: () => ended.abort(),
  };
};

export const createPlace = ({ root, host }: Pick<Frame, 'root' | 'host'>): Place => {
  let away: { back(): void; restore(): void } | undefined;

  const leaveHome = () => {
    const { parentElement, nextElementSibling, onleave } = host;
    const memory = createMemory({ root, host });
    host.onleave = () => {
      // Gone with the dialog: at once, or what is in it would be drawn anew.
      if (!host.isConnected) away?.back();
      onleave?.();
    };
    return {
      back() {
        away = undefined;
        host.onleave = onleave;
        const home = parentElement?.isConnected ? parentElement : document.documentElement;
        const before = nextElementSibling?.parentElement === home ? nextElementSibling : null;
        host.popover = null;
        move(host, home, before);
        memory.restore();
        memory.stop();
      },
      restore: memory.restore,
    };
  };
  return {
    into(dialog) {
      if (dialog.contains(host)) return;
      away ??= leaveHome();
      host.popover = null;
      move(host, dialog, null);
      // In the top layer, no style of the dialog moves or cuts it.
      host.popover = 'manual';
      host.showPopover();
      away.restore();
    },
    back: () => away?.back(),
  };
};
