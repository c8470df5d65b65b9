import type { Delivery } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import { useState } from 'preact/hooks';
import type { Translator } from '../i18n/translator.ts';
import type { Desk } from '../state/desk.ts';
import { type Fate, needsCare } from '../state/fate.ts';
import { channelName } from './ChannelBadge.tsx';
import { useText } from './context.ts';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';

interface DeliveryLineProps {
  fate: Fate;
  desk: Desk;
  conversationId: string;
}

/** Why a message was not delivered. A word that is not known here is explained in the server's words. */
const whyOf = (text: Translator, { channelKind, error }: Delivery): string => {
  const { t } = text;
  const channel = channelName(text, channelKind);
  switch (error?.code) {
    case 'window_closed':
      return t('whyWindowClosed', { channel });
    case 'blocked':
      return t('whyBlocked');
    case 'network':
      return t('whyNetwork', { channel });
    default:
      return error?.message ? t('whyRejected', { channel, detail: error.message }) : t('errorOther');
  }
};

const PLAIN = {
  stored: 'deliveryStored',
  siteReceived: 'deliveryWebReceived',
  siteRead: 'deliveryWeb',
} as const;
const ON_CHANNEL = {
  pending: 'deliveryPending',
  sending: 'deliverySending',
  sent: 'deliverySent',
  delivered: 'deliveryDelivered',
  read: 'deliveryRead',
  unknown: 'deliveryUnknown',
} as const;

const wordsOf = (text: Translator, fate: Fate): string => {
  const { t } = text;
  if (!('delivery' in fate)) return t(PLAIN[fate.kind]);
  if (fate.kind === 'held') return t('deliveryHeld');
  if (fate.kind === 'failed') return t('deliveryFailed', { why: whyOf(text, fate.delivery) });
  return t(ON_CHANNEL[fate.kind], { channel: channelName(text, fate.delivery.channelKind) });
};

function RetryButton({ fate, desk, conversationId }: DeliveryLineProps) {
  const text = useText();
  const { t } = text;
  const busy = useStore(desk.actions.$busy);
  const [isAsking, setAsking] = useState(false);
  if (!('delivery' in fate)) return null;
  const { id, channelKind } = fate.delivery;
  const isUnknown = fate.kind === 'unknown';
  const retry = () => {
    setAsking(false);
    void desk.actions.retryDelivery(conversationId, id);
  };
  return (
    <>
      <button
        type="button"
        class="link-button"
        disabled={busy.has('retry')}
        onClick={() => (isUnknown ? setAsking(true) : retry())}
      >
        {t(isUnknown ? 'sendAgain' : 'retry')}
      </button>
      {isUnknown && (
        <Dialog title={t('sendAgainTitle')} isOpen={isAsking} onClose={() => setAsking(false)}>
          <p>{t('sendAgainText', { channel: channelName(text, channelKind) })}</p>
          <div class="dialog-buttons">
            <button type="button" class="button" onClick={() => setAsking(false)}>
              {t('cancel')}
            </button>
            <button type="button" class="button primary" onClick={retry}>
              {t('sendAgain')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** What became of one of our messages, and what can be done where it went wrong. */
export function DeliveryLine({ fate, desk, conversationId }: DeliveryLineProps) {
  const text = useText();
  const isAmiss = needsCare(fate);
  return (
    <span class={isAmiss ? 'fate amiss' : 'fate'} data-fate={fate.kind}>
      {isAmiss && <Icon name="warning" />}
      <span>{wordsOf(text, fate)}</span>
      {isAmiss && <RetryButton fate={fate} desk={desk} conversationId={conversationId} />}
    </span>
  );
}
