import type { IdentityView, InboxConversation } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PlainKey } from '../i18n/catalogue.ts';
import { Avatar } from './Avatar.tsx';
import { ChannelBadge } from './ChannelBadge.tsx';
import { useInbox, useText } from './context.ts';
import { scoreKey } from './EventLine.tsx';
import { Icon } from './Icon.tsx';

interface ContextPaneProps {
  view: InboxConversation;
  /** Where it shares its place with the thread. */
  isOpen: boolean;
  onClose(): void;
}

const WINDOWS: Record<IdentityView['window']['state'], PlainKey> = {
  always: 'windowAlways',
  standard: 'windowStandard',
  human_agent: 'windowHumanAgent',
  closed: 'windowClosedState',
};

function Identity({ identity }: { identity: IdentityView }) {
  const { t, moment, ago } = useText();
  const now = useStore(useInbox().$now);
  const { channel, name, lastInboundAt, window } = identity;
  const isOver = window.until !== null && window.until <= now;
  const state = isOver ? 'closed' : window.state;
  return (
    <li class="identity">
      <ChannelBadge kind={channel.kind} name={channel.name} />
      <div>
        <p class="identity-name">
          <bdi>{channel.name}</bdi>
        </p>
        {name && (
          <p>
            <bdi>{name}</bdi>
          </p>
        )}
        <p class={`window ${state}`}>
          {t(WINDOWS[state])}
          {window.until !== null &&
            ` ${t(state === 'closed' ? 'since' : 'until', { time: moment(window.until, now) })}`}
        </p>
        <p>{lastInboundAt === null ? t('neverWrote') : t('lastWrote', { time: ago(lastInboundAt, now) })}</p>
      </div>
    </li>
  );
}

/** How the customer found the last case, and whether they asked to be erased. */
function Afterwards({ view }: { view: InboxConversation }) {
  const { t, moment } = useText();
  const now = useStore(useInbox().$now);
  return (
    <>
      {view.rating && (
        <>
          <dt>{t('rating')}</dt>
          <dd>
            {t(scoreKey(view.rating.score))}
            {view.rating.comment && (
              <>
                {' '}
                <q dir="auto">{view.rating.comment}</q>
              </>
            )}
          </dd>
        </>
      )}
      {view.eraseAt !== undefined && (
        <>
          <dt>{t('eraseAt')}</dt>
          <dd>{moment(view.eraseAt, now)}</dd>
        </>
      )}
    </>
  );
}

function Facts({ view }: { view: InboxConversation }) {
  const { t, language, moment } = useText();
  const now = useStore(useInbox().$now);
  const { customer, presence, assignee } = view.summary;
  return (
    <dl class="facts">
      <dt>{t('whereNow')}</dt>
      <dd>
        <span class={presence === 'web' ? 'dot' : 'dot off'} />
        {t(presence === 'web' ? 'onTheSite' : 'notOnTheSite')}
      </dd>
      {view.user && (
        <>
          <dt>{t('verifiedUser')}</dt>
          <dd>
            <bdi>{view.user.id}</bdi>
          </dd>
        </>
      )}
      {view.user?.email && (
        <>
          <dt>{t('userEmail')}</dt>
          <dd>
            <bdi>{view.user.email}</bdi>
          </dd>
        </>
      )}
      {customer.locale && (
        <>
          <dt>{t('speaks')}</dt>
          <dd>{language(customer.locale)}</dd>
        </>
      )}
      <dt>{t('assignee')}</dt>
      <dd>{assignee ? <bdi>{assignee.name}</bdi> : t('unassigned')}</dd>
      <dt>{t('caseNumber')}</dt>
      <dd>{view.case ? t('caseValue', { number: view.case.number }) : t('caseNone')}</dd>
      {view.case && (
        <>
          <dt>{t('caseSince')}</dt>
          <dd>{moment(view.case.openedAt, now)}</dd>
        </>
      )}
      <Afterwards view={view} />
    </dl>
  );
}

/** Who the customer is, where they can be reached, and where they are now. */
export function ContextPane({ view, isOpen, onClose }: ContextPaneProps) {
  const { t } = useText();
  const { customer } = view.summary;
  const closer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOpen) closer.current?.focus();
  }, [isOpen]);
  return (
    <section
      id="context"
      class={isOpen ? 'context-pane open' : 'context-pane'}
      aria-label={t('showCustomer')}
      onKeyDown={(event) => event.key === 'Escape' && isOpen && onClose()}
    >
      <button
        ref={closer}
        type="button"
        class="icon-button context-close"
        aria-label={t('close')}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
      <div class="person">
        <Avatar id={customer.id} name={customer.name} pictureUrl={customer.pictureUrl} size="large" />
        <h2>
          <bdi>{customer.name ?? t('unnamedCustomer')}</bdi>
        </h2>
      </div>
      <Facts view={view} />
      <h3>{t('channels')}</h3>
      <ul class="identities">
        {view.identities.map((identity) => (
          <Identity key={identity.id} identity={identity} />
        ))}
      </ul>
    </section>
  );
}
