import { plainText } from '@continuo/core/conversation';
import type { ConversationSummary } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import type { View } from '../api/inbox-api.ts';
import { hrefOf } from '../state/route.ts';
import { Avatar } from './Avatar.tsx';
import { ChannelBadge } from './ChannelBadge.tsx';
import { useInbox, useText } from './context.ts';
import { Icon } from './Icon.tsx';

interface ListRowProps {
  conversation: ConversationSummary;
  agentId: string;
  view: View;
  isOpen: boolean;
  isTyping: boolean;
}

/** The last words, which keep their own direction; whose they are stands before them. */
function Preview({ lastMessage }: Pick<ConversationSummary, 'lastMessage'>) {
  const { t } = useText();
  const words = lastMessage ? plainText(lastMessage.preview) || t('messageDeleted') : t('noMessagesYet');
  return (
    <span class="row-preview">
      {lastMessage?.from === 'agent' && <span class="row-ours">{t('ours')}</span>}
      <span class="words" dir="auto">
        {words}
      </span>
    </span>
  );
}

function Assignee({ conversation, agentId }: Pick<ListRowProps, 'conversation' | 'agentId'>) {
  const { t } = useText();
  const { assignee, assigneeAway } = conversation;
  if (assigneeAway) return <span class="tag due">{t('assigneeAway')}</span>;
  if (!assignee) return <span class="tag">{t('unassigned')}</span>;
  return <span class="tag">{assignee.id === agentId ? t('assignedToYou') : <bdi>{assignee.name}</bdi>}</span>;
}

function Waiting({ since, now }: { since: number; now: number }) {
  const { t, duration } = useText();
  const time = duration(now - since);
  return (
    <span class="waits" title={t('waitsSinceLabel', { time })}>
      <Icon name="clock" />
      <span aria-hidden="true">{time}</span>
      <span class="hidden">{t('waitsSinceLabel', { time })}</span>
    </span>
  );
}

/** A conversation in the list. It is a link, so that it opens by every means a link opens. */
export function ListRow({ conversation, agentId, view, isOpen, isTyping }: ListRowProps) {
  const { t, number, shortTime, fullTime } = useText();
  const now = useStore(useInbox().$now);
  const { customer, unread, waitingSince, presence, lastMessage } = conversation;
  const at = lastMessage?.at ?? conversation.updatedAt;
  return (
    <li>
      <a
        class={unread > 0 ? 'row unread' : 'row'}
        href={hrefOf(conversation.id)}
        aria-current={isOpen ? 'true' : undefined}
        data-row
      >
        <span class="avatar-place">
          <Avatar id={customer.id} name={customer.name} pictureUrl={customer.pictureUrl} />
          {presence === 'web' && (
            <span class="dot" title={t('onTheSiteNow')}>
              <span class="hidden">{t('onTheSiteNow')}</span>
            </span>
          )}
        </span>
        <span class="row-name words" dir="auto">
          {customer.name ?? t('unnamedCustomer')}
        </span>
        <time class="row-time" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
          {shortTime(at, now)}
        </time>
        {isTyping ? (
          <span class="row-preview is-typing">{t('typing')}</span>
        ) : (
          <Preview lastMessage={lastMessage} />
        )}
        {unread > 0 && (
          <span class="row-unread">
            <span aria-hidden="true">{number(unread)}</span>
            <span class="hidden">{t('unread', { count: unread })}</span>
          </span>
        )}
        <span class="row-facts">
          <ChannelBadge kind={conversation.channelKind} />
          {waitingSince !== null && conversation.status === 'open' && (
            <Waiting since={waitingSince} now={now} />
          )}
          {(view === 'all' || conversation.assigneeAway) && (
            <Assignee conversation={conversation} agentId={agentId} />
          )}
        </span>
      </a>
    </li>
  );
}
