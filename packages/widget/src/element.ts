import { createWidget, type Widget } from './create-widget.ts';
import { type ChatHost, TAG } from './shell/host.ts';
import type { WidgetEvents } from './shell/types.ts';

type ChatEvents = { [Name in keyof WidgetEvents as `continuo:${Name}`]: CustomEvent<WidgetEvents[Name]> };

/** The element as scripts see it. Its attributes are `channel`, `base-url`, `locale`, `theme`, `accent`, `launcher`, `mode` and `consent`. */
export interface ContinuoChatElement extends ChatHost {
  /** The widget that it carries; null outside of a document. */
  readonly widget: Widget | null;
  addEventListener<Type extends keyof ChatEvents>(
    type: Type,
    listener: (this: ContinuoChatElement, event: ChatEvents[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** The attributes of `<continuo-chat>`, for templates. As in `@continuo/widget`'s options. */
export interface ContinuoChatAttributes {
  channel?: string | undefined;
  'base-url'?: string | undefined;
  locale?: string | undefined;
  theme?: 'light' | 'dark' | undefined;
  accent?: string | undefined;
  launcher?: 'shown' | 'hidden' | undefined;
  consent?: 'none' | 'functional' | undefined;
  id?: string | undefined;
  class?: string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'continuo-chat': ContinuoChatElement;
  }
}

const oneOf = <Word extends string>(value: string | null, words: readonly Word[]): Word | undefined =>
  words.find((word) => word === value);

/**
 * Registers `<continuo-chat channel="web_…" base-url="https://chat.brand.example/">`. Harmless on a server and when called
 * twice; importing `@continuo/widget/element` does it. Attributes are read when the element enters the page.
 */
export const defineElement = (): void => {
  if (typeof customElements === 'undefined' || customElements.get(TAG)) return;
  customElements.define(
    TAG,
    class extends HTMLElement implements ChatHost {
      declare onleave?: (() => void) | undefined;
      widget: Widget | null = null;

      connectedCallback() {
        const channel = this.getAttribute('channel');
        // Without a channel it belongs to the script tag or to a call of createWidget.
        if (this.widget || !channel) return;
        // Turbo leaves it alone where both pages have it.
        this.dataset.turboPermanent = '';
        this.widget = createWidget({
          channel,
          baseUrl: this.getAttribute('base-url') ?? '',
          locale: this.getAttribute('locale') ?? undefined,
          accent: this.getAttribute('accent') ?? undefined,
          theme: oneOf(this.getAttribute('theme'), ['light', 'dark']),
          launcher: oneOf(this.getAttribute('launcher'), ['shown', 'hidden']),
          mode: oneOf(this.getAttribute('mode'), ['inline']),
          // What is neither is no consent.
          ...(this.hasAttribute('consent') && {
            consent: oneOf(this.getAttribute('consent'), ['functional']) ?? 'none',
          }),
          element: this,
        });
        // Moved within the page, it stays; gone, it ends.
        this.onleave = () =>
          setTimeout(() => {
            if (this.isConnected) return;
            this.widget?.destroy();
            this.widget = null;
          });
      }
      disconnectedCallback() {
        this.onleave?.();
      }
    },
  );
};

defineElement();
