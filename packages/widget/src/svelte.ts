import { onMount } from 'svelte';
import type { HTMLAttributes as Attributes } from 'svelte/elements';
import { type Readable, readonly, toStore, writable } from 'svelte/store';
import { type CreateWidgetOptions, createWidget, type Widget } from './create-widget.ts';
import type { ContinuoChatAttributes, ContinuoChatElement } from './element.ts';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'continuo-chat': ContinuoChatAttributes &
      Omit<Attributes<ContinuoChatElement>, keyof ContinuoChatAttributes>;
  }
}

/** What {@link useContinuo} gives: stores, to be read as `$widget` and `$unread`. */
export interface Continuo {
  /** Null until the component is mounted, and on a server. */
  readonly widget: Readable<Widget | null>;
  /** How many messages wait unread. */
  readonly unread: Readable<number>;
}

/**
 * Puts the chat into the page for as long as the component lives. Another `channel` or `baseUrl` begins anew, another `locale`
 * changes the language. Another `identity` logs in, and none where there was one logs out: a function has to stay the same one
 * while the same user is logged in.
 *
 * @param options - Read again whenever something reactive in it changes.
 * @example
 * let { locale } = $props();
 * const { widget, unread } = useContinuo(() => ({ channel: 'web_abc', baseUrl: 'https://chat.brand.example/', locale }));
 */
export const useContinuo = (options: () => CreateWidgetOptions): Continuo => {
  const widget = writable<Widget | null>(null);
  const unread = writable(0);
  onMount(() => {
    let created: Widget | undefined;
    let told: CreateWidgetOptions['identity'];
    const end = () => {
      created?.destroy();
      widget.set(null);
      unread.set(0);
    };
    // A store of text tells only when it became another.
    const stops = [
      toStore(() => `${options().baseUrl} ${options().channel}`).subscribe(() => {
        end();
        told = options().identity;
        created = createWidget(options());
        created.on('unread', unread.set);
        widget.set(created);
      }),
      toStore(() => options().locale).subscribe((locale) => created?.setLocale(locale)),
      toStore(() => options().identity).subscribe((identity) => {
        if (identity === told) return;
        told = identity;
        if (identity) created?.identify(identity);
        else void created?.logout();
      }),
      end,
    ];
    return () => {
      for (const stop of stops) stop();
    };
  });
  return { widget: readonly(widget), unread: readonly(unread) };
};
