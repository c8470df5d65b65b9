import type { InboxConversation } from '@continuo/protocol';
import { useStore } from '@nanostores/preact';
import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { checkText, replyTarget } from '../state/composer-rules.ts';
import { hrefOf } from '../state/route.ts';
import type { Thread } from '../state/thread.ts';
import { useInbox, useText } from './context.ts';
import { Icon } from './Icon.tsx';
import { ReplyTargetLine } from './ReplyTargetLine.tsx';

interface ComposerProps {
  thread: Thread;
  view: InboxConversation;
}

function Counter({ left }: { left: number | null }) {
  const { t } = useText();
  return (
    <span class={left !== null && left < 0 ? 'counter over' : 'counter'} role="status">
      {left !== null &&
        (left < 0 ? t('charactersOver', { count: -left }) : t('charactersLeft', { count: left }))}
    </span>
  );
}

/** The text being written, kept in the tab until it is sent. */
const useDraft = ({ id, conversation }: Thread) => {
  const { drafts, $desk } = useInbox();
  // Another agent who signs in on this tab has drafts of their own.
  const key = `${$desk.get()?.agentId}.${id}`;
  const [text, setText] = useState(() => drafts.read(key));
  const write = (next: string) => {
    setText(next);
    drafts.write(key, next);
    if (next.trim()) conversation.typing();
  };
  return { text, write };
};

/** The other conversation, where this one was joined into it. */
const joinedInto = (thread: Thread): string | null => {
  const last = thread.conversation.$messages
    .get()
    .findLast((item) => 'event' in item && item.event.type === 'joined');
  if (!last || !('event' in last) || last.event.type !== 'joined') return null;
  return last.event.direction === 'into' ? last.event.conversationId : null;
};

export function Composer({ thread, view }: ComposerProps) {
  const { t } = useText();
  useStore(thread.conversation.$messages);
  const other = joinedInto(thread);
  if (other === null) return <ReplyForm thread={thread} view={view} />;
  return (
    <p class="composer closed">
      {t('conversationJoined')} <a href={hrefOf(other)}>{t('openOther')}</a>
    </p>
  );
}

/** Leaves the text for the messages, so that single-letter keys act again. */
const leaveText = (field: HTMLElement) => {
  const timeline = field.closest('section')?.querySelector<HTMLElement>('[data-timeline]');
  timeline?.focus();
};

/** What is being written, where it would go, and the sending of it. */
const useReply = (thread: Thread, view: InboxConversation) => {
  const now = useStore(useInbox().$now);
  const { text, write } = useDraft(thread);
  const target = replyTarget(view, now);
  const { canSend, left } = checkText(text);
  const isReady = canSend && target.kind !== 'closed';

  useEffect(() => {
    // A window closes at its own time, not at a signal.
    if (target.kind === 'closed') thread.refreshSoon();
  }, [target.kind, thread]);

  const send = () => {
    if (!isReady) return;
    thread.conversation.send(text);
    write('');
  };
  return { text, write, target, left, isReady, send };
};

type Reply = ReturnType<typeof useReply>;

function ReplyField({ reply, targetId }: { reply: Reply; targetId: string }) {
  const { t, dir } = useText();
  const { text, write, left, send } = reply;
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') leaveText(event.currentTarget);
    if (event.key !== 'Enter' || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    send();
  };
  return (
    <textarea
      rows={2}
      value={text}
      dir={text ? 'auto' : dir}
      placeholder={t('replyPlaceholder')}
      aria-label={t('reply')}
      aria-describedby={targetId}
      aria-invalid={left !== null && left < 0}
      aria-keyshortcuts="R"
      data-command="reply"
      onInput={(event) => write(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}

function ReplyForm({ thread, view }: ComposerProps) {
  const { t } = useText();
  const reply = useReply(thread, view);
  const targetId = useId();
  const { text, target, left, isReady, send } = reply;
  return (
    <form
      class={target.kind === 'closed' ? 'composer closed' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <ReplyTargetLine id={targetId} target={target} hasDraft={text.trim() !== ''} />
      <div class="composer-box">
        <ReplyField reply={reply} targetId={targetId} />
        <div class="composer-foot">
          <span class="hint">{t('sendHint')}</span>
          <Counter left={left} />
          <button type="submit" class="button primary" aria-disabled={!isReady}>
            {t('send')}
            <Icon name="send" />
          </button>
        </div>
      </div>
    </form>
  );
}
