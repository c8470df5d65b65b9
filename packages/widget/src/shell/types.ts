import type { Client, ClientOptions } from '@continuo/core';
import type { Shell } from './shell.ts';

/** How a widget is set up. The attributes of the script tag have the same names (`data-channel`, `data-locale`, …). */
export interface WidgetOptions {
  /** The public key of the web channel, `web_…`. */
  channel: string;
  /** Where the server's API lies, with a trailing slash: `https://chat.brand.example/`. */
  baseUrl: string;
  /** BCP 47 tag of the language to speak. @default the page's `lang`, then the browser's languages */
  locale?: string | undefined;
  /** `light` or `dark`. @default what `prefers-color-scheme` says */
  theme?: string | undefined;
  /** The brand's colour, any CSS colour that is opaque. The CSS variable `--continuo-accent` does the same. */
  accent?: string | undefined;
  /** `hidden` shows no launcher: open the chat with `open()`. @default 'shown' */
  launcher?: string | undefined;
  /**
   * `functional`, or `none`: nothing is stored and nothing requested before the customer opens the chat, which then lasts as
   * long as the page. What is neither counts as `none`.
   * @default 'functional'
   */
  consent?: string | undefined;
  /**
   * Who is logged in on the page: a token that the brand's backend has signed, or a function that fetches one. It is used when
   * the chat is first needed.
   */
  identity?: unknown;
  /**
   * What the chat fills, without a launcher, a close button and a dialog's ways: `inline` an element of the page, `page` a page
   * that is nothing but the chat, whose fragment may be a bare token.
   * @default none: it lies over the page
   */
  mode?: string | undefined;
}

/** What the page says by itself to whoever stays on it. */
export interface Greeting {
  /** The paths that it is meant for; `*` stands for anything: `/checkout*`. @default all */
  path?: string | undefined;
  /** @default 0 */
  afterSeconds?: number | undefined;
  text: string;
}

/** What a widget tells, by name, with what comes along. As DOM events on the element they are named `continuo:<name>`. */
export interface WidgetEvents {
  /** The panel was loaded, and the conversation, if there is one, is being read. */
  ready: undefined;
  open: undefined;
  close: undefined;
  /** How many messages wait unread. */
  unread: number;
  /** A message from the other side arrived. */
  message: { text: string; from: string | null };
  /** A message of the customer's is stored. This and what follows is told in one tab. */
  sent: undefined;
  /** A step on the way to or from another place: `offered`, `peeked`, `redeemed`, `declined`, `refused`. */
  handoff: { step: string };
  /** The customer said how it went: 1 (bad) to 5 (very good). */
  rated: { score: number };
  /** A call was asked for, cancelled or made: `requested`, `cancelled`, `done`. */
  callback: { step: string };
  /** The customer logged in at the brand. */
  identified: undefined;
  /** The panel could not be loaded. The launcher stays and tries again when pressed. */
  error: unknown;
}

/** What the panel is given to live in. */
export interface PanelContext {
  shell: Shell;
  /** Stands in for core's `createClient`, in tests. */
  createClient?: (options: ClientOptions) => Client;
}

/** The panel as the shell drives it. */
export interface PanelHandle {
  /** @param focus - Whether the focus moves into the panel; false when it opens by itself. */
  open(focus: boolean): void;
  close(): void;
  isOpen(): boolean;
  /** Asks what the conversation token leads to and shows the question. */
  handoff(token: string): void;
  /** The wanted language may have changed. */
  localise(): void;
  /** What may be kept has changed: in the options it stands already. */
  consent(): Promise<void>;
  /** Who is logged in on the page has changed: the shell's options tell. */
  identify(): Promise<void>;
  /** Ends the session on this device and forgets what was kept for it. */
  logout(): Promise<void>;
  destroy(): void;
}

/** The lazily loaded part. */
export interface PanelModule {
  mountPanel(context: PanelContext): PanelHandle;
}
