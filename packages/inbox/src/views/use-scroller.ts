import type { ConversationHandle } from '@continuo/core/conversation';
import type { InboxConversation } from '@continuo/protocol';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useInbox } from './context.ts';

/** Closer than this to the end (CSS pixels) counts as at the end. */
const NEAR = 60;
/** Closer than this to the beginning, earlier messages are fetched. */
const AHEAD = 300;

/**
 * The scrolling of a `column-reverse` box: `scrollTop` is 0 at the end and negative above it, and the browser stays at
 * the end by itself. Says what was seen, and counts what arrives out of sight.
 */
export const useScroller = (conversation: ConversationHandle<InboxConversation>) => {
  const { notices } = useInbox();
  const ref = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [news, setNews] = useState(0);
  const [isLoading, setLoading] = useState(false);
  const atEnd = useRef(true);

  const look = useCallback(() => {
    if (atEnd.current) conversation.markRead();
  }, [conversation]);

  useEffect(() => {
    const stops = [
      conversation.on('message', () => {
        if (!atEnd.current) setNews((count) => count + 1);
      }),
      conversation.$messages.subscribe((items) => {
        if ('pending' in (items.at(-1) ?? {})) ref.current?.scrollTo({ top: 0 });
        look();
      }),
    ];
    document.addEventListener('visibilitychange', look);
    return () => {
      for (const stop of stops) stop();
      document.removeEventListener('visibilitychange', look);
    };
  }, [conversation, look]);

  const loadEarlier = useCallback(async () => {
    setLoading(true);
    try {
      await conversation.loadEarlier();
    } catch (cause) {
      notices.failed(cause);
    } finally {
      setLoading(false);
    }
  }, [conversation, notices]);

  const onScroll = () => {
    const box = ref.current;
    if (!box) return;
    const isNear = -box.scrollTop < NEAR;
    if (isNear !== atEnd.current) {
      atEnd.current = isNear;
      setAtEnd(isNear);
      if (isNear) setNews(0);
      look();
    }
    const above = box.scrollHeight - box.clientHeight + box.scrollTop;
    if (above < AHEAD && !isLoading && conversation.$hasEarlier.get()) void loadEarlier();
  };

  return {
    ref,
    isAtEnd,
    news,
    isLoading,
    loadEarlier,
    onScroll,
    toEnd: () => ref.current?.scrollTo({ top: 0 }),
  };
};
