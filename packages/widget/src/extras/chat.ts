import type { WidgetOptions } from '../shell/types.ts';

/** What the page's own launchers and greetings need of a chat. */
export interface Chat {
  /** Its channel, and whether anything may be kept. */
  options: WidgetOptions;
  open(): void;
  on(name: 'open' | 'close', callback: () => void): unknown;
  /** The element; null until it is there. */
  host(): HTMLElement | null;
}
