import type { InboxConversation } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import { useId } from 'preact/hooks';
import type { PlainKey } from '../i18n/catalogue.ts';
import type { Desk } from '../state/desk.ts';
import { useInbox, useText } from './context.ts';
import { Icon } from './Icon.tsx';

interface HandoffProps {
  desk: Desk;
  view: InboxConversation;
}

const REASONS: Record<NonNullable<InboxConversation['handoff']['reason']>, PlainKey> = {
  no_social_identity: 'handoffNoSocial',
  window_closed: 'handoffWindowClosed',
  rate_limited: 'handoffRateLimited',
};

/** Until when a link that was sent can be used; null when none can. */
const useLiveUntil = ({ handoff }: InboxConversation) => {
  const now = useStore(useInbox().$now);
  return handoff.liveUntil !== null && handoff.liveUntil > now ? handoff.liveUntil : null;
};

/** Sends a link into the social thread. Where it cannot, it stays in its place and says why. */
export function HandoffButton({ desk, view }: HandoffProps) {
  const { t } = useText();
  const busy = useStore(desk.actions.$busy);
  const reasonId = useId();
  const isLive = useLiveUntil(view) !== null;
  const { possible, reason } = view.handoff;
  const label = t(isLive ? 'sendNewLink' : 'continueOnSite');
  return (
    <span class="with-tip">
      <button
        type="button"
        class={isLive ? 'button' : 'button primary'}
        title={label}
        aria-disabled={!possible || busy.has('handoff')}
        aria-describedby={possible ? undefined : reasonId}
        onClick={() => possible && void desk.actions.offerHandoff(view.summary.id)}
      >
        <Icon name="link" />
        <span class="button-text">{label}</span>
      </button>
      {!possible && (
        <span id={reasonId} class="tip" role="tooltip">
          {t(reason ? REASONS[reason] : 'errorOther')}
        </span>
      )}
    </span>
  );
}

/** Tells of the link that is on its way to be used. */
export function HandoffStrip({ view }: HandoffProps) {
  const { t, moment } = useText();
  const now = useStore(useInbox().$now);
  const liveUntil = useLiveUntil(view);
  return (
    <div role="status">
      {liveUntil !== null && (
        <p class="strip">
          <Icon name="link" />
          {t('linkLiveUntil', { time: moment(liveUntil, now) })}
        </p>
      )}
    </div>
  );
}
