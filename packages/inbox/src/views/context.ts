import { useStore } from '@nanostores/preact';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Translator } from '../i18n/translator.ts';
import type { Inbox } from '../state/inbox.ts';

export const InboxContext = createContext<Inbox | null>(null);

/** The inbox that this view belongs to. */
export const useInbox = (): Inbox => {
  const inbox = useContext(InboxContext);
  if (!inbox) throw new Error('A view of the inbox stands outside of InboxContext');
  return inbox;
};

/** Texts, numbers and times in the agent's language. */
export const useText = (): Translator => useStore(useInbox().preferences.$translator);
