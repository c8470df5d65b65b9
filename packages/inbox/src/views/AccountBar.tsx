import type { Me } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import { LANGUAGES, type Locale } from '../i18n/translator.ts';
import type { Desk } from '../state/desk.ts';
import { Avatar } from './Avatar.tsx';
import { useInbox, useText } from './context.ts';
import { Icon } from './Icon.tsx';
import { Menu, type MenuItem } from './Menu.tsx';

interface AccountBarProps {
  desk: Desk;
  me: Me;
  onHelp(): void;
}

const LOCALES: readonly Locale[] = ['en', 'ar'];

/** Who works here, whether they take conversations, and what is theirs to set. */
export function AccountBar({ desk, me, onHelp }: AccountBarProps) {
  const { account, preferences } = useInbox();
  const { t, locale } = useText();
  const busy = useStore(desk.actions.$busy);
  const { agent, workspace } = me;
  const isOnline = agent.status === 'online';

  const setPresence = async () => {
    const status = isOnline ? 'away' : 'online';
    if (await desk.actions.setPresence(status)) account.changed({ ...agent, status });
  };
  const items: MenuItem[] = [
    ...LOCALES.map((one) => ({
      key: one,
      content: <span lang={one}>{LANGUAGES[one]}</span>,
      isChosen: one === locale,
      onSelect: () => preferences.setLocale(one),
    })),
    { key: 'help', content: t('keyboard'), onSelect: onHelp },
    { key: 'out', content: t('signOut'), onSelect: () => void account.signOut() },
  ];

  return (
    <header class="account-bar">
      <Avatar id={agent.id} name={agent.name} pictureUrl={agent.pictureUrl} />
      <div class="account-names">
        <p class="workspace-name words" dir="auto">
          {workspace.name}
        </p>
        <p class="words" dir="auto">
          {agent.name}
        </p>
      </div>
      <button
        type="button"
        class="presence"
        role="switch"
        aria-checked={isOnline}
        aria-label={t('presence')}
        title={t(isOnline ? 'goAway' : 'goOnline')}
        aria-disabled={busy.has('presence')}
        onClick={setPresence}
      >
        <span class={isOnline ? 'dot' : 'dot off'} />
        {t(isOnline ? 'online' : 'away')}
      </button>
      <Menu
        button={<Icon name="menu" />}
        label={t('account')}
        title={t('account')}
        className="icon-button"
        items={items}
      />
    </header>
  );
}
