import type { HTMLAttributes } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type CreateWidgetOptions, createWidget, type Widget } from './create-widget.ts';
import type { ContinuoChatAttributes, ContinuoChatElement } from './element.ts';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'continuo-chat': ContinuoChatAttributes & HTMLAttributes<ContinuoChatElement>;
    }
  }
}

/**
 * Puts the chat into the page for as long as the component lives; null until then, and on a server. Another `channel` or
 * `baseUrl` begins anew, another `locale` changes the language. Another `identity` logs in, and none where there was one logs out:
 * a function has to stay the same one (`useCallback`) while the same user is logged in.
 */
export const useContinuo = (options: CreateWidgetOptions): Widget | null => {
  const { channel, baseUrl, locale, identity } = options;
  const [widget, setWidget] = useState<Widget | null>(null);
  const latest = useRef(options);
  latest.current = options;
  const told = useRef(identity);
  useEffect(() => {
    let created: Widget | undefined;
    // In a task of its own: a tree that is mounted twice, as in a strict mode, takes the address's token only once.
    const timer = setTimeout(() => {
      created = createWidget({ ...latest.current, channel, baseUrl });
      told.current = latest.current.identity;
      setWidget(created);
    });
    return () => {
      clearTimeout(timer);
      setWidget(null);
      created?.destroy();
    };
  }, [channel, baseUrl]);
  useEffect(() => widget?.setLocale(locale), [widget, locale]);
  useEffect(() => {
    if (!widget || told.current === identity) return;
    told.current = identity;
    if (identity) widget.identify(identity);
    else void widget.logout();
  }, [widget, identity]);
  return widget;
};

/** {@link useContinuo} as a component that draws nothing where it stands. */
export const ContinuoChat = (options: CreateWidgetOptions): null => {
  useContinuo(options);
  return null;
};
