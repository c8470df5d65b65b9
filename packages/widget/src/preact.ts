import { useEffect, useRef, useState } from 'preact/hooks';
import { type CreateWidgetOptions, createWidget, type Widget } from './create-widget.ts';

/**
 * Puts the chat into the page for as long as the component lives; null until then, and on a server. Another `channel` or
 * `baseUrl` begins anew, another `locale` changes the language.
 */
export const useContinuo = (options: CreateWidgetOptions): Widget | null => {
  const { channel, baseUrl, locale } = options;
  const [widget, setWidget] = useState<Widget | null>(null);
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    let created: Widget | undefined;
    // In a task of its own: a tree that is mounted twice, as in a strict mode, takes the address's token only once.
    const timer = setTimeout(() => {
      created = createWidget({ ...latest.current, channel, baseUrl });
      setWidget(created);
    });
    return () => {
      clearTimeout(timer);
      setWidget(null);
      created?.destroy();
    };
  }, [channel, baseUrl]);
  useEffect(() => widget?.setLocale(locale), [widget, locale]);
  return widget;
};

/** {@link useContinuo} as a component that draws nothing where it stands. */
export const ContinuoChat = (options: CreateWidgetOptions): null => {
  useContinuo(options);
  return null;
};
