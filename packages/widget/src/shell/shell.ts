import { createFrame, type Frame } from './frame.ts';
import { type ChatHost, createHost, keepInPage, leavePage } from './host.ts';
import { mayKeep, recall } from './memory.ts';
import { takeToken } from './take-token.ts';
import type { PanelHandle, PanelModule, WidgetOptions } from './types.ts';

/** The launcher and what loads the panel behind it. */
export interface Shell extends Frame {
  /** Begins: takes up a conversation token, or what was open in this tab, or a conversation that this device had. */
  start(token?: string): void;
  open(): void;
  close(): void;
  toggle(): void;
  /** @param tag - BCP 47; undefined follows the page again. */
  setLocale(tag: string | undefined): void;
  /** @param level - `functional`: what the page has is kept from now on. Else all that was kept is deleted. */
  consent(level: string | undefined): Promise<void>;
  /** Somebody logged in on the page: {@link WidgetOptions.identity}. */
  identify(identity: unknown): void;
  /** Somebody logged out on the page: forgets their session and everything that was kept for them on this device. */
  logout(): Promise<void>;
  /** {@link Shell.logout}, then {@link Shell.destroy}. */
  shutdown(): Promise<void>;
  /** Takes everything out of the page. */
  destroy(): void;
}

export interface ShellOptions {
  options: WidgetOptions;
  /** Loads the panel. @param failures - How often that failed so far. */
  load(failures: number): Promise<PanelModule>;
  /** An element of the page to draw into, which stays where it is. @default a new one under `<html>` */
  host?: ChatHost;
}

/** Fetches the panel's code once; a failure shows, and is forgotten, so that the next call tries again. */
const createFetch = (load: ShellOptions['load'], { name, emit }: Frame) => {
  let failures = 0;
  let fetching: Promise<PanelModule | undefined> | null = null;
  return () => {
    fetching ??= load(failures).catch((cause) => {
      failures++;
      fetching = null;
      name(true);
      emit('error', cause);
      return undefined;
    });
    return fetching;
  };
};

/** Puts the launcher into the page. */
const place = ({ button, host, toggle }: Shell, fetchPanel: () => unknown): void => {
  button.onclick = toggle;
  button.onpointerenter = button.onfocus = fetchPanel;
  if (!host.isConnected) keepInPage(host);
};

/** Draws the launcher. Nothing is requested before the customer shows intent or there is something to take up. */
export const createShell = ({ options, load, host = createHost() }: ShellOptions): Shell => {
  const frame = createFrame(host, options);
  const ended = new AbortController();
  const isPage = options.mode === 'page';
  const thrifty = navigator.connection?.saveData;
  const fetchPanel = createFetch(load, frame);
  let wanted: boolean, panel: PanelHandle | undefined, timer: ReturnType<typeof setTimeout>;
  const mounted = async () => {
    const module = await fetchPanel();
    if (!ended.signal.aborted) panel ??= module?.mountPanel({ shell });
  };
  const open = (focus: boolean) => {
    wanted = true;
    return mounted().then(() => wanted && panel?.open(focus));
  };
  const handoff = async (token?: string) => token && mounted().then(() => panel?.handoff(token));
  const shell: Shell = {
    ...frame,
    start(token) {
      if (token) handoff(token);
      else if (options.mode || recall(options, false)) open(isPage);
      else if (recall(options, true) && !thrifty) timer = setTimeout(mounted, 500);
    },
    open: () => open(true),
    close() {
      wanted = false;
      panel?.close();
    },
    toggle: () => (panel?.isOpen() ? shell.close() : shell.open()),
    setLocale(tag) {
      options.locale = tag;
      return panel ? panel.localise() : frame.name(false);
    },
    async consent(level) {
      const before = mayKeep(options);
      options.consent = level;
      if (before && !mayKeep(options)) await mounted();
      return panel ? panel.consent() : shell.start();
    },
    identify(identity) {
      options.identity = identity;
      panel?.identify();
    },
    async logout() {
      shell.identify(undefined);
      if (mayKeep(options)) await mounted();
      await panel?.logout();
    },
    shutdown: () => shell.logout().then(shell.destroy),
    destroy() {
      clearTimeout(timer);
      ended.abort();
      panel?.destroy();
      leavePage(host);
    },
  };
  addEventListener('hashchange', () => handoff(takeToken(isPage)), ended);
  place(shell, () => thrifty || fetchPanel());
  return shell;
};
