import type { Me } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Desk } from '../state/desk.ts';
import { unreadTotal } from '../state/list.ts';
import { Announcements } from './Announcements.tsx';
import { Banner } from './Banner.tsx';
import { useInbox, useText } from './context.ts';
import { focusedIn, rowsIn } from './focus.ts';
import { HelpDialog } from './HelpDialog.tsx';
import { Icon } from './Icon.tsx';
import { ListPane } from './ListPane.tsx';
import { ThreadPane } from './ThreadPane.tsx';
import { type Shortcut, useShortcuts } from './use-shortcuts.ts';

/** Moves the focus among the rows of the list, from the focused one or else from the open one. */
const moveInList = (root: HTMLElement, step: 1 | -1) => {
  const rows = rowsIn(root);
  const focused = focusedIn(rows);
  const from = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
  const next = from < 0 ? 0 : Math.min(Math.max(from + step, 0), rows.length - 1);
  rows[next]?.focus();
};

/** Does what the control marked with this command does. */
const command = (root: HTMLElement, name: string) => {
  const control = root.querySelector<HTMLElement>(`[data-command="${name}"]`);
  if (name === 'reply') control?.focus();
  else control?.click();
};

const useTitle = (unread: number) => {
  const { t, number } = useText();
  useEffect(() => {
    document.title = unread > 0 ? `(${number(unread)}) ${t('appName')}` : t('appName');
  }, [unread, t, number]);
};

/** The three panes: list, thread, customer. */
export function Workplace({ desk, me }: { desk: Desk; me: Me }) {
  const { route } = useInbox();
  const { t } = useText();
  const conversationId = useStore(route.$conversationId);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const root = useRef<HTMLElement>(null);
  useTitle(unreadTotal(useStore(desk.list.$list)));

  const act = useCallback((shortcut: Shortcut) => {
    if (shortcut === '?') return setHelpOpen(true);
    if (!root.current) return;
    if (shortcut === 'j') return moveInList(root.current, 1);
    if (shortcut === 'k') return moveInList(root.current, -1);
    command(root.current, { r: 'reply', e: 'resolve', a: 'assign' }[shortcut]);
  }, []);
  useShortcuts(act);

  return (
    <main class={conversationId ? 'workplace open' : 'workplace'} ref={root}>
      <h1 class="hidden">{t('appName')}</h1>
      {conversationId && (
        <button type="button" class="skip" onClick={() => document.getElementById('thread')?.focus()}>
          {t('skipToThread')}
        </button>
      )}
      <Banner desk={desk} />
      <ListPane desk={desk} me={me} openId={conversationId} onHelp={() => setHelpOpen(true)} />
      {conversationId ? (
        <ThreadPane key={conversationId} desk={desk} me={me} />
      ) : (
        <section class="thread-pane nothing" aria-label={t('chooseConversation')}>
          <Icon name="inbox" />
          <h2>{t('chooseConversation')}</h2>
          <p>{t('chooseConversationHint')}</p>
        </section>
      )}
      <HelpDialog isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      <Announcements announcer={desk.announcer} />
    </main>
  );
}
