import type { InboxConversation, Me } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Desk } from '../state/desk.ts';
import type { Thread } from '../state/thread.ts';
import { Composer } from './Composer.tsx';
import { ContextPane } from './ContextPane.tsx';
import { useInbox, useText } from './context.ts';
import { HandoffStrip } from './Handoff.tsx';
import { Icon } from './Icon.tsx';
import { ThreadHeader } from './ThreadHeader.tsx';
import { Timeline } from './Timeline.tsx';

interface OpenProps {
  desk: Desk;
  me: Me;
  thread: Thread;
  view: InboxConversation;
}

function OpenThread({ desk, me, thread, view }: OpenProps) {
  const { t } = useText();
  const [isContextOpen, setContextOpen] = useState(false);
  const pane = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const name = view.summary.customer.name ?? t('unnamedCustomer');

  // Where the list gives way to the thread, the focus goes along; beside the list it stays there.
  useEffect(() => {
    const focused = document.activeElement;
    if (focused === document.body || !focused?.checkVisibility()) heading.current?.focus();
  }, []);

  const closeContext = () => {
    setContextOpen(false);
    pane.current?.querySelector<HTMLElement>('[data-command="context"]')?.focus();
  };

  return (
    <>
      <section
        ref={pane}
        class={isContextOpen ? 'thread-pane covered' : 'thread-pane'}
        id="thread"
        tabIndex={-1}
        aria-label={t('conversationWith', { name })}
      >
        <ThreadHeader
          desk={desk}
          me={me}
          view={view}
          headingRef={heading}
          isContextOpen={isContextOpen}
          onContext={() => setContextOpen(!isContextOpen)}
        />
        <HandoffStrip desk={desk} view={view} />
        <Timeline desk={desk} me={me} thread={thread} view={view} />
        <Composer thread={thread} view={view} />
      </section>
      <ContextPane view={view} isOpen={isContextOpen} onClose={closeContext} />
    </>
  );
}

/** The open conversation, from the moment that it is asked for. */
export function ThreadPane({ desk, me }: { desk: Desk; me: Me }) {
  const thread = useStore(desk.$thread);
  return thread ? <ThreadPlace key={thread.id} desk={desk} me={me} thread={thread} /> : null;
}

function ThreadPlace({ desk, me, thread }: Omit<OpenProps, 'view'>) {
  const { route } = useInbox();
  const { t } = useText();
  const view = useStore(thread.conversation.$view);
  const isMissing = useStore(thread.$isMissing);
  if (view && !isMissing) return <OpenThread desk={desk} me={me} thread={thread} view={view} />;
  return (
    <section class="thread-pane nothing" id="thread" tabIndex={-1} aria-label={t('messages')}>
      {isMissing ? (
        <>
          <Icon name="warning" />
          <p role="alert">{t('conversationMissing')}</p>
        </>
      ) : (
        <p role="status">{t('loading')}</p>
      )}
      <button type="button" class={isMissing ? 'button' : 'button narrow-only'} onClick={route.close}>
        {t('back')}
      </button>
    </section>
  );
}
