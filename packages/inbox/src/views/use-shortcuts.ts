import { useStore } from '@nanostores/preact';
import { useEffect } from 'preact/hooks';
import { useInbox } from './context.ts';

export type Shortcut = 'j' | 'k' | 'r' | 'e' | 'a' | '?';

const LETTERS: readonly Shortcut[] = ['j', 'k', 'r', 'e', 'a', '?'];
/** Keys keep their own meaning in these. */
const TYPING_PLACES = 'input, textarea, select, dialog, [contenteditable], [role="menu"]';

/** The shortcut that a key stands for, also on a keyboard whose letters are not Latin. */
export const shortcutOf = ({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): Shortcut | null => {
  const isLatin = /^[a-z]$/i.test(key);
  const letter = isLatin ? key.toLowerCase() : key === '؟' ? '?' : key;
  const byPlace = isLatin ? undefined : LETTERS.find((one) => code === `Key${one.toUpperCase()}`);
  return LETTERS.find((one) => one === letter) ?? byPlace ?? null;
};

/** Calls `act` at each single-letter key, unless someone is writing or has turned them off. */
export const useShortcuts = (act: (shortcut: Shortcut) => void): void => {
  const isOn = useStore(useInbox().preferences.$shortcuts);
  useEffect(() => {
    if (!isOn) return;
    const hear = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping = target instanceof Element && target.closest(TYPING_PLACES);
      if (isTyping || event.defaultPrevented || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const shortcut = shortcutOf(event);
      if (!shortcut) return;
      event.preventDefault();
      act(shortcut);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [isOn, act]);
};
