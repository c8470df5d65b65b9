import type { ConversationHandle } from '@continuo/core/conversation';
import type { InboxConversation } from '@continuo/protocol';
import { errorText } from '../state/errors.ts';
import type { TimelineRow } from '../state/timeline.ts';
import { useText } from './context.ts';
import { Icon } from './Icon.tsx';
import { Paragraphs } from './Paragraphs.tsx';

interface PendingMessageProps {
  row: Extract<TimelineRow, { kind: 'pending' }>;
  conversation: ConversationHandle<InboxConversation>;
}

const WORDS = { waiting: 'pendingWaiting', sending: 'pendingSending' } as const;

/** A message that the server does not have yet. It stays until it has, or until the agent deletes it. */
export function PendingMessage({ row, conversation }: PendingMessageProps) {
  const { t, time } = useText();
  const { clientId, text, state, error, at } = row.pending;
  const isFailed = state === 'failed';
  return (
    <article
      class={`message ours pending${row.first ? ' first' : ''}${row.last ? ' last' : ''}`}
      aria-label={t('listSeparator', { first: t('you'), second: time(at) })}
    >
      <div class="bubble">
        <Paragraphs text={text} />
      </div>
      <div class="meta">
        <span
          class={isFailed ? 'fate amiss' : 'fate'}
          role={isFailed ? 'alert' : undefined}
          data-fate={state}
        >
          {isFailed && <Icon name="warning" />}
          <span>{isFailed ? t('pendingFailed', { why: t(errorText(error)) }) : t(WORDS[state])}</span>
          {isFailed && (
            <button type="button" class="link-button" onClick={() => conversation.retry(clientId)}>
              {t('retry')}
            </button>
          )}
          {state !== 'sending' && (
            <button type="button" class="link-button" onClick={() => conversation.discard(clientId)}>
              {t('discard')}
            </button>
          )}
        </span>
      </div>
    </article>
  );
}
