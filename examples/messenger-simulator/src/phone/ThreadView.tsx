import { useEffect, useRef, useState } from 'preact/hooks';
import {
  getStarted,
  markRead,
  type PageView,
  pressButton,
  pressQuickReply,
  type ThreadView as Thread,
  writeImage,
  writeText,
} from './api.ts';
import { Bubble } from './Bubble.tsx';
import { Composer } from './Composer.tsx';
import type { Words } from './words.ts';

interface Props {
  thread: Thread;
  page: PageView;
  words: Words;
}

/** Tells the Page that its messages were seen, whenever they are on a visible screen. */
const useReading = ({ customer, messages }: Thread): void => {
  const unread = messages.some(({ from, state }) => from === 'page' && state !== 'read');
  useEffect(() => {
    if (!unread) return;
    const read = () => {
      if (document.visibilityState === 'visible') void markRead(customer.psid).catch(() => undefined);
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [unread, customer.psid, messages.length]);
};

/** Whether the Page's typing bubble shows; it ends by itself. */
const useTyping = ({ typingUntil, now }: Thread): boolean => {
  const left = typingUntil - now;
  const [typing, setTyping] = useState(left > 0);
  useEffect(() => {
    setTyping(left > 0);
    if (left <= 0) return;
    const timer = setTimeout(() => setTyping(false), left);
    return () => clearTimeout(timer);
  }, [left]);
  return typing;
};

/** What scrolls must be reachable by keyboard. */
const reachable = (scroller: HTMLElement | null): void => {
  if (scroller) scroller.tabIndex = 0;
};

/** The thread with the Page, as its owner sees it. */
export const ThreadView = ({ thread, page, words }: Props) => {
  const { psid } = thread.customer;
  const end = useRef<HTMLDivElement>(null);
  const typing = useTyping(thread);
  useReading(thread);
  useEffect(() => end.current?.scrollIntoView({ block: 'end' }), [thread.messages.length, typing]);
  return (
    <>
      <div ref={reachable} class="log" role="log" aria-label={words.messages}>
        <div class="intro">
          <span class="logo" aria-hidden="true">
            {page.name.slice(0, 1)}
          </span>
          <strong dir="auto">{page.name}</strong>
          <span>{words.intro}</span>
        </div>
        <Messages thread={thread} page={page} words={words} />
        {typing && <TypingBubble page={page} words={words} />}
        <Suggestions thread={thread} words={words} />
        <div ref={end} />
      </div>
      {!thread.started && thread.pendingRef !== null ? (
        <div class="composer">
          <button class="get-started" type="button" onClick={() => void getStarted(psid)}>
            {words.getStarted}
          </button>
        </div>
      ) : (
        <Composer
          key={psid}
          words={words}
          onText={(text) => writeText(psid, text)}
          onImage={(file) => writeImage(psid, file)}
        />
      )}
    </>
  );
};

const Messages = ({ thread, page, words }: Props) => {
  const { customer, messages } = thread;
  const lastMine = messages.findLast(({ from }) => from === 'customer');
  return (
    <ol>
      {messages.map((message) => (
        <Bubble
          key={message.mid}
          message={message}
          words={words}
          pageName={page.name}
          showState={message === lastMine}
          onPostback={(button) => void pressButton(customer.psid, message.mid, button)}
        />
      ))}
    </ol>
  );
};

const TypingBubble = ({ page, words }: Omit<Props, 'thread'>) => (
  <p class="typing" role="status">
    <span class="dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
    <span class="hidden">
      <bdi>{page.name}</bdi> {words.typing}
    </span>
  </p>
);

/** Quick replies under the last message; in a new thread, what the person came to say. */
const Suggestions = ({ thread, words }: Omit<Props, 'page'>) => {
  const { customer, messages, pendingRef } = thread;
  const last = messages.at(-1);
  const chips =
    last === undefined
      ? [{ title: words.complaint, press: () => writeText(customer.psid, words.complaint) }]
      : last.quickReplies.map(({ title }, index) => ({
          title,
          press: () => pressQuickReply(customer.psid, last.mid, index),
        }));
  if (chips.length === 0 || pendingRef !== null) return null;
  return (
    <div class="chips">
      {chips.map(({ title, press }) => (
        <button key={title} type="button" dir="auto" onClick={() => void press()}>
          {title}
        </button>
      ))}
    </div>
  );
};
