import type { InboxConversation, Me } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import { useMemo } from 'preact/hooks';
import type { Desk } from '../state/desk.ts';
import type { Thread } from '../state/thread.ts';
import { arrangeTimeline, type TimelineRow } from '../state/timeline.ts';
import { CallbackLine } from './CallbackLine.tsx';
import { useInbox, useText } from './context.ts';
import { EventLine } from './EventLine.tsx';
import { Icon } from './Icon.tsx';
import { Message } from './Message.tsx';
import { PendingMessage } from './PendingMessage.tsx';
import { useScroller } from './use-scroller.ts';

interface TimelineProps {
  desk: Desk;
  me: Me;
  thread: Thread;
  view: InboxConversation;
}

/** What scrolls must be reachable by keyboard (WCAG 2.2, 2.1.1). */
const KEYBOARD = { tabIndex: 0 };

function Row({ row, desk, me, thread }: Omit<TimelineProps, 'view'> & { row: TimelineRow }) {
  const { day } = useText();
  const now = useStore(useInbox().$now);
  switch (row.kind) {
    case 'day':
      return (
        <p class="day">
          <time dateTime={new Date(row.at).toISOString()}>{day(row.at, now)}</time>
        </p>
      );
    case 'event':
      if (row.event.type === 'callback.requested')
        return <CallbackLine event={row.event} desk={desk} thread={thread} />;
      return <EventLine event={row.event} agentId={me.agent.id} />;
    case 'message':
      return <Message row={row} desk={desk} thread={thread} agentId={me.agent.id} />;
    case 'pending':
      return <PendingMessage row={row} conversation={thread.conversation} />;
  }
}

function CustomerTyping({ thread, view }: Pick<TimelineProps, 'thread' | 'view'>) {
  const typing = useStore(thread.conversation.$typing);
  const { t } = useText();
  const name = view.summary.customer.name ?? t('unnamedCustomer');
  return (
    <div class="typing-place" role="status">
      {typing?.from === 'customer' && (
        <p class="typing">
          <span class="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {t('isTyping', { name })}
        </p>
      )}
    </div>
  );
}

/** Everything that was said and done, the newest at the end. */
export function Timeline({ desk, me, thread, view }: TimelineProps) {
  const { t } = useText();
  const { conversation } = thread;
  const items = useStore(conversation.$messages);
  const hasEarlier = useStore(conversation.$hasEarlier);
  const rows = useMemo(() => arrangeTimeline(items), [items]);
  const scroller = useScroller(conversation);

  return (
    <div class="timeline-place">
      <div
        class="timeline"
        ref={scroller.ref}
        role="log"
        aria-label={t('messages')}
        aria-live="off"
        aria-busy={scroller.isLoading}
        {...KEYBOARD}
        data-timeline
        onScroll={scroller.onScroll}
      >
        <div class="timeline-inner">
          {hasEarlier ? (
            <button
              type="button"
              class="button small earlier"
              disabled={scroller.isLoading}
              onClick={scroller.loadEarlier}
            >
              {t(scroller.isLoading ? 'loadingEarlier' : 'loadEarlier')}
            </button>
          ) : (
            <p class="beginning">{t('beginning')}</p>
          )}
          {rows.map((row) => (
            <Row key={row.key} row={row} desk={desk} me={me} thread={thread} />
          ))}
          <CustomerTyping thread={thread} view={view} />
        </div>
      </div>
      {!scroller.isAtEnd && (
        <button type="button" class="button to-latest" onClick={scroller.toEnd}>
          <Icon name="down" />
          {scroller.news > 0 ? t('newMessages', { count: scroller.news }) : t('toLatest')}
        </button>
      )}
    </div>
  );
}
