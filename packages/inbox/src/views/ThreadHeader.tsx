import type { InboxConversation, Me } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import type { RefObject } from 'preact';
import type { Desk } from '../state/desk.ts';
import { AssignMenu } from './AssignMenu.tsx';
import { Avatar } from './Avatar.tsx';
import { useInbox, useText } from './context.ts';
import { HandoffButton } from './Handoff.tsx';
import { Icon } from './Icon.tsx';

interface ThreadHeaderProps {
  desk: Desk;
  me: Me;
  view: InboxConversation;
  headingRef: RefObject<HTMLHeadingElement | null>;
  isContextOpen: boolean;
  onContext(): void;
}

function ResolveButton({ desk, view }: Pick<ThreadHeaderProps, 'desk' | 'view'>) {
  const { t } = useText();
  const busy = useStore(desk.actions.$busy);
  const { id, status } = view.summary;
  if (status === 'resolved') {
    return (
      <span class="tag done">
        <Icon name="check" />
        {t('resolved')}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="button"
      data-command="resolve"
      aria-keyshortcuts="E"
      title={t('resolve')}
      disabled={busy.has('resolve')}
      onClick={() => desk.actions.resolve(id)}
    >
      <Icon name="check" />
      <span class="button-text">{t('resolve')}</span>
    </button>
  );
}

export function ThreadHeader({ desk, me, view, headingRef, isContextOpen, onContext }: ThreadHeaderProps) {
  const { route } = useInbox();
  const { t } = useText();
  const { customer, presence } = view.summary;
  return (
    <header class="thread-header">
      <button type="button" class="icon-button narrow-only" aria-label={t('back')} onClick={route.close}>
        <Icon name="back" />
      </button>
      <span class="avatar-place">
        <Avatar id={customer.id} name={customer.name} pictureUrl={customer.pictureUrl} />
        {presence === 'web' && <span class="dot" />}
      </span>
      <div class="thread-names">
        <h2 ref={headingRef} class="words" dir="auto" tabIndex={-1}>
          {customer.name ?? t('unnamedCustomer')}
        </h2>
        <p>{t(presence === 'web' ? 'onTheSiteNow' : 'notOnTheSite')}</p>
      </div>
      <div class="thread-actions">
        <HandoffButton desk={desk} view={view} />
        <AssignMenu desk={desk} me={me} view={view} />
        <ResolveButton desk={desk} view={view} />
        <button
          type="button"
          class="icon-button context-toggle"
          aria-label={t('showCustomer')}
          aria-expanded={isContextOpen}
          aria-controls="context"
          data-command="context"
          onClick={onContext}
        >
          <Icon name="info" />
        </button>
      </div>
    </header>
  );
}
