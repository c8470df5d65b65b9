import { useEffect, useRef, useState } from 'preact/hooks';
import type { TimelineItem } from '../view/model.ts';
import { type Row, reuseRows, toRows } from '../view/rows.ts';
import { AWAY_CHOICE, CALLBACK } from './features.ts';
import { Icon } from './Icon.tsx';
import { Later } from './Later.tsx';
import { Message } from './Message.tsx';
import { Note } from './Note.tsx';
import { Sentinel } from './Sentinel.tsx';
import { type Ui, type UiProps, useStore } from './ui.tsx';
import { useListWindow } from './use-list-window.ts';

/** A message counts as read once it was in view this long. */
const READ_MS = 1000;

const Line = ({ ui, row }: { ui: Ui; row: Row }) => {
  const { i18n, say } = ui;
  switch (row.kind) {
    case 'message':
      return <Message ui={ui} row={row} />;
    case 'note':
      return <Note ui={ui} event={row.event} />;
    case 'choice':
      return <Later quiet of={AWAY_CHOICE} props={{ ui, agent: row.agent }} />;
    case 'callback':
      return <Later quiet of={CALLBACK} props={{ ui, event: row.event }} />;
    case 'unread':
      return (
        <p class="divider" data-unread>
          {say('unreadHere')}
        </p>
      );
    case 'day':
      return (
        <p class="divider">
          <time dateTime={new Date(row.at).toISOString()}>{i18n.day(row.at, Date.now())}</time>
        </p>
      );
  }
};

/** Tells that everything was read, once it stood in view for a moment of a visible page. */
const useMarkRead = ({ client }: Ui, atEnd: boolean) => {
  const unread = useStore(client.$unread);
  useEffect(() => {
    if (!atEnd || unread === 0) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const start = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(client.markRead, READ_MS);
    };
    start();
    document.addEventListener('visibilitychange', start);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', start);
    };
  }, [client, atEnd, unread]);
};

const isTheirs = (item: TimelineItem): boolean =>
  item.seq !== null && item.event.type === 'message' && item.event.author.kind !== 'customer';

/** How many messages of the other side came since the end was last in view. */
const useMissed = (items: readonly TimelineItem[], atEnd: boolean): number => {
  const seen = useRef<string | undefined>(undefined);
  if (atEnd || seen.current === undefined) seen.current = items.at(-1)?.key;
  const from = items.findLastIndex(({ key }) => key === seen.current);
  return items.slice(from + 1).filter(isTheirs).length;
};

/** Where the divider of what is new stands: fixed when the list opens, so that it does not move while one reads. */
const useDivider = ({ client }: Ui): number | null => {
  const [after] = useState(() => {
    const { customerRead } = client.$positions.get();
    return client.$unread.get() > 0 && customerRead > 0 ? customerRead : null;
  });
  return after;
};

/** The lines of what is shown; those that look as before are the same objects as before. */
const useRows = (ui: Ui, items: readonly TimelineItem[]): readonly Row[] => {
  const positions = useStore(ui.client.$positions);
  const unreadAfter = useDivider(ui);
  const rows = useRef<readonly Row[]>([]);
  rows.current = reuseRows(rows.current, toRows({ items, positions, unreadAfter }));
  return rows.current;
};

/** A place that scrolls has to be reachable by keyboard (WCAG 2.2, 2.1.1). */
const SCROLLS = { tabIndex: 0 };

/** The conversation so far, the newest at the bottom. */
const MessageList = ({ ui, items }: { ui: Ui; items: readonly TimelineItem[] }) => {
  const { i18n, say } = ui;
  const list = useListWindow(ui, items);
  const rows = useRows(ui, list.shown);
  const missed = useMissed(items, list.atEnd);
  useMarkRead(ui, list.atEnd);
  const toNewest = () => {
    list.toNewest();
    list.log.current?.focus({ preventScroll: true });
  };
  return (
    <div class="list">
      {/* The scroller runs backwards, which keeps the newest in view and the page still when earlier ones come. */}
      <div
        class="log"
        part="log"
        role="log"
        aria-live="off"
        aria-busy={list.loading}
        aria-label={i18n.text('messages')}
        ref={list.log}
        {...SCROLLS}
      >
        <div class="lines">
          <Sentinel key={`from ${list.shown[0]?.key}`} onView={(isIn) => isIn && void list.showEarlier()} />
          {list.hasMore && (
            <button type="button" class="small earlier" onClick={list.showEarlier}>
              {say('earlier')}
            </button>
          )}
          {rows.map((row) => (
            <Line key={row.key} ui={ui} row={row} />
          ))}
          <Typing ui={ui} />
          <Sentinel key={`to ${list.shown.at(-1)?.key}`} onView={list.reachEnd} />
        </div>
      </div>
      {!list.atEnd && (
        <button
          type="button"
          class="pill"
          aria-label={missed ? undefined : i18n.text('latest')}
          onClick={toNewest}
        >
          {missed > 0 && say('newMessages', { n: missed })}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
};

/** Who is typing, when someone is. */
const Typing = ({ ui: { client, say } }: UiProps) => {
  const agent = useStore(client.$typing);
  if (!agent) return null;
  return (
    <p class="typing">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {say('typing', { agent: agent.name })}
    </p>
  );
};

export default MessageList;
