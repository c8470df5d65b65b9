import { useStore } from '@nanostores/preact';
import type { Translator } from '../i18n/translator.ts';
import type { ReplyTarget } from '../state/composer-rules.ts';
import { ChannelBadge, channelName } from './ChannelBadge.tsx';
import { useInbox, useText } from './context.ts';
import { Icon } from './Icon.tsx';

interface ReplyTargetLineProps {
  /** Describes the text field. */
  id: string;
  target: ReplyTarget;
  hasDraft: boolean;
}

const wordsOf = (text: Translator, target: Exclude<ReplyTarget, { kind: 'closed' }>): string => {
  const { t } = text;
  switch (target.kind) {
    case 'site':
      return t('replyGoesToSite');
    case 'siteLater':
      return t('replyWaitsOnSite');
    case 'siteThenChannel':
      return t('replyGoesToSiteThenChannel', { channel: channelName(text, target.channel) });
    case 'channel':
      return t('replyGoesToChannel', { channel: channelName(text, target.channel) });
  }
};

/** Says, before anything is sent, where a reply would go and how long that is possible. */
export function ReplyTargetLine({ id, target, hasDraft }: ReplyTargetLineProps) {
  const text = useText();
  const { t, ago, duration } = text;
  const now = useStore(useInbox().$now);
  if (target.kind === 'closed') {
    const channel = channelName(text, target.channel);
    return (
      <div class="target closed" id={id} role="status">
        <Icon name="warning" />
        <p>
          <strong>{t('windowClosed', { channel })}</strong>{' '}
          {target.since === null
            ? t('windowNeverOpen', { channel })
            : t('windowClosedSince', { channel, time: ago(target.since, now) })}{' '}
          {hasDraft && t('windowClosedKept')}
        </p>
      </div>
    );
  }
  const left = 'left' in target ? target.left : null;
  return (
    <div class="target" id={id}>
      <ChannelBadge kind={target.kind === 'channel' ? target.channel : 'web'} />
      <p>
        {wordsOf(text, target)}
        {left !== null && <> · {t('windowLeft', { time: duration(left) })}</>}
      </p>
    </div>
  );
}
