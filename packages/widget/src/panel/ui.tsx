import type { ReadableAtom } from 'nanostores';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { TextKey, Values } from '../i18n/catalogue.ts';
import type { I18n } from '../i18n/translate.ts';
import type { State } from './create-state.ts';
import { inFrame } from './in-frame.ts';

/** What every component is given. */
export interface Ui extends Omit<State, '$open' | '$i18n'> {
  i18n: I18n;
  /** A text of the catalogue to show; each name and number in it is isolated, so that directions do not mix. */
  say<Key extends TextKey>(key: Key, ...values: Values<Key>): VNode;
}

/** The props of a component that needs nothing else. */
export interface UiProps {
  ui: Ui;
}

/** Keyed by the text's name: a page translator swaps text nodes, and a changed text has to show all the same. */
export const createSay =
  (i18n: I18n): Ui['say'] =>
  (key, ...values) => (
    <span key={key}>
      {i18n
        .parts(key, ...values)
        .map((part) => (typeof part === 'string' ? part : <bdi key={part.slot}>{part.value}</bdi>))}
    </span>
  );

/**
 * A store's value; drawn anew when it changes, once a frame at most. `now`: before the next event is handled, which is for what
 * people write.
 */
export const useStore = <Value,>(store: ReadableAtom<Value>, now?: 'now'): Value => {
  const [, draw] = useState(() => store.get());
  useEffect(() => {
    const look = () => draw(() => store.get());
    // It may have changed since it was drawn.
    look();
    return store.listen(now ? look : () => inFrame(look));
  }, [store, now]);
  return store.get();
};
